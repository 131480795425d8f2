"""Say what limiting an organization's cameras has to know of suspensions, which lower the limit.

A limit that is set here while a suspension has lowered it is what the suspension restores.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from watcher.models import SuspendedItem, WatcherSuspension
from watcher.platform import SuspendBy

State = SuspendedItem.State
_BY = SuspendBy.LIMITING_CAMERAS


def is_lowered(tenant_id: str) -> bool:
    """Return whether a suspension is in force that may have lowered the limit."""
    return WatcherSuspension.objects.in_force(tenant_id, _BY).exists()


@transaction.atomic
def stays_lowered(tenant_id: str, present: int | None, wanted: int, now: datetime) -> bool:
    """Return whether a limit stays lowered until a suspension ends, which then sets `wanted`.

    `present` is the platform's limit. One that is no higher than the lowered limit is set at once,
    and stays. Called while no suspension is at the organization.
    """
    suspension = WatcherSuspension.objects.in_force(tenant_id, _BY).select_for_update().first()
    if suspension is None:
        return False
    lowered = suspension.items.filter(
        by=_BY.value, state__in=SuspendedItem.OURS, limit_meanwhile=present
    )
    if wanted > (present or 0):
        return bool(lowered.update(limit_before=wanted))
    lowered.update(state=State.LEFT, at=now)
    return False


def suspensions_made(
    tenant_id: str, *, present: int | None, shown: int | None, since: datetime | None
) -> bool:
    """Return whether a suspension lowered or restored a limit from `shown` to `present`.

    Without an instant, since ever.
    """
    items = SuspendedItem.objects.filter(
        Q(limit_before=shown, limit_meanwhile=present, state__in=SuspendedItem.OURS)
        | Q(limit_before=present, limit_meanwhile=shown, state=State.RESTORED),
        by=_BY.value,
        suspension__tenant_id=tenant_id,
    )
    return items.filter(at__gte=since).exists() if since else items.exists()
