"""A stand-in of Watcher, the connection to it, and what of it is linked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from django.utils import timezone

from foundation.encryption import encrypt
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.models import Tariff
from tariffs.tests.factories import TariffPriceFactory
from usage.models import UsageInterval
from watcher.clients.transport import Transport
from watcher.models import CameraChange, Connection, PlatformPreset, PresetLink, ReadingState
from watcher.reading import operations
from watcher.standin.seed import SERVICE_USER
from watcher.standin.standin import Size, StandIn
from watcher.tests.factories import ConnectionFactory

SILENT_SECONDS = 2.0
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
Row = tuple[str, str, datetime, datetime | None, int | None, int | None]
"""Organization, tariff, from, to, and how both are known."""


class World:
    """A Watcher whose clock is stopped, and billing that reads it.

    `organizations` and `tariffs` are here what has the same place there.
    """

    def __init__(self, standin: StandIn) -> None:
        self.standin = standin
        self.tenants = list(standin.state.organizations)
        self.presets = list(standin.state.presets)
        self.organizations: list[Organization] = []
        self.tariffs: list[Tariff] = []
        self.connection: Connection = ConnectionFactory.create(
            address=standin.url,
            login=SERVICE_USER[0],
            secret=encrypt(SERVICE_USER[1]),
            reads=True,
        )

    @property
    def now(self) -> datetime:
        """The instant by our clock, from which Watcher's may differ."""
        clock = self.standin.clock
        milliseconds = clock.now_ms() - int(clock.offset_seconds * 1000)
        return datetime.fromtimestamp(milliseconds / 1000, UTC)

    def wait(self, seconds: float) -> datetime:
        """Let time pass; return the instant by Watcher's clock, in whole seconds."""
        self.standin.clock.advance(seconds=seconds)
        return datetime.fromtimestamp(self.standin.clock.now_s(), UTC)

    def seconds(self) -> float:
        """Return what `time.time` does."""
        return self.now.timestamp()

    def sleep(self, seconds: float) -> None:
        """Do what `time.sleep` does, at once."""
        self.wait(seconds)

    def read(self) -> ReadingState:
        """Read the platform now."""
        operations.read_platform(clock=lambda: self.now, is_asked_for=True)
        return operations.reading_state()

    def speak(self, version: str, **details: str) -> None:
        """Change the version of the API."""
        for name, value in {"api_version": version, **details}.items():
            setattr(self.connection, name, value)
        self.connection.save()
        self.standin.switches.set(version=25 if version == "v3-25" else 26)

    def link_organizations(self) -> None:
        """Give each organization of Watcher one here that may use all tariffs."""
        for number, tenant in enumerate(self.tenants):
            self.organizations.append(
                OrganizationFactory.create(
                    title=f"Customer {number}", watcher_id=str(tenant), tariffs=self.tariffs
                )
            )

    def make_tariffs(self) -> None:
        """Create a tariff for each preset."""
        for number, _preset in enumerate(self.presets):
            price = TariffPriceFactory.create(tariff__name=f"Plan {number}")
            self.tariffs.append(price.tariff)

    def link_presets(self) -> None:
        """Say what each preset that was read means."""
        for preset, tariff in zip(self.presets, self.tariffs, strict=True):
            known = PlatformPreset.objects.get(preset_id=str(preset))
            PresetLink.objects.create(preset=known, tariff=tariff)

    def ledger(self, name: str) -> list[Row]:
        """Return the usage of a camera, in order."""
        uses = UsageInterval.objects.filter(camera__name=name).order_by("started_at")
        return [
            (
                use.organization.title,
                use.tariff.name,
                use.started_at,
                use.ended_at,
                use.started_within_seconds,
                use.ended_within_seconds,
            )
            for use in uses.select_related("organization", "tariff")
        ]

    def add_camera(self, name: str, *, place: int = 0, preset: int = 0) -> None:
        """Make a camera in Watcher."""
        self.standin.cameras.add(
            name, organization_id=self.tenants[place], preset_id=self.presets[preset], title="Gate"
        )

    def reasons(self) -> dict[str, list[str]]:
        """Return why changes are held back, by camera."""
        found: dict[str, list[str]] = {}
        for change in CameraChange.objects.open().order_by("name", "pk"):
            found.setdefault(change.name, []).append(change.reason)
        return found


@contextmanager
def a_world(cameras: int = 6) -> Iterator[World]:
    """Yield a world without links, of three organizations."""
    standin = StandIn()
    standin.clock.stop_at(NOON)
    standin.fill(Size(organizations=3, cameras=cameras))
    with standin:
        yield World(standin)


def link_all(world: World) -> None:
    """Link everything, and read for the first time."""
    world.make_tariffs()
    world.link_organizations()
    world.read()
    world.link_presets()


def live_by(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have all of billing go by the clock of a world, in which waiting takes no time.

    Only an answer that is ordered not to come is really waited for, and not for long.
    """

    def transport(address: str, **how: Any) -> Transport:
        if any(fault.kind == "silent" for fault in world.standin.faults.ordered):
            how["timeouts"] = httpx.Timeout(SILENT_SECONDS)
        return Transport(address, sleep=world.sleep, clock=world.seconds, **how)

    monkeypatch.setattr(timezone, "now", lambda: world.now)
    monkeypatch.setattr("watcher.connection.clients.Transport", transport)
