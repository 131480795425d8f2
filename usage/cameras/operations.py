"""Change which organization uses a camera, and on which tariff.

Each operation first locks the cameras in order of their ids, as an import does, and then the
organization and the tariff of the new use. This prevents the tariff from being removed or archived
before the change is committed. Everything that a decision depends on is read after its lock.

The past is kept: one use ends and another begins at the same instant. Instants are whole seconds
and never lie in the future.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import ClassVar

import psycopg
from django.db import IntegrityError, OperationalError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.bulk import forget_plans
from foundation.web.local_times import shown_instant
from organizations.models import Organization
from tariffs.models import Tariff
from usage.cameras.followers import Change, tell
from usage.models import Camera, UsageInterval

# Changing this many cameras takes some seconds, during which other changes wait for the locks.
MOST_AT_ONCE = 5_000


class UsageRefusal(Exception):
    """The change was refused: `field` is the field to correct, and the text says why."""

    field: ClassVar[str | None] = None


class InFuture(UsageRefusal):
    """The instant lies in the future."""

    field = "at"

    def __str__(self) -> str:
        return _("This time is in the future. Choose Now or an earlier time.")


class NotInFuture(UsageRefusal):
    """The instant of a planned change is not in the future."""

    field = "at"

    def __str__(self) -> str:
        return _("This time is not in the future. Choose a later time, or Now.")


class TariffNotAvailable(UsageRefusal):
    """The tariff is archived, deleted, or not one of the organization's."""

    field = "tariff"

    def __str__(self) -> str:
        return _(
            "This tariff plan has been archived or removed from the organization. Choose another."
        )


class OrganizationClosed(UsageRefusal):
    """The organization is closed, or will be before the use would begin."""

    def __init__(self, organization: Organization) -> None:
        super().__init__(organization)
        self.organization = organization

    def __str__(self) -> str:
        return _("“%(title)s” is closed after %(date)s. No usage can begin after that.") % {
            "title": self.organization.title,
            "date": date_format(self.organization.closed_on or ""),
        }


class WrongOrganization(UsageRefusal):
    """Some of the uses do not belong to the organization."""

    def __str__(self) -> str:
        return _(
            "Some of these cameras do not belong to this organization. Select the cameras again."
        )


class OverlappingUse(UsageRefusal):
    """The database refused the use: it overlaps one written without these operations' locks."""

    def __str__(self) -> str:
        return _(
            "Another change has just put a camera in use at that time. Nothing was "
            "changed. Check the cameras and try again."
        )


class CameraRefusal(UsageRefusal):
    """One camera cannot be changed: `use` is the use that prevents it, if any."""

    def __init__(self, camera: Camera, use: UsageInterval | None) -> None:
        super().__init__(camera, use)
        self.camera = camera
        self.use = use

    @property
    def _names(self) -> dict[str, str]:
        """The names and times that the texts mention."""
        names = {"camera": self.camera.name}
        if self.use is not None:
            zone = self.use.organization.zone_at(self.use.started_at)
            names |= {
                "organization": self.use.organization.title,
                "tariff": self.use.tariff.name,
                "start": shown_instant(self.use.started_at, zone),
                "end": shown_instant(self.use.ended_at, zone) if self.use.ended_at else "",
                "zone": str(zone),
            }
        return names


class CameraChanged(CameraRefusal):
    """The camera is no longer in the use that the person was shown; `use` is its current use."""

    def __str__(self) -> str:
        if self.use is None:
            text = _("Someone has disconnected “%(camera)s”. It is no longer in use.")
        else:
            text = _(
                "Someone has changed “%(camera)s”. It has been in use by "
                "“%(organization)s” on “%(tariff)s” since %(start)s (%(zone)s)."
            )
        return text % self._names


class NotAfterStart(CameraRefusal):
    """The instant is not after the start of the use to end."""

    field = "at"

    def __str__(self) -> str:
        return (
            _(
                "“%(camera)s” has been on “%(tariff)s” since %(start)s (%(zone)s). "
                "Choose a later time: earlier usage cannot be changed."
            )
            % self._names
        )


class HasTariff(CameraRefusal):
    """The camera is already on that tariff."""

    field = "tariff"

    def __str__(self) -> str:
        return _("“%(camera)s” is already on “%(tariff)s”.") % self._names


class AlreadyThere(CameraRefusal):
    """The camera is already in use by that organization."""

    field = "organization"

    def __str__(self) -> str:
        return _("“%(camera)s” is already in use by “%(organization)s”.") % self._names


class InUse(CameraRefusal):
    """The camera to connect is in use."""

    field = "name"

    def __str__(self) -> str:
        return (
            _(
                "“%(camera)s” is already in use by “%(organization)s” on "
                "“%(tariff)s”, since %(start)s (%(zone)s)."
            )
            % self._names
        )


class UsedLater(CameraRefusal):
    """The camera to connect was in use until after that instant."""

    field = "at"

    def __str__(self) -> str:
        return (
            _(
                "“%(camera)s” was in use by “%(organization)s” until %(end)s "
                "(%(zone)s). Choose that time or a later one."
            )
            % self._names
        )


