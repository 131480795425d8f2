"""Hear of suspensions, and carry them out on the platform: each once in effect, restored exactly.

What a suspension is about to change is stored first, and each thing is marked before it is changed.
A process that continues after another died knows what may have been changed by billing, and what
was off before. No call is made within a transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.web.one_row import change_row, values_of
from organizations.models import Organization
from usage.models import Camera, UsageInterval
from watcher.alone import alone
from watcher.connection.clients import connected
from watcher.connection.operations import stored_connection
from watcher.errors import PlatformError, stored_error
from watcher.models import (
    PlatformCamera,
    PlatformOrganization,
    SuspendedItem,
    SuspensionSettings,
    WatcherSuspension,
)
from watcher.platform import LowerLimit, Platform, SuspendBy, Suspended
from watcher.writing.carrying_out import REFUSALS, lock_key, wait_after
from watcher.writing.subjects import Subject
from watcher.writing.written import disabled_here

TOGETHER = 50
"""Cameras that are looked at, and marked, before any of them is changed."""
_LOCKS = 5_861_300_000_000
SETTINGS = ("blocks_users", "disables_cameras", "limits_cameras")

State = WatcherSuspension.State
ItemState = SuspendedItem.State
Clock = Callable[[], datetime]


class _Stopped(Exception):
    """The organization is to be treated otherwise by now, or nothing may be changed any more."""


def suspension_settings() -> SuspensionSettings:
    """Return how organizations are suspended, or the defaults."""
    return SuspensionSettings.objects.first() or SuspensionSettings()


def change_settings(*, shown: str, settings: Mapping[str, bool]) -> None:
    """Store how organizations are suspended from now on; those that are suspended stay as they are.

    `shown` is the version of the `stored_settings` that the person saw.

    Raises:
        EditedByOthers: a setting differs both from the shown value and from the new value.
    """
    change_row(SuspensionSettings, shown=shown, settings=settings)


def stored_settings(stored: SuspensionSettings | None) -> dict[str, Any]:
    """Return the settings by field name; the defaults if nothing was entered."""
    return values_of(stored or SuspensionSettings(), SETTINGS)


# --- What is wanted -------------------------------------------------------------------------------


@transaction.atomic
def want(*, organization_id: int, is_suspended: bool, now: datetime) -> None:
    """Have an organization suspended or restored on the platform; nothing if it already is to be.

    What was restored meanwhile is suspended again if it is on.
    """
    Organization.objects.select_for_update(no_key=True).filter(pk=organization_id).first()
    open_one = WatcherSuspension.objects.open().filter(organization=organization_id)
    suspension = open_one.select_for_update().first()
    if suspension is None:
        if is_suspended:
            WatcherSuspension.objects.create(
                organization_id=organization_id, told_at=now, next_attempt_at=now
            )
        return
    is_to_be = suspension.state in (State.SUSPENDING, State.SUSPENDED)
    if is_to_be is is_suspended:
        return
    if suspension.planned_at is None:
        suspension.delete()
        return
    if is_suspended:
        suspension.items.filter(state=ItemState.RESTORED).update(state=ItemState.PLANNED, at=now)
    suspension.state = State.SUSPENDING if is_suspended else State.RESTORING
    suspension.told_at = suspension.next_attempt_at = now
    suspension.attempts, suspension.failing_since, suspension.failure = 0, None, {}
    suspension.save()


@transaction.atomic
def try_again(*, ids: Iterable[int], now: datetime) -> int:
    """Have suspensions that failed tried again at once; return their number."""
    return WatcherSuspension.objects.failing().filter(pk__in=ids).update(next_attempt_at=now)


def due_organizations(now: datetime) -> list[int]:
    """Return the ids of organizations for which something is to be done on the platform now."""
    connection = stored_connection()
    if connection is None or not connection.suspends:
        return []
    due = WatcherSuspension.objects.unfinished().filter(next_attempt_at__lte=now)
    return list(due.order_by("next_attempt_at").values_list("organization", flat=True))


# --- Carrying out ---------------------------------------------------------------------------------


@dataclass
class _Work:
    """A suspension that is being carried out, and the first error of one thing in it."""

    platform: Platform
    suspension: WatcherSuspension
    clock: Clock
    error: PlatformError | None = None

    def check(self) -> None:
        """Raise `_Stopped` unless it is still wanted and may be done."""
        connection = stored_connection()
        same = WatcherSuspension.objects.filter(
            pk=self.suspension.pk, state=self.suspension.state, told_at=self.suspension.told_at
        )
        if connection is None or not connection.suspends or not same.exists():
            raise _Stopped

    def note(self, error: PlatformError) -> None:
        """Keep the first error, and go on."""
        self.error = self.error or error


def carry_out(*, organization_id: int, clock: Clock) -> None:
    """Suspend or restore an organization on the platform, as far as that is left to do and due.

    Not in a transaction: it waits for the platform. Errors of the platform are stored, and it is
    tried again later.
    """
    with alone(_LOCKS + organization_id) as is_alone:
        if not is_alone or organization_id not in due_organizations(clock()):
            return
        suspension = WatcherSuspension.objects.open().get(organization=organization_id)
        error: PlatformError | None
        try:
            with connected(stored_connection()) as platform:
                work = _Work(platform, suspension, clock)
                _restore(work) if suspension.state == State.RESTORING else _suspend(work)
            error = work.error
        except PlatformError as found:
            error = found
        except _Stopped:
            return
        _finish(suspension, error, clock())


@transaction.atomic
def _finish(suspension: WatcherSuspension, error: PlatformError | None, now: datetime) -> None:
    """Store what became of an attempt, unless something else is wanted by now."""
    same = WatcherSuspension.objects.select_for_update().filter(
        pk=suspension.pk, state=suspension.state, told_at=suspension.told_at
    )
    stored = same.first()
    if stored is None:
        return
    stored.attempts += 1
    left = SuspendedItem.OURS if stored.state == State.RESTORING else SuspendedItem.PENDING
    if error is None and stored.items.filter(state__in=left).exists():
        # A request was at the same thing. Whatever it did, this is looked at again.
        stored.next_attempt_at = now
    elif error is not None:
        stored.next_attempt_at = now + wait_after(stored.attempts - 1, error)
        stored.failing_since, stored.failure = stored.failing_since or now, stored_error(error)
    else:
        stored.failing_since, stored.failure = None, {}
        if stored.state == State.RESTORING:
            stored.state, stored.restored_at = State.RESTORED, now
        else:
            stored.state, stored.suspended_at = State.SUSPENDED, now
    stored.save()


# --- Suspending -----------------------------------------------------------------------------------


def _suspend(work: _Work) -> None:
    """Change what is still to be changed, one way after the other."""
    suspension = work.suspension
    if suspension.planned_at is None:
        _begin(work)
    for way in (SuspendBy(each) for each in suspension.ways):
        try:
            if way.value not in suspension.prepared:
                _prepare(work, way)
            _change_all(work, way)
        except REFUSALS as error:
            work.note(error)


@transaction.atomic
def _begin(work: _Work) -> None:
    """Store which organization of the platform it is, and how it is suspended."""
    suspension = work.suspension
    locked = WatcherSuspension.objects.select_for_update().filter(
        pk=suspension.pk, state=suspension.state
    )
    watcher_id = Organization.objects.values_list("watcher_id", flat=True)
    tenant_id = watcher_id.get(pk=suspension.organization_id)
    if not tenant_id or locked.first() is None:
        raise _Stopped
    suspension.tenant_id, suspension.planned_at = tenant_id, work.clock()
    suspension.ways = [way.value for way in suspension_settings().ways]
    suspension.save(update_fields=["tenant_id", "planned_at", "ways"])


def _prepare(work: _Work, way: SuspendBy) -> None:
    """Store what one way would change, before anything is changed."""
    suspension = work.suspension
    if way is SuspendBy.DISABLING_CAMERAS:
        items = [_item(work, way, name) for name in _cameras_of(suspension)]
    else:
        found = work.platform.to_suspend(suspension.tenant_id, way)
        items = [_item(work, way, user_id) for user_id in found.user_ids]
        if found.limit:
            items.append(_limit_item(_item(work, way, found.limit.tenant_id), found.limit))
    with transaction.atomic():
        work.check()
        SuspendedItem.objects.bulk_create(items, batch_size=1_000)
        suspension.prepared = [*suspension.prepared, way.value]
        suspension.save(update_fields=["prepared"])


def _item(work: _Work, way: SuspendBy, key: str) -> SuspendedItem:
    return SuspendedItem(suspension=work.suspension, by=way.value, key=key, at=work.clock())


def _limit_item(item: SuspendedItem, limit: LowerLimit) -> SuspendedItem:
    item.limit_before, item.limit_meanwhile = limit.before, limit.meanwhile
    return item


def _cameras_of(suspension: WatcherSuspension) -> list[str]:
    """Return the cameras that the platform had in the organization last, or that are in use here.

    Each is asked for before it is disabled, so it does not matter if one has moved or is off.
    """
    there = PlatformCamera.objects.filter(organization__tenant_id=suspension.tenant_id)
    here = Camera.objects.filter(organization=suspension.organization_id)
    names = (rows.order_by().values_list("name", flat=True) for rows in (there, here))
    return sorted({name for found in names for name in found})


def _change_all(work: _Work, way: SuspendBy) -> None:
    """Change the items of a way: those that are still on, and those that were being changed."""
    pending = work.suspension.items.filter(by=way.value, state__in=SuspendedItem.PENDING)
    last = 0
    while items := list(pending.filter(pk__gt=last).order_by("pk")[:TOGETHER]):
        last = items[-1].pk
        work.check()
        _change_some(work, way, items)


def _change_some(work: _Work, way: SuspendBy, items: Sequence[SuspendedItem]) -> None:
    planned = [each for each in items if each.state == ItemState.PLANNED]
    if planned:
        names = [each.key for each in planned] if way is SuspendBy.DISABLING_CAMERAS else ()
        found = work.platform.to_suspend(work.suspension.tenant_id, way, names)
        still_on = {*found.user_ids, *found.camera_names}
        for each in planned:
            if found.limit and each.key == found.limit.tenant_id:
                still_on.add(each.key)
                _limit_item(each, found.limit)
        _mark(work, planned, ItemState.CHANGING, only=still_on)
    changing = [each for each in items if each.state == ItemState.CHANGING]
    _each(work, way, changing, work.platform.suspend, ItemState.CHANGED)


def _mark(
    work: _Work, items: Sequence[SuspendedItem], state: str, only: set[str] | None = None
) -> None:
    """Store that items are in a state; those not among the keys `only` are left as they are."""
    now = work.clock()
    for each in items:
        each.state = ItemState.LEFT if only is not None and each.key not in only else state
        each.at = now
    fields = ["state", "at", "limit_before", "limit_meanwhile"]
    with transaction.atomic():
        work.check()
        SuspendedItem.objects.bulk_update(items, fields, batch_size=1_000)


def _each(
    work: _Work,
    way: SuspendBy,
    items: Sequence[SuspendedItem],
    call: Callable[[Suspended], None],
    state: str,
) -> None:
    """Call the platform for each item by itself, and store which calls succeeded.

    An item that a request to the platform is at is passed over.
    """
    done: list[int] = []
    try:
        for each in items:
            with alone(lock_key(_subject(way, each))) as is_alone:
                if not is_alone:
                    continue
                try:
                    call(_suspended(way, each))
                except REFUSALS as error:
                    work.note(error)
                else:
                    done.append(each.pk)
    finally:
        SuspendedItem.objects.filter(pk__in=done).update(state=state, at=work.clock())


def _subject(way: SuspendBy, item: SuspendedItem) -> str:
    """Return what requests to the platform call it."""
    kinds = {
        SuspendBy.LIMITING_CAMERAS: Subject.ORGANIZATION,
        SuspendBy.BLOCKING_USERS: Subject.USER,
        SuspendBy.DISABLING_CAMERAS: Subject.CAMERA,
    }
    return kinds[way].of(item.key)


def _suspended(way: SuspendBy, item: SuspendedItem) -> Suspended:
    by = Suspended(way)
    if way is SuspendBy.BLOCKING_USERS:
        return replace(by, user_ids=(item.key,))
    if way is SuspendBy.DISABLING_CAMERAS:
        return replace(by, camera_names=(item.key,))
    assert item.limit_before is not None
    assert item.limit_meanwhile is not None
    return replace(by, limit=LowerLimit(item.key, item.limit_before, item.limit_meanwhile))


# --- Restoring ------------------------------------------------------------------------------------


def _restore(work: _Work) -> None:
    """Restore what may have been changed, and nothing else."""
    suspension, now = work.suspension, work.clock()
    with transaction.atomic():
        work.check()
        suspension.items.filter(state=ItemState.PLANNED).update(state=ItemState.RESTORED, at=now)
        _wanted_off(suspension).update(state=ItemState.KEPT, at=now)
    for way in SuspendBy:
        ours = suspension.items.filter(by=way.value, state__in=SuspendedItem.OURS)
        last = 0
        while items := list(ours.filter(pk__gt=last).order_by("pk")[:TOGETHER]):
            last = items[-1].pk
            work.check()
            _each(work, way, items, work.platform.restore, ItemState.RESTORED)


def _wanted_off(suspension: WatcherSuspension) -> QuerySet[SuspendedItem]:
    """Return what is to be off on the platform for another reason that has come up since.

    If people write cameras and users there from here, cameras that were disconnected stay
    disabled, and an owner who was blocked stays blocked.
    """
    ours = suspension.items.filter(state__in=SuspendedItem.OURS)
    connection = stored_connection()
    wanted_off = Q(pk__in=())
    if connection is not None and connection.writes_cameras:
        uses = UsageInterval.objects.order_by().filter(camera__name=OuterRef("key"))
        # A request that found them disabled by the suspension has changed nothing.
        disabled = disabled_here(ours.order_by().values_list("key", flat=True))
        ended = Q(Exists(uses.filter(ended_at__gte=OuterRef("at")))) | Q(key__in=disabled)
        is_unused = Q(~Exists(uses.in_use()), by=SuspendBy.DISABLING_CAMERAS.value)
        wanted_off |= ended & is_unused
    owner = suspension.organization.owner
    if connection is not None and connection.writes_users and not owner.is_active:
        owners = PlatformOrganization.objects.filter(tenant_id=suspension.tenant_id)
        owner_ids = owners.order_by().values("owner_id")
        wanted_off |= Q(by=SuspendBy.BLOCKING_USERS.value, key__in=owner_ids)
    return ours.filter(wanted_off)
