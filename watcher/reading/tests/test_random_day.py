"""A random day in Watcher: the ledger has what its history has."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from watcher.models import CameraChange
from watcher.reading.tests.worlds import World

READINGS, MOST_CHANGES = 25, 4


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("version", ["v3-26", "v3-25"])
def test_the_ledger_is_watchers_history(world: World, version: str, seed: int) -> None:
    chance = random.Random(seed)
    world.speak(version)
    names: list[str] = []
    last = world.wait(60)
    world.read()
    ended_at: dict[str, datetime] = {}
    for _reading in range(READINGS):
        touched: set[str] = set()
        for _change in range(chance.randint(0, MOST_CHANGES)):
            world.wait(chance.randint(1, 900) / 10)
            change_something(world, chance, names, touched, ended_at, last)
        world.wait(chance.randint(10, 300) / 10)
        if chance.random() < 0.2:
            world.standin.faults.order("forbidden", path="/streams")
        before = world.read()
        world.standin.faults.clear()
        if before.failure:
            world.wait(5)
            world.read()
        last = datetime.fromtimestamp(world.standin.clock.now_s(), UTC)

    assert world.reasons() == {}
    assert CameraChange.objects.exists()
    exact = version == "v3-26"
    for name in names:
        expected = history(world, name)
        if not exact and name in ended_at:
            # Without a log, a camera ends with the last reading that saw it.
            *rest, (organization, tariff, start, _end) = expected
            end = max(ended_at[name], start + timedelta(seconds=1))
            expected = [*rest, (organization, tariff, start, end)]
        assert [row[:4] for row in world.ledger(name)] == expected, name


def change_something(
    world: World,
    chance: random.Random,
    names: list[str],
    touched: set[str],
    ended_at: dict[str, datetime],
    last: datetime,
) -> None:
    """Make a camera, or change one that nothing was done to since the last reading."""
    there = [name for name in names if name not in touched and name not in ended_at]
    cameras = world.standin.cameras
    if not there or chance.random() < 0.3:
        name = f"random-{len(names):03d}"
        world.add_camera(name, place=chance.randrange(3), preset=chance.randrange(5))
        names.append(name)
    else:
        name = chance.choice(there)
        match chance.randrange(5):
            case 0:
                cameras.move(name, organization_id=chance.choice(world.tenants))
            case 1:
                cameras.change_preset(name, preset_id=chance.choice(world.presets))
            case 2:
                cameras.rename(name, title=f"Title {chance.random()}")
            case 3:
                camera = world.standin.state.cameras[name]
                cameras.change(name, disabled=not camera.disabled)
            case _:
                cameras.remove(name)
                ended_at[name] = last
    touched.add(name)


def history(world: World, name: str) -> list[tuple[str, str, datetime, datetime | None]]:
    """Return which organization and tariff Watcher's history says a camera had, and when."""
    found: list[tuple[str, str, datetime, datetime | None]] = []
    for span in world.standin.state.spans(name):
        organization = f"Customer {world.tenants.index(span.organization_id)}"
        tariff = f"Plan {world.presets.index(span.preset_id)}"
        start = datetime.fromtimestamp(span.started_at // 1000, UTC)
        end = None if span.ended_at is None else datetime.fromtimestamp(span.ended_at // 1000, UTC)
        if found and found[-1][:2] == (organization, tariff) and found[-1][3] == start:
            start = found.pop()[2]
        found.append((organization, tariff, start, end))
    return found