class SomeRefused(UsageRefusal):
    """Some of several cameras cannot be changed, so none was changed."""

    def __init__(self, refusals: Sequence[CameraRefusal]) -> None:
        super().__init__(refusals)
        self.refusals = refusals

    def __str__(self) -> str:
        number = len(self.refusals)
        return ngettext(
            "Nothing was changed: %(number)s camera has a problem.",
            "Nothing was changed: %(number)s cameras have problems.",
            number,
        ) % {"number": number}


@transaction.atomic
def connect(
    *,
    organization_id: int,
    name: str,
    title: str,
    tariff_id: int,
    at: datetime,
    now: datetime,
    within_seconds: int | None = None,
) -> Camera:
    """Connect a camera to an organization from `at` on; create the camera if its name is new.

    An existing camera keeps its title if `title` is empty. `within_seconds` says how `at` is known,
    as `UsageInterval.started_within_seconds` does.

    Raises:
        Organization.DoesNotExist: the organization does not exist.
        InFuture: `at` is after `now`.
        OrganizationClosed: the organization is closed.
        TariffNotAvailable: the tariff is not available to the organization.
        InUse, UsedLater: the camera is in use, or was in use after `at`.
        OverlappingUse: the database refuses the use despite these checks.
    """
    _require_past(at, now)
    camera, is_new = Camera.objects.select_for_update().get_or_create(
        name=name, defaults={"title": title, "organization_id": organization_id}
    )
    lock_available(organization_id, tariff_id, at, now)
    if not is_new:
        _require_free(camera, at)
        camera.organization_id = organization_id
        camera.title = title or camera.title
        camera.save(update_fields=["organization", "title"])
    _start([camera.pk], organization_id, tariff_id, at, within_seconds)
    tell([camera.pk], Change.CONNECTED, now)
    return camera


@transaction.atomic
def change_tariff(
    *,
    organization_id: int,
    use_ids: Collection[int],
    tariff_id: int,
    at: datetime,
    now: datetime,
    within_seconds: int | None = None,
) -> None:
    """Put cameras of an organization on another tariff from `at` on: all of them, or none.

    `use_ids` are the usage intervals that the person was shown as current. `within_seconds` says
    how `at` is known, as in `UsageInterval`.

    Raises:
        Organization.DoesNotExist: the organization does not exist.
        InFuture: `at` is after `now`.
        OrganizationClosed: the organization is closed.
        TariffNotAvailable: the tariff is not available to the organization.
        WrongOrganization: an interval does not belong to the organization.
        CameraChanged, HasTariff, NotAfterStart: the only camera cannot be changed.
        SomeRefused: some of several cameras cannot be changed, each for one of these reasons.
        OverlappingUse: the database refuses the use despite these checks.
    """
    _require_past(at, now)
    shown = shown_uses(organization_id, use_ids)
    current = lock_current(shown)
    lock_available(organization_id, tariff_id, at, now)

    def objection(use: UsageInterval) -> CameraRefusal | None:
        return HasTariff(use.camera, use) if use.tariff_id == tariff_id else None

    _end(shown, current, at, within_seconds, objection)
    cameras = [use.camera_id for use in shown]
    _start(cameras, organization_id, tariff_id, at, within_seconds)
    tell(cameras, Change.CHANGED, now)


@transaction.atomic
def move(
    *,
    organization_id: int,
    use_ids: Collection[int],
    destination_id: int,
    tariff_id: int,
    at: datetime,
    now: datetime,
    within_seconds: int | None = None,
) -> None:
    """Move cameras of an organization to another, on a tariff available there, from `at` on.

    All of them are moved, or none. `use_ids` are the usage intervals that the person was shown as
    current. `within_seconds` says how `at` is known, as in `UsageInterval`.

    Raises:
        Organization.DoesNotExist: the destination does not exist.
        InFuture: `at` is after `now`.
        OrganizationClosed: the destination is closed.
        TariffNotAvailable: the tariff is not available to the destination.
        WrongOrganization: an interval does not belong to the organization.
        CameraChanged, AlreadyThere, NotAfterStart: the only camera cannot be moved.
        SomeRefused: some of several cameras cannot be moved, each for one of these reasons.
        OverlappingUse: the database refuses the use despite these checks.
    """
    _require_past(at, now)
    shown = shown_uses(organization_id, use_ids)
    current = lock_current(shown)
    lock_available(destination_id, tariff_id, at, now)

    def objection(use: UsageInterval) -> CameraRefusal | None:
        return AlreadyThere(use.camera, use) if use.organization_id == destination_id else None

    _end(shown, current, at, within_seconds, objection)
    cameras = [use.camera_id for use in shown]
    Camera.objects.filter(pk__in=cameras).update(organization=destination_id)
    _start(cameras, destination_id, tariff_id, at, within_seconds)
    tell(cameras, Change.CHANGED, now)


