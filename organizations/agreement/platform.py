"""Tell a connected platform which organizations are suspended, so that it can carry that out.

The platform's app calls `register`. A job compares what the platform was told last with the
suspensions that have begun and ended on the organizations' local dates, whether they were planned,
entered with past dates, changed or withdrawn. So a platform that is connected later learns of all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from organizations.models import Organization, PlatformSuspension

Hook = Callable[[int, bool], object]
"""Suspends or restores an organization, by id, on the platform.

It is called after the change is committed, outside of a transaction. If it raises, or the worker is
lost, it is called again within minutes, with what is so by then. So it must do nothing if that is
already done.
"""

_hooks: list[Hook] = []


def register(hook: Hook) -> None:
    """Have the platform carry out suspensions."""
    _hooks.append(hook)


def is_connected() -> bool:
    """Return whether a platform carries out suspensions."""
    return bool(_hooks)


def waiting_organizations(now: datetime) -> list[int]:
    """Return the ids of organizations of which the platform has to be told, in order."""
    if not is_connected():
        return []
    suspended = set(Organization.objects.suspended(now).order_by().values_list("pk", flat=True))
    return sorted(suspended ^ set(PlatformSuspension.objects.values_list("pk", flat=True)))


def tell(*, organization_id: int, now: datetime) -> None:
    """Tell the platform whether an organization is suspended, unless it was told so last."""
    is_suspended = Organization.objects.suspended(now).filter(pk=organization_id).exists()
    told = PlatformSuspension.objects.filter(pk=organization_id)
    if told.exists() is is_suspended:
        return
    for hook in _hooks:
        hook(organization_id, is_suspended)
    with transaction.atomic():
        if not is_suspended:
            told.delete()
        elif Organization.objects.select_for_update(no_key=True).filter(pk=organization_id):
            PlatformSuspension.objects.update_or_create(
                pk=organization_id, defaults={"told_at": now}
            )
