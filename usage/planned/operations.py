"""Plan changes of cameras for a future instant, withdraw them, and carry them out.

A change is carried out by the same operations as one made at once, at the planned instant whatever
the time of the job, and in the transaction that records the outcome. One that has become impossible
is reported and does not hold up the others. Statements do not count planned changes.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.outages import has_code, is_outage
from usage.cameras import operations
from usage.cameras.operations import CameraRefusal, NotInFuture, UsageRefusal
from usage.models import Camera, PlannedChange, UsageInterval
from usage.planned.models import PlannedChangeQuerySet

Kind, State = PlannedChange.Kind, PlannedChange.State
# PostgreSQL's codes for: a deadlock, a lock that is not available, a statement that took too long.
_BUSY = ("40P01", "55P03", "57014")
logger = logging.getLogger(__name__)


class AlreadyPlanned(CameraRefusal):
    """Another change of the camera is planned for the same instant."""

    field = "at"

    def __str__(self) -> str:
        return (
            _(
                "Another change of “%(camera)s” is planned for this time. Choose another time, or "
                "withdraw that change first."
            )
            % self._names
        )


class AlreadySettled(UsageRefusal):
    """Some of the planned changes to withdraw are no longer waiting."""

    def __str__(self) -> str:
        return _(
            "Some of these changes have been carried out or withdrawn. Nothing was withdrawn. "
            "Select the changes again."
        )


class AlreadyDismissed(UsageRefusal):
    """Some of the changes to mark as dealt with are not among those that were not possible."""

    def __str__(self) -> str:
        return _(
            "Some of these changes have been marked as dealt with. Nothing was changed. Select the "
            "changes again."
        )


@transaction.atomic
def plan_connect(
    *,
    organization_id: int,
    name: str,
    title: str,
    tariff_id: int,
    at: datetime,
    now: datetime,
    by: User,
) -> PlannedChange:
    """Plan to connect a camera to an organization; it may be in use until then.

    Raises:
        Organization.DoesNotExist: the organization does not exist.
        NotInFuture: `at` is not after `now`.
        OrganizationClosed: the organization is closed, or will be.
        TariffNotAvailable: the tariff is not available to the organization.
        AlreadyPlanned: another change of the camera is planned for `at`.
    """
    _require_future(at, now)
    camera = Camera.objects.select_for_update().filter(name=name).first()
    operations.lock_available(organization_id, tariff_id, at, now)
    planned = PlannedChange(
        kind=Kind.CONNECT,
        organization_id=organization_id,
        name=name,
        title=title,
        camera=camera,
        tariff_id=tariff_id,
        at=at,
        asked_at=now,
        asked_by=by,
    )
    _add([planned], {name: camera or Camera(name=name)})
    return planned


@transaction.atomic
def plan_change_tariff(
    *,
    organization_id: int,
    use_ids: Collection[int],
    tariff_id: int,
    at: datetime,
    now: datetime,
    by: User,
) -> None:
    """Plan to put cameras of an organization on another tariff: all of them, or none.

    `use_ids` are the usage intervals that the person was shown as current.

    Raises:
        Organization.DoesNotExist: the organization does not exist.
        NotInFuture: `at` is not after `now`.
        OrganizationClosed: the organization is closed, or will be.
        TariffNotAvailable: the tariff is not available to the organization.
        WrongOrganization: an interval does not belong to the organization.
        CameraChanged, AlreadyPlanned: the only camera prevents it.
        SomeRefused: some of several cameras prevent it, each for one of these reasons.
    """
    _require_future(at, now)
    shown = _lock_shown(organization_id, use_ids)
    operations.lock_available(organization_id, tariff_id, at, now)
    _plan(Kind.CHANGE_TARIFF, shown, tariff_id=tariff_id, at=at, asked_at=now, asked_by=by)


@transaction.atomic
def plan_move(
    *,
    organization_id: int,
    use_ids: Collection[int],
    destination_id: int,
    tariff_id: int,
    at: datetime,
    now: datetime,
    by: User,
) -> None:
    """Plan to move cameras of an organization to another: all of them, or none.

    `use_ids` are the usage intervals that the person was shown as current.

    Raises:
        Organization.DoesNotExist: the destination does not exist.
        NotInFuture: `at` is not after `now`.
        AlreadyThere: the destination is the organization itself.
        OrganizationClosed: the destination is closed, or will be.
        TariffNotAvailable: the tariff is not available to the destination.
        WrongOrganization: an interval does not belong to the organization.
        CameraChanged, AlreadyPlanned: the only camera prevents it.
        SomeRefused: some of several cameras prevent it, each for one of these reasons.
    """
    _require_future(at, now)
    shown = _lock_shown(organization_id, use_ids)
    if organization_id == destination_id:
        raise operations.AlreadyThere(shown[0].camera, shown[0])
    operations.lock_available(destination_id, tariff_id, at, now)
    _plan(
        Kind.MOVE,
        shown,
        destination_id=destination_id,
        tariff_id=tariff_id,
        at=at,
        asked_at=now,
        asked_by=by,
    )


@transaction.atomic
def plan_disconnect(
    *, organization_id: int, use_ids: Collection[int], at: datetime, now: datetime, by: User
) -> None:
    """Plan to disconnect cameras of an organization: all of them, or none.

    `use_ids` are the usage intervals that the person was shown as current.

    Raises:
        NotInFuture: `at` is not after `now`.
        WrongOrganization: an interval does not belong to the organization.
        CameraChanged, AlreadyPlanned: the only camera prevents it.
        SomeRefused: some of several cameras prevent it, each for one of these reasons.
    """
    _require_future(at, now)
    shown = _lock_shown(organization_id, use_ids)
    _plan(Kind.DISCONNECT, shown, at=at, asked_at=now, asked_by=by)


@transaction.atomic
def withdraw(*, ids: Collection[int], now: datetime, by: User) -> int:
    """Withdraw planned changes: all of them, or none; return their number.

    Raises:
        AlreadySettled: one does not exist, or is no longer waiting.
    """
    locked = _locked(PlannedChange.objects.waiting(), ids)
    if len(locked) != len(set(ids)):
        raise AlreadySettled
    return PlannedChange.objects.filter(pk__in=locked).update(
        state=State.WITHDRAWN, settled_by=by, done_at=now
    )


@transaction.atomic
def dismiss(*, ids: Collection[int], by: User) -> int:
    """Mark changes that were not possible as dealt with: all of them, or none; return their number.

    Raises:
        AlreadyDismissed: one does not exist, or is in another state.
    """
    locked = _locked(PlannedChange.objects.impossible(), ids)
    if len(locked) != len(set(ids)):
        raise AlreadyDismissed
    return PlannedChange.objects.filter(pk__in=locked).update(state=State.SETTLED, settled_by=by)


def _locked(changes: PlannedChangeQuerySet, ids: Collection[int]) -> list[int]:
    """Lock those of the changes, and return their ids."""
    found = changes.filter(pk__in=ids).order_by("pk")
    return list(found.select_for_update().values_list("pk", flat=True))


def carry_out_due(now: datetime) -> None:
    """Carry out the changes whose time has come, each in a transaction of its own.

    What others have locked for too long stays for the next time, with what is planned for the same
    camera after it. `now` is in whole seconds.
    """
    busy: set[str] = set()
    for pk, name in PlannedChange.objects.due(now).values_list("pk", "name"):
        if name in busy:
            continue
        try:
            carry_out(planned_id=pk, now=now)
        except Exception as error:
            if is_outage(error):
                raise
            if _is_busy(error):
                logger.warning("The planned change %d has to wait.", pk, exc_info=error)
                busy.add(name)
                continue
            # Whatever is wrong with one change must not hold up those after it.
            logger.exception("The planned change %d failed.", pk)
            _give_up(pk, type(error).__name__, None, now)


@transaction.atomic
def carry_out(*, planned_id: int, now: datetime) -> None:
    """Carry out a planned change, or record why it is impossible. Further calls do nothing."""
    waiting = PlannedChange.objects.waiting().filter(pk=planned_id, at__lte=now)
    planned = waiting.select_for_update().first()
    if planned is None:
        return
    try:
        with transaction.atomic():
            _apply(planned, now)
    except UsageRefusal as refusal:
        if _is_busy(refusal):
            raise
        use = refusal.use if isinstance(refusal, CameraRefusal) else None
        _give_up(planned.pk, type(refusal).__name__, use.pk if use else None, now)
    else:
        planned.state, planned.done_at = State.DONE, now
        planned.save(update_fields=["state", "done_at", "camera"])


def _apply(planned: PlannedChange, now: datetime) -> None:
    """Make the change by the operation that people use."""
    organization_id, at = planned.organization_id, planned.at
    if planned.kind == Kind.CONNECT:
        assert planned.tariff_id is not None
        planned.camera = operations.connect(
            organization_id=organization_id,
            name=planned.name,
            title=planned.title,
            tariff_id=planned.tariff_id,
            at=at,
            now=now,
        )
        return
    assert planned.camera is not None
    current = planned.camera.usage_intervals.in_use().select_related("organization", "tariff")
    use = current.first()
    if use is None or use.organization_id != organization_id:
        raise operations.CameraChanged(planned.camera, use)
    if planned.kind == Kind.DISCONNECT:
        operations.disconnect(organization_id=organization_id, use_ids=[use.pk], at=at, now=now)
    elif planned.kind == Kind.MOVE:
        assert planned.tariff_id is not None
        assert planned.destination_id is not None
        operations.move(
            organization_id=organization_id,
            use_ids=[use.pk],
            destination_id=planned.destination_id,
            tariff_id=planned.tariff_id,
            at=at,
            now=now,
        )
    else:
        assert planned.tariff_id is not None
        operations.change_tariff(
            organization_id=organization_id,
            use_ids=[use.pk],
            tariff_id=planned.tariff_id,
            at=at,
            now=now,
        )


def _is_busy(error: BaseException) -> bool:
    """Return whether locks of others caused an error, or what a refusal was made of."""
    return has_code(error, *_BUSY) or has_code(error.__cause__, *_BUSY)


def _give_up(pk: int, reason: str, use_id: int | None, now: datetime) -> None:
    waiting = PlannedChange.objects.waiting().filter(pk=pk)
    waiting.update(state=State.IMPOSSIBLE, reason=reason, use_id=use_id, done_at=now)


def _require_future(at: datetime, now: datetime) -> None:
    if at <= now:
        raise NotInFuture


def _lock_shown(organization_id: int, use_ids: Collection[int]) -> list[UsageInterval]:
    """Lock the cameras of the shown uses; check that each is still in that use.

    Raises:
        WrongOrganization, CameraChanged, SomeRefused: some cannot be changed.
    """
    shown = operations.shown_uses(organization_id, use_ids)
    current = operations.lock_current(shown)
    changed: list[CameraRefusal] = [
        operations.CameraChanged(use.camera, current.get(use.camera_id))
        for use in shown
        if use.camera_id not in current or current[use.camera_id].pk != use.pk
    ]
    operations.refuse(changed, of=len(shown))
    return shown


def _plan(kind: PlannedChange.Kind, shown: Sequence[UsageInterval], **terms: Any) -> None:
    """Store a change of each use; `terms` are the other fields, which all of them have."""
    planned = [
        PlannedChange(
            kind=kind,
            organization_id=use.organization_id,
            name=use.camera.name,
            camera=use.camera,
            **terms,
        )
        for use in shown
    ]
    _add(planned, {use.camera.name: use.camera for use in shown})


def _add(planned: Sequence[PlannedChange], cameras: dict[str, Camera]) -> None:
    """Store changes planned for one instant, unless others of the same cameras are.

    Raises:
        AlreadyPlanned, SomeRefused: others are.
    """
    same = PlannedChange.objects.waiting().filter(name__in=cameras, at=planned[0].at)
    taken = sorted(same.values_list("name", flat=True))
    refusals = [AlreadyPlanned(cameras[name], None) for name in taken]
    operations.refuse(refusals, of=len(planned))
    try:
        with transaction.atomic():
            PlannedChange.objects.bulk_create(planned, batch_size=1_000)
    except IntegrityError as error:
        # A camera that does not exist yet cannot be locked.
        if "usage_planned_one_at_a_time" in str(error):
            raise AlreadyPlanned(cameras[planned[0].name], None) from error
        raise