@transaction.atomic
def disconnect(
    *,
    organization_id: int,
    use_ids: Collection[int],
    at: datetime,
    now: datetime,
    within_seconds: int | None = None,
) -> None:
    """Disconnect cameras of an organization at `at`: all of them, or none.

    `use_ids` are the usage intervals that the person was shown as current. `within_seconds` says
    how `at` is known, as in `UsageInterval`.

    Raises:
        InFuture: `at` is after `now`.
        WrongOrganization: an interval does not belong to the organization.
        CameraChanged, NotAfterStart: the only camera cannot be disconnected.
        SomeRefused: some of several cameras cannot be disconnected, each for one of these reasons.
    """
    _require_past(at, now)
    shown = shown_uses(organization_id, use_ids)
    _end(shown, lock_current(shown), at, within_seconds, lambda use: None)
    tell([use.camera_id for use in shown], Change.DISCONNECTED, now)


def _require_past(at: datetime, now: datetime) -> None:
    if at > now:
        raise InFuture


def shown_uses(organization_id: int, use_ids: Collection[int]) -> list[UsageInterval]:
    """Return the uses that a person was shown, by the names of their cameras.

    Raises:
        WrongOrganization: one does not belong to the organization.
    """
    uses = UsageInterval.objects.filter(organization=organization_id, pk__in=use_ids)
    shown = list(uses.select_related("camera").order_by("camera__name"))
    if len(shown) != len(set(use_ids)):
        raise WrongOrganization
    return shown


def lock_current(shown: Collection[UsageInterval]) -> dict[int, UsageInterval]:
    """Lock the cameras of `shown`; return the current use of each, by camera id."""
    ids = {use.camera_id for use in shown}
    Camera.objects.lock(ids)
    current = UsageInterval.objects.in_use().filter(camera__in=ids)
    return {use.camera_id: use for use in current.select_related("organization", "tariff")}


def lock_available(organization_id: int, tariff_id: int, at: datetime, now: datetime) -> None:
    """Lock the organization and the tariff, and check that use of it can begin at `at`.

    Raises:
        Organization.DoesNotExist: the organization does not exist.
        OrganizationClosed, TariffNotAvailable: it cannot begin.
    """
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    if organization.is_closed(now) or organization.is_closed(at):
        raise OrganizationClosed(organization)
    tariff = Tariff.objects.select_for_update(no_key=True).filter(pk=tariff_id).first()
    available = organization.tariffs.available().filter(pk=tariff_id)
    if tariff is None or not available.exists():
        raise TariffNotAvailable


def _require_free(camera: Camera, at: datetime) -> None:
    uses = camera.usage_intervals.select_related("organization", "tariff")
    last = uses.order_by("-started_at").first()
    if last is None:
        return
    if last.ended_at is None:
        raise InUse(camera, last)
    if last.ended_at > at:
        raise UsedLater(camera, last)


def _end(
    shown: Collection[UsageInterval],
    current: Mapping[int, UsageInterval],
    at: datetime,
    within_seconds: int | None,
    objection: Callable[[UsageInterval], CameraRefusal | None],
) -> None:
    """End the shown uses, unless a camera has another use now or `objection` returns a refusal."""
    refusals: list[CameraRefusal] = []
    for use in shown:
        now = current.get(use.camera_id)
        if now is not None:
            now.camera = use.camera
        if now is None or now.pk != use.pk:
            refusals.append(CameraChanged(use.camera, now))
        elif refusal := objection(now):
            refusals.append(refusal)
        elif at <= now.started_at:
            refusals.append(NotAfterStart(use.camera, now))
    refuse(refusals, of=len(shown))
    forget_plans()
    UsageInterval.objects.filter(pk__in=[use.pk for use in shown]).update(
        ended_at=at, ended_within_seconds=within_seconds
    )


def refuse(refusals: Sequence[CameraRefusal], *, of: int) -> None:
    """Raise the refusal of the only camera, or those of some of several cameras, if any."""
    if of == len(refusals) == 1:
        raise refusals[0]
    if refusals:
        raise SomeRefused(refusals)


def _start(
    camera_ids: Sequence[int],
    organization_id: int,
    tariff_id: int,
    at: datetime,
    within_seconds: int | None,
) -> None:
    uses = [
        UsageInterval(
            camera_id=camera_id,
            organization_id=organization_id,
            tariff_id=tariff_id,
            started_at=at,
            started_within_seconds=within_seconds,
        )
        for camera_id in camera_ids
    ]
    with overlaps_refused(), transaction.atomic():
        UsageInterval.objects.bulk_create(uses)


@contextmanager
def overlaps_refused() -> Iterator[None]:
    """Turn the database's refusal of overlapping use into `OverlappingUse`.

    A writer that does not lock the camera first waits for the lock later, while the constraint
    makes this transaction wait for that writer. PostgreSQL ends such a deadlock by cancelling one.
    """
    try:
        yield
    except IntegrityError as error:
        if "usage_interval_no_overlap" in str(error):
            raise OverlappingUse from error
        raise
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.DeadlockDetected):
            raise OverlappingUse from error
        raise
