"""A Watcher that was read, with cameras in use here as they are there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from usage.cameras import operations as usage
from usage.models import UsageInterval
from watcher.drift.kinds import Kind
from watcher.models import Difference, PlatformCamera, PlatformOrganization, PlatformPreset
from watcher.reading.tests.worlds import NOON, World, a_world, link_all

LATER = datetime(2040, 11, 2, 12, tzinfo=UTC)
"""After the database's clock, which dates links."""


@contextmanager
def a_world_alike(at: datetime = NOON) -> Iterator[World]:
    """Yield a Watcher with six cameras, read once, with everything linked and alike."""
    with a_world() as world:
        world.standin.clock.stop_at(at)
        link_all(world)
        for camera in PlatformCamera.objects.select_related("organization", "preset"):
            assert camera.preset is not None
            place = world.tenants.index(int(camera.organization.tenant_id))
            preset = world.presets.index(int(camera.preset.preset_id))
            usage.connect(
                organization_id=world.organizations[place].pk,
                name=camera.name,
                title="",
                tariff_id=world.tariffs[preset].pk,
                at=world.now,
                now=world.now,
            )
        _make_alike(world)
        yield world


def _make_alike(world: World) -> None:
    """Make titles, owners and services here those of Watcher."""
    for organization in world.organizations:
        tenant = PlatformOrganization.objects.get(tenant_id=organization.watcher_id)
        organization.title = tenant.title
        organization.save()
        if tenant.owner_email:
            organization.owner.email = tenant.owner_email.lower()
            organization.owner.save()
    for preset, tariff in zip(world.presets, world.tariffs, strict=True):
        known = PlatformPreset.objects.get(preset_id=str(preset))
        tariff.name, tariff.has_anpr = known.title, known.has_anpr
        tariff.dvr_depth_days = (known.dvr_seconds or 0) // 86_400
        tariff.dvr_space_gb = (known.dvr_bytes or 0) // 10**9
        tariff.save()


def a_camera() -> str:
    """Return the name of a camera that is the same on both sides."""
    return PlatformCamera.objects.order_by("pk")[0].name


def disconnect(world: World, name: str) -> datetime:
    """Disconnect a camera here, a minute later; return when."""
    at = world.wait(60)
    use = UsageInterval.objects.in_use().get(camera__name=name)
    usage.disconnect(organization_id=use.organization_id, use_ids=[use.pk], at=at, now=world.now)
    return at


def the(kind: Kind) -> Difference:
    """Return the only difference of a kind."""
    return Difference.objects.get(kind=kind)
