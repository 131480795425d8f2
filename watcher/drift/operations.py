"""Decide about differences: use what the platform has, ignore them, or list them again.

A difference is named by its id. As soon as something else differs, it has another one, so nobody
decides about what was not shown. What is decided goes through the operations that people use.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from organizations.models import Organization
from usage.models import UsageInterval
from watcher.drift.comparing import lock_differences, store_sums
from watcher.drift.kinds import CAMERAS
from watcher.drift.models import Difference
from watcher.drift.refusals import NoLongerSo, NotPossible
from watcher.drift.taking_over import owners_named, take_over, why_not
from watcher.models import CameraChange, PlatformOrganization, ReadingState
from watcher.reading.carrying_out import carry_out
from watcher.reading.operations import reading_settings
from watcher.reading.reasons import Reason

LONGEST_REASON = 200
MOST_AT_ONCE = 1_000
"""How many differences may be decided about at once, all or none."""
_A_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Decided:
    """How many differences are gone, and how many are held back as changes, with a reason."""

    done: int
    held: int = 0


@transaction.atomic
def use_platform(*, ids: Collection[int], by: User, now: datetime) -> Decided:
    """Take over what the platform has, of all of these differences, or of none.

    Usage changes from when it differs. If that time is invoiced, it becomes a proposed correction,
    and what is not linked is held back: both are listed with the changes of cameras.

    Raises:
        NoLongerSo, NotPossible, Refused: it cannot be done.
    """
    chosen = chosen_differences(ids)
    owners = owners_named(chosen)
    impossible = {each.name: why for each in chosen if (why := why_not(each, owners))}
    if impossible:
        raise NotPossible(list(impossible), next(iter(impossible.values())))
    cameras = [each for each in chosen if each.kind in CAMERAS]
    for each in chosen:
        if each.kind not in CAMERAS:
            take_over(each, by=by, now=now)
    held = _take_over_cameras(cameras, by, now.replace(microsecond=0)) if cameras else set()
    settled = [each.pk for each in chosen if each.key not in held or each.kind not in CAMERAS]
    Difference.objects.filter(pk__in=settled).delete()
    store_sums()
    return Decided(done=len(settled), held=len(chosen) - len(settled))


@transaction.atomic
def ignore(*, ids: Collection[int], reason: str, by: User, now: datetime) -> int:
    """Leave differences as they are, until something else differs; return their number.

    Raises:
        NoLongerSo: one is gone, or was ignored meanwhile.
    """
    chosen = chosen_differences(ids)
    if any(each.ignored_at for each in chosen):
        raise NoLongerSo
    number = Difference.objects.filter(pk__in=ids).update(
        ignored_at=now, ignored_by=by, ignored_reason=reason
    )
    store_sums()
    return number


@transaction.atomic
def list_again(*, ids: Collection[int]) -> int:
    """List differences that were ignored; return their number.

    Raises:
        NoLongerSo: one is gone, or is listed already.
    """
    chosen = chosen_differences(ids)
    if not all(each.ignored_at for each in chosen):
        raise NoLongerSo
    number = Difference.objects.filter(pk__in=ids).update(
        ignored_at=None, ignored_by=None, ignored_reason=""
    )
    store_sums()
    return number


def chosen_differences(ids: Collection[int]) -> list[Difference]:
    """Lock differences, and return those that were selected.

    Raises:
        NoLongerSo: one is gone, or something else differs now.
    """
    lock_differences()
    found = Difference.objects.filter(pk__in=ids)
    chosen = list(found.select_related("organization__owner", "tenant", "preset").order_by("pk"))
    if len(chosen) != len(set(ids)):
        raise NoLongerSo
    return chosen


# --- Cameras --------------------------------------------------------------------------------------


def _take_over_cameras(chosen: Sequence[Difference], by: User, now: datetime) -> set[str]:
    """Change usage as a reading would; return the names of the cameras that are held back."""
    # No reading changes usage meanwhile.
    list(ReadingState.objects.select_for_update().filter(pk=1))
    names = [each.key for each in chosen]
    waiting = CameraChange.objects.open().filter(name__in=names).select_for_update()
    earlier = list(waiting.order_by("pk"))
    proposed = {each.name for each in earlier if each.reason == Reason.INVOICED}
    replaced = [each.pk for each in earlier if each.name not in proposed]
    CameraChange.objects.filter(pk__in=replaced).update(
        state=CameraChange.State.DISMISSED, settled_at=now, decided_by=by, is_accepted=False
    )
    changes = [each for each in chosen if each.key not in proposed]
    CameraChange.objects.bulk_create(_changes_of(changes, by, now))
    carry_out(
        charges_disabled=reading_settings().charges_disabled,
        now=now,
        platform_now=now,
        names=[each.key for each in changes],
    )
    return set(CameraChange.objects.open().filter(name__in=names).values_list("name", flat=True))


def _changes_of(chosen: Sequence[Difference], by: User, now: datetime) -> Iterable[CameraChange]:
    """Yield the changes from what is here to what the platform has, from when that differs."""
    cameras = [each.camera_id for each in chosen if each.camera_id]
    uses = UsageInterval.objects.in_use().filter(camera__in=cameras).select_related("organization")
    in_use = {use.camera_id: use for use in uses}
    tenants = _tenants_of([use.organization for use in in_use.values()])
    for each in chosen:
        use = in_use.get(each.camera_id or 0)
        at = each.since_at.replace(microsecond=0)
        if use is not None:
            at = max(at, use.started_at + _A_SECOND)
        yield CameraChange(
            name=each.key,
            from_organization=tenants.get(use.organization.watcher_id) if use else None,
            organization=each.tenant,
            preset=each.preset,
            is_disabled=bool(each.there.get("is_disabled")),
            at=min(at, now),
            is_accepted=True,
            decided_by=by,
        )


def _tenants_of(
    organizations: Iterable[Organization],
) -> Mapping[str | None, PlatformOrganization]:
    ids = {each.watcher_id for each in organizations if each.watcher_id}
    return {each.tenant_id: each for each in PlatformOrganization.objects.filter(tenant_id__in=ids)}
