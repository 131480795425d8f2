"""Store what is wanted of an organization in Watcher."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from organizations.models import Organization
from watcher.models import CameraLimit, PlatformCamera
from watcher.people import tenants


class LimitTooLow(Exception):
    """The limit is lower than the number of cameras that Watcher had when it was read last."""

    def __init__(self, cameras: int) -> None:
        super().__init__(cameras)
        self.cameras = cameras


def limit_of(organization: Organization) -> int | None:
    """Return the limit of cameras that is stored here."""
    stored = CameraLimit.objects.filter(organization=organization)
    return stored.values_list("most_cameras", flat=True).first()


@transaction.atomic
def set_limit(*, organization_id: int, most_cameras: int | None, by_id: int, now: datetime) -> None:
    """Store the limit of cameras, and request it in Watcher if that is enabled.

    None forgets the limit here. Watcher keeps its own then: how to end a limit is not documented.

    Raises:
        LimitTooLow: it is lower than the number of cameras.
    """
    found = Organization.objects.select_for_update(no_key=True)
    organization = found.get(pk=organization_id)
    if most_cameras is None:
        CameraLimit.objects.filter(organization=organization).delete()
        return
    cameras = cameras_of(organization)
    if most_cameras < cameras:
        raise LimitTooLow(cameras)
    CameraLimit.objects.update_or_create(
        organization=organization, defaults={"most_cameras": most_cameras}
    )
    tenants.push_limit(organization, most_cameras, by_id=by_id, now=now)


def cameras_of(organization: Organization) -> int:
    """Return how many cameras an organization had in Watcher when it was read last."""
    if not organization.watcher_id:
        return 0
    return PlatformCamera.objects.filter(organization__tenant_id=organization.watcher_id).count()
