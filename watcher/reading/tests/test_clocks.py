"""Tests of clocks that are wrong or set back, and of what the dates of Watcher cannot say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from watcher.models import CameraChange, Connection, ReadingSettings, ReadingState
from watcher.reading import operations
from watcher.reading.tests.test_reading import speak_v2
from watcher.reading.tests.worlds import NOON, World
from watcher.standin.state.cameras import ImportedRow
from watcher.standin.state.records import CameraFields


def test_reading_goes_on_when_our_clock_is_set_back() -> None:
    state = ReadingState(begun_at=NOON)
    settings = ReadingSettings()

    assert operations.is_due(state, settings, NOON - timedelta(hours=1))
    assert not operations.is_due(state, settings, NOON + timedelta(seconds=5))


def test_instants_are_right_again_after_watchers_clock_was_set_back(world: World) -> None:
    world.standin.clock.offset_seconds = 40 * 60
    world.wait(60)
    world.read()
    world.standin.clock.offset_seconds = 0
    world.wait(60)
    began = world.wait(20)
    world.add_camera("gate")
    world.wait(40)
    world.read()
    removed = world.wait(20)
    world.standin.cameras.remove("gate")
    world.wait(40)
    world.read()

    assert world.ledger("gate") == [("Customer 0", "Plan 0", began, removed, 0, 0)]


@pytest.mark.parametrize("moves", [False, True])
def test_a_camera_made_again_after_watchers_clock_was_set_back_is_not_held_back(
    world: World, moves: bool
) -> None:
    """By the clock, it was made again before it was made."""
    world.standin.clock.offset_seconds = 300
    began = world.wait(10)
    world.add_camera("gate")
    world.wait(50)
    world.read()
    world.standin.clock.offset_seconds = 0
    world.wait(20)
    world.standin.cameras.remove("gate")
    world.wait(10)
    world.add_camera("gate", place=1)
    world.wait(10)
    if moves:
        world.standin.cameras.move("gate", organization_id=world.tenants[2])
    world.wait(10)
    world.read()

    assert world.reasons() == {}
    first, second = world.ledger("gate")
    assert first[:4] == ("Customer 0", "Plan 0", began, began + timedelta(seconds=1))
    assert second[:4] == (f"Customer {2 if moves else 1}", "Plan 0", first[3], None)


def test_without_dates_a_change_lies_between_the_readings_though_the_clock_was_set_back(
    world: World,
) -> None:
    speak_v2(world)
    world.wait(3_600)
    world.read()
    ReadingState.objects.update(read_until=world.now + timedelta(hours=5))
    world.wait(30)
    world.add_camera("gate")
    seen = world.wait(30)
    world.read()

    assert world.ledger("gate") == [("Customer 0", "Plan 0", seen, None, -60, None)]


@pytest.mark.parametrize("hours", [-2, 2])
def test_nothing_is_changed_while_the_clocks_differ_by_hours(world: World, hours: int) -> None:
    world.wait(60)
    world.read()
    began = world.wait(20)
    world.add_camera("gate")
    clock = world.standin.clock
    clock.offset_seconds = hours * 3_600
    state = world.read()
    clock.offset_seconds = 0
    between = world.ledger("gate")
    world.wait(40)
    world.read()

    assert state.failure["error"] == "ClocksDifferError"
    assert state.failure["details"] == {"minutes": 120}
    assert between == []
    assert world.ledger("gate") == [("Customer 0", "Plan 0", began, None, 0, None)]


@pytest.mark.parametrize("at_the_end", [False, True])
def test_instants_are_watchers_even_if_it_does_not_tell_the_time_once(
    world: World, at_the_end: bool
) -> None:
    def miss() -> None:
        world.standin.faults.order("missing", path="/monitoring")

    # Nothing dates this change: it lies between the readings.
    world.speak("v3-25")
    world.standin.switches.set(last_change_by_multiedit="stays")
    world.standin.clock.offset_seconds = -30
    world.add_camera("gate")
    begun = world.wait(60)
    world.read()
    world.wait(5)
    preset = CameraFields(preset_id=world.presets[1])
    world.standin.cameras.edit_many([ImportedRow("gate", preset)])
    before = world.wait(55)
    if at_the_end:
        world.standin.pages.before(1, miss, path="/streams")
    else:
        miss()
    state = world.read()

    (fault,) = world.standin.faults.ordered
    assert fault.happened == 1
    assert state.read_until == before
    seconds = int((before - begun).total_seconds())
    assert world.ledger("gate")[-1][2:] == (before, None, -seconds, None)


def test_a_later_edit_makes_the_instant_of_a_preset_uncertain(world: World) -> None:
    world.speak("v3-25")
    world.wait(10)
    world.add_camera("gate")
    began = world.wait(50)
    world.read()
    world.wait(20)
    world.standin.cameras.change_preset("gate", preset_id=world.presets[1])
    renamed = world.wait(10)
    world.standin.cameras.rename("gate", title="Back door")
    world.wait(30)
    world.read()

    assert (renamed - began).total_seconds() == 30
    assert world.ledger("gate")[-1] == ("Customer 0", "Plan 1", renamed, None, -30, None)


def test_the_log_says_since_when_a_later_edit_makes_it_uncertain(world: World) -> None:
    world.wait(10)
    world.add_camera("gate")
    world.wait(50)
    world.read()
    world.wait(20)
    world.standin.cameras.change_preset("gate", preset_id=world.presets[1])
    renamed = world.wait(10)
    world.standin.cameras.rename("gate", title="Back door")
    world.wait(30)
    world.read()

    assert world.ledger("gate")[-1] == ("Customer 0", "Plan 1", renamed, None, -10, None)


def test_a_camera_made_again_twice_while_it_is_read_ends_when_it_was_removed(
    world: World,
) -> None:
    began = world.wait(10)
    world.add_camera("gate")
    world.wait(50)
    world.read()
    marks = []

    def make_again() -> None:
        marks.append(world.wait(5))
        world.standin.cameras.remove("gate")
        marks.append(world.wait(5))
        world.add_camera("gate")

    world.wait(60)
    # The reading has begun, so the next one has what it saw in its log too.
    world.standin.pages.before(1, make_again, path="/streams")
    world.read()
    world.wait(20)
    make_again()
    world.wait(20)
    world.read()

    assert world.ledger("gate") == [
        ("Customer 0", "Plan 0", began, marks[0], 0, 0),
        ("Customer 0", "Plan 0", marks[1], marks[2], 0, 0),
        ("Customer 0", "Plan 0", marks[3], None, 0, None),
    ]


def test_what_was_read_before_reading_was_switched_off_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.wait(10)
    world.add_camera("gate")
    apply = operations._apply

    def switched_off_before(*reading: Any) -> None:
        Connection.objects.update(reads=False)
        apply(*reading)

    monkeypatch.setattr(operations, "_apply", switched_off_before)
    world.wait(50)
    world.read()

    assert not CameraChange.objects.exists()
    assert world.ledger("gate") == []
