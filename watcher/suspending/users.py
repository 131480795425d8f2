"""Say what blocking and unblocking a person has to know of suspensions.

A user stays blocked as long as there is a reason for it: the person is blocked here, or the only
organization of the user is suspended. Whichever reason ends last unblocks the user.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from watcher.models import SuspendedItem, WatcherSuspension
from watcher.platform import PlatformUser, SuspendBy

State = SuspendedItem.State
_BY = SuspendBy.BLOCKING_USERS.value


@transaction.atomic
def stays_suspended(user: PlatformUser, now: datetime) -> bool:
    """Return whether a blocked user is to stay so until a suspension ends, which unblocks them.

    Called while no suspension is at the user.
    """
    if len(user.tenant_ids) != 1:
        return False
    in_force = WatcherSuspension.objects.in_force(user.tenant_ids[0], SuspendBy.BLOCKING_USERS)
    suspension = in_force.select_for_update().first()
    if suspension is None:
        return False
    suspension.items.update_or_create(
        by=_BY, key=user.id, defaults={"state": State.CHANGED, "at": now}
    )
    return True


def were_kept_blocked(user_ids: Collection[str]) -> bool:
    """Return whether a suspension has blocked one of some users, and not unblocked them.

    When it ended, the person was blocked here.
    """
    return SuspendedItem.objects.filter(by=_BY, state=State.KEPT, key__in=user_ids).exists()


def forget_kept(user_id: str, now: datetime) -> None:
    """Remember that a user whom suspensions have kept blocked is no longer."""
    kept = SuspendedItem.objects.filter(by=_BY, state=State.KEPT, key=user_id)
    kept.update(state=State.RESTORED, at=now)
