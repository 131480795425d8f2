"""Tests of readings that go wrong: no usage is wrong or ended because of them."""

from __future__ import annotations

import pytest

from accounts.tests.factories import OperatorFactory
from usage.models import UsageInterval
from watcher.models import CameraChange, PlatformCamera, Poll, ReadingState
from watcher.reading import operations
from watcher.reading.operations import VanishedOthers, accept, confirm_vanished
from watcher.reading.tests.worlds import World
from watcher.standin.web.faults import Kind

KINDS: list[Kind] = [
    "forbidden",
    "missing",
    "broken",
    "bad_gateway",
    "cut",
    "not_json",
    "closed",
]


def settle(world: World) -> None:
    """Have cameras in use, on several pages."""
    world.standin.switches.set(largest_page=10)
    world.wait(10)
    for number in range(24):
        world.add_camera(f"hall-{number:02d}", place=number % 3)
    world.wait(50)
    world.read()
    assert UsageInterval.objects.in_use().count() == 24


def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    from watcher.clients import transport

    monkeypatch.setattr(transport, "WAITS", ())
    monkeypatch.setattr("watcher.connection.clients.WAITS", ())


@pytest.mark.parametrize("page", [1, 2, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_a_list_broken_off_changes_nothing(
    world: World, kind: Kind, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_waiting(monkeypatch)
    settle(world)
    before = ReadingState.objects.get().read_until
    removed = world.wait(20)
    world.standin.cameras.remove("hall-05")
    world.wait(40)
    world.standin.faults.order(kind, calls=None, path="/streams", page=page)
    state = world.read()
    in_use = UsageInterval.objects.in_use().count()
    world.standin.faults.clear()
    world.standin.sessions.revoke_all()
    world.wait(60)
    world.read()

    assert state.failure
    assert state.read_until == before
    assert in_use == 24
    assert world.ledger("hall-05")[0][3] == removed
    assert UsageInterval.objects.in_use().count() == 23
    assert operations.reading_state().failure == {}


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_session_that_ends_at_a_page_is_renewed(world: World, page: int) -> None:
    settle(world)
    removed = world.wait(20)
    world.standin.cameras.remove("hall-05")
    world.wait(40)
    world.standin.faults.order("expired", path="/streams", page=page)
    state = world.read()

    assert state.failure == {}
    assert world.ledger("hall-05")[0][3] == removed
    assert UsageInterval.objects.in_use().count() == 23


def test_failures_of_one_kind_are_one_row(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    no_waiting(monkeypatch)
    world.standin.faults.order("bad_gateway", calls=None, path="/streams")
    first = world.now
    for _number in range(3):
        world.read()
        world.wait(60)

    poll = Poll.objects.first()
    assert poll is not None
    assert (poll.outcome, poll.times) == ("failed", 3)
    assert ReadingState.objects.get().failing_since == first
    assert "<html" not in str(poll.failure)


def test_cameras_deleted_while_paging_hide_no_other(world: World) -> None:
    settle(world)
    world.wait(60)
    world.standin.pages.before(3, lambda: world.standin.cameras.remove("hall-00"), path="/streams")
    world.read()
    in_use = UsageInterval.objects.in_use().count()
    world.wait(60)
    world.read()

    assert in_use in (23, 24)
    assert UsageInterval.objects.in_use().count() == 23
    assert PlatformCamera.objects.count() == 6 + 23


def test_too_many_vanished_cameras_are_held_back_until_confirmed(world: World) -> None:
    settle(world)
    removed = world.wait(20)
    for number in range(12):
        world.standin.cameras.remove(f"hall-{number:02d}")
    world.wait(40)
    state = world.read()
    held = UsageInterval.objects.in_use().count()
    with pytest.raises(VanishedOthers):
        confirm_vanished(shown=11, by=OperatorFactory.create())
    confirm_vanished(shown=12, by=OperatorFactory.create())
    world.wait(60)
    world.read()

    assert (state.vanished, held) == (12, 24)
    assert UsageInterval.objects.in_use().count() == 12
    assert world.ledger("hall-03")[0][3] == removed
    assert operations.reading_state().vanished == 0


def test_cameras_out_of_sight_of_the_client_scope_do_not_end(world: World) -> None:
    settle(world)
    world.speak("v3-26", admin_base="")
    world.wait(60)
    world.read()
    member = next(user for user in world.standin.state.users.values() if user.name == "billing")
    world.standin.organizations.remove_member(world.tenants[1], user_id=member.id)
    world.wait(60)
    world.read()
    in_use = UsageInterval.objects.in_use().count()
    reasons = {reason for each in world.reasons().values() for reason in each}
    world.wait(60)
    world.read()
    held = CameraChange.objects.open().count()
    world.standin.organizations.add_member(world.tenants[1], user_id=member.id)
    world.wait(60)
    world.read()

    assert in_use == 24
    assert reasons == {"unseen"}
    assert held == 10
    assert world.reasons() == {}
    assert UsageInterval.objects.in_use().count() == 24


def test_a_camera_out_of_sight_ends_when_somebody_says_that_it_is_gone(world: World) -> None:
    settle(world)
    world.speak("v3-26", admin_base="")
    last = world.wait(60)
    world.read()
    world.wait(20)
    world.standin.switches.set(log_reach_days=0)
    world.standin.cameras.remove("hall-01")
    world.standin.state.log.clear()
    world.wait(40)
    world.read()
    accept(ids=[CameraChange.objects.open().get().pk], by=OperatorFactory.create())
    world.wait(60)
    world.read()

    assert world.ledger("hall-01")[0][3:] == (last, 0, 60)
    assert world.reasons() == {}


@pytest.mark.parametrize("minutes", [-7, 7])
def test_instants_are_those_of_watchers_clock(world: World, minutes: int) -> None:
    world.standin.clock.offset_seconds = 60 * minutes
    world.wait(600)
    world.read()
    created = world.wait(20)
    world.add_camera("gate")
    world.wait(40)
    world.read()

    assert world.ledger("gate") == [("Customer 0", "Plan 0", created, None, 0, None)]


def test_a_reading_that_dies_half_way_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(world)
    began = world.wait(20)
    world.add_camera("gate")
    world.wait(40)
    with monkeypatch.context() as broken:

        def die(**terms: object) -> None:
            raise KeyboardInterrupt

        broken.setattr(operations, "carry_out", die)
        with pytest.raises(KeyboardInterrupt):
            world.read()
    assert not CameraChange.objects.filter(name="gate").exists()
    assert not PlatformCamera.objects.filter(name="gate").exists()
    world.read()

    assert world.ledger("gate")[0][2] == began


def test_a_429_with_a_long_wait_is_a_failure_in_words(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_waiting(monkeypatch)
    from watcher.clients import transport

    monkeypatch.setattr(transport, "LONGEST_WAIT", 0)
    world.standin.faults.order("too_many", calls=1, path="/streams", retry_after="60")
    state = world.read()

    assert state.failure["error"] == "TooManyCallsError"
    transport._gates.clear()


def test_nothing_is_read_twice_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import connection

    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [operations._ADVISORY_LOCK])
        calls = len(world.standin.calls.to("/streams"))
        was_read = operations.read_platform(clock=lambda: world.now, is_asked_for=True)
        assert not was_read
        assert len(world.standin.calls.to("/streams")) == calls
    finally:
        other.close()
    # The lock ended with its connection.
    assert operations.read_platform(clock=lambda: world.now, is_asked_for=True)
