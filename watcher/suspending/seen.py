"""Say what reading has to know of suspensions: a camera that one disabled stays in use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from watcher.platform import SuspendBy
from watcher.suspending.models import SuspendedItem

AT_ONCE = 5_000


def disabled_by_suspensions(names: Iterable[str], since: datetime) -> set[str]:
    """Return those cameras that a suspension has disabled, or had at `since`, by our clock."""
    ours = Q(state__in=SuspendedItem.OURS) | Q(state=SuspendedItem.State.RESTORED, at__gte=since)
    return _names(names, ours)


def switched_since(names: Iterable[str], since: datetime | None) -> dict[str, bool]:
    """Return the cameras that suspensions have changed since an instant, and if they are disabled.

    Without an instant, since ever.
    """
    known = (*SuspendedItem.OURS, SuspendedItem.State.RESTORED)
    items = SuspendedItem.objects.filter(
        by=SuspendBy.DISABLING_CAMERAS.value, key__in=list(names), state__in=known
    )
    if since is not None:
        items = items.filter(at__gte=since)
    latest = items.order_by("key", "-at", "-pk").distinct("key").values_list("key", "state")
    return {name: state in SuspendedItem.OURS for name, state in latest}


def let_go(names: Iterable[str], before: datetime, now: datetime) -> None:
    """Leave cameras alone that suspensions disabled before an instant, and somebody enabled."""
    enabled = list(names)
    changed = SuspendedItem.objects.filter(
        by=SuspendBy.DISABLING_CAMERAS.value, state=SuspendedItem.State.CHANGED, at__lt=before
    )
    for start in range(0, len(enabled), AT_ONCE):
        changed.filter(key__in=enabled[start : start + AT_ONCE]).update(
            state=SuspendedItem.State.LEFT, at=now
        )


def _names(names: Iterable[str], condition: Q) -> set[str]:
    wanted = list(names)
    items = SuspendedItem.objects.filter(condition, by=SuspendBy.DISABLING_CAMERAS.value).order_by()
    found: set[str] = set()
    for start in range(0, len(wanted), AT_ONCE):
        some = items.filter(key__in=wanted[start : start + AT_ONCE])
        found.update(some.values_list("key", flat=True))
    return found
