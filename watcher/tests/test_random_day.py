"""Random days: the ledger, Watcher's history and the report of differences agree at their end.

Three days are always played; `RANDOM_DAYS=20` plays 20 with each version, and `make fuzz` does.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from foundation.encryption import encrypt
from organizations.agreement import platform
from usage.models import UsageInterval
from watcher.clients import transport
from watcher.drift.comparing import compare
from watcher.drift.kinds import CAMERAS, Kind
from watcher.models import Difference, WatcherSuspension, WriteRequest
from watcher.reading.tests.worlds import World, a_world, link_all, live_by
from watcher.tests.random_day import (
    CHANGES,
    FAULTS,
    Day,
    hear_of_suspensions,
    history_of,
)

VERSIONS = ("v3-26", "v3-25", "v2")
DAYS = int(os.environ.get("RANDOM_DAYS", "1"))
_A_SECOND = timedelta(seconds=1)


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A Watcher with six cameras that nobody touches, linked, with all that is played enabled."""
    monkeypatch.setattr("watcher.connection.clients.WAITS", ())
    transport._gates.clear()
    with a_world() as world:
        live_by(world, monkeypatch)
        link_all(world)
        world.connection.suspends = world.connection.writes_presets = True
        world.connection.writes_cameras = True
        monkeypatch.setattr(platform, "_hooks", [hear_of_suspensions(world)])
        yield world
    transport._gates.clear()


@pytest.mark.parametrize("seed", range(1, DAYS + 1))
@pytest.mark.parametrize("version", VERSIONS)
def test_a_day_ends_in_agreement(world: World, version: str, seed: int) -> None:
    if version == "v2":
        key = encrypt(world.standin.sessions.system_key)
        world.speak("v2", sign_in="system_key", secret=key, writes_presets=False)  # type: ignore[arg-type]
    else:
        world.speak(version)
        world.standin.clock.offset_seconds = (0, 240, -240)[seed % 3]
    day = Day(world, version, seed)
    day.begin()
    day.run()
    day.end()

    assert (day.changes, day.faults) >= (CHANGES, FAULTS)
    assert world.reasons() == {}
    for name in day.theirs:
        assert_is_history(day, name)
    for name in day.ours:
        assert_only_operators_changed(day, name)
    assert_differences_are_those_there_are(day)
    assert_restored(day)
    assert_written_once(day)


def assert_is_history(day: Day, name: str) -> None:
    """Each instant is exact where the ledger says so, and otherwise as near as it says."""
    world = day.world
    truth = history_of(world, name)
    uses = UsageInterval.objects.filter(camera__name=name).order_by("started_at")
    rows = list(uses.select_related("organization", "tariff"))
    places = [(f"Customer {p.organization}", f"Plan {p.tariff}") for p, _start, _end in truth]
    assert [(use.organization.title, use.tariff.name) for use in rows] == places, name
    longest = max(b - a for a, b in zip(day.read_at, day.read_at[1:], strict=False))
    for use, (_place, start, end) in zip(rows, truth, strict=True):
        assert_known(day, start, use.started_at, use.started_within_seconds, longest, name)
        assert (use.ended_at is None) is (end is None), name
        if end is not None:
            assert_known(day, end, use.ended_at, use.ended_within_seconds, longest, name)


def assert_known(
    day: Day,
    truth: datetime,
    at: datetime | None,
    within: int | None,
    longest: timedelta,
    name: str,
) -> None:
    assert at is not None
    assert within is not None
    other = at + timedelta(seconds=within)
    assert abs(other - at) <= longest + _A_SECOND, (name, at, within)
    # What Watcher's clock shows twice is known as well as the clock is.
    doubt = sum(
        (until - since for since, until in day.set_back if since <= truth <= until), timedelta()
    )
    if within:
        doubt += _A_SECOND
    earliest, latest = min(at, other), max(at, other)
    assert earliest - doubt <= truth <= latest + doubt, (name, truth, at, within)


def assert_only_operators_changed(day: Day, name: str) -> None:
    uses = list(UsageInterval.objects.filter(camera__name=name).order_by("started_at"))
    stated = {use.started_at for use in uses[1:]} | {use.ended_at for use in uses if use.ended_at}
    assert stated <= day.decided, name


def assert_differences_are_those_there_are(day: Day) -> None:
    """The report has what a comparison of Watcher's state with the ledger finds, and no more."""
    world = day.world
    compare(now=world.now)
    uses = UsageInterval.objects.in_use().select_related("camera", "organization", "tariff")
    here = {
        use.camera.name: (use.organization.title, use.tariff.name, use.camera.name) for use in uses
    }
    expected = set()
    for camera in world.standin.state.cameras.values():
        use = here.pop(camera.name, None)
        organization = f"Customer {world.tenants.index(camera.organization_id)}"
        tariff = f"Plan {world.presets.index(camera.preset_id)}"
        if use is None:
            if not camera.disabled or camera.name not in day.ours:
                expected.add((camera.name, Kind.CAMERA_THERE))
        elif use[0] != organization:
            expected.add((camera.name, Kind.CAMERA_ORGANIZATION))
        elif use[1] != tariff:
            expected.add((camera.name, Kind.CAMERA_TARIFF))
    expected |= {(name, Kind.CAMERA_HERE) for name in here}
    found = Difference.objects.listed().filter(kind__in=CAMERAS)
    assert set(found.values_list("key", "kind")) == expected


def assert_restored(day: Day) -> None:
    """Everything is as people in Watcher left it."""
    state = day.world.standin.state
    assert not WatcherSuspension.objects.open().exists()
    assert WatcherSuspension.objects.count() > 5
    disabled = {name for name in day.theirs if is_off(day, name)}
    assert disabled == day.off
    assert {pk: each.stream_limit for pk, each in state.organizations.items()} == day.limits
    assert not any(user.disabled for user in state.users.values())


def is_off(day: Day, name: str) -> bool:
    camera = day.world.standin.state.cameras.get(name)
    return camera is not None and camera.disabled


def assert_written_once(day: Day) -> None:
    """Cameras that operators changed, and presets, are there as here; no request is left."""
    world = day.world
    settled = ("done", "needless", "withdrawn")
    assert not WriteRequest.objects.exclude(state__in=settled).exists()
    assert WriteRequest.objects.filter(kind="camera", state="done").count() > 10
    for name in day.ours:
        camera = world.standin.state.cameras[name]
        use = UsageInterval.objects.in_use().filter(camera__name=name).first()
        assert camera.disabled is (use is None), name
        if use is not None:
            assert (
                use.organization == world.organizations[world.tenants.index(camera.organization_id)]
            )
            assert use.tariff == world.tariffs[world.presets.index(camera.preset_id)]
    if day.version == "v2":
        return
    changed = set(WriteRequest.objects.values_list("tariff", flat=True))
    for preset_id, tariff in zip(world.presets, world.tariffs, strict=True):
        tariff.refresh_from_db()
        if tariff.pk in changed:
            seconds = world.standin.state.presets[preset_id].dvr["expiration"]
            assert seconds == tariff.dvr_depth_days * 86_400
