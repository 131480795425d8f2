"""Tests of suspensions in Watcher: each once in effect, and restored exactly."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from organizations.models import Organization
from usage.cameras import operations as usage
from usage.models import UsageInterval
from watcher.models import (
    ReadingSettings,
    SuspendedItem,
    SuspensionSettings,
    WatcherSuspension,
    WriteRequest,
)
from watcher.reading.tests.worlds import World, live_by
from watcher.standin.web.faults import Kind
from watcher.suspending import operations
from watcher.suspending.operations import carry_out, due_organizations, want
from watcher.suspending.shown import suspension_fact
from watcher.writing.carrying_out import carry_out_due

State, ItemState = WatcherSuspension.State, SuspendedItem.State
EVERYTHING = {"blocks_users": True, "disables_cameras": True, "limits_cameras": True}
VERSIONS = ("v3-26", "v3-25", "v2")


def choose(**ways: bool) -> None:
    SuspensionSettings.objects.create(**{**dict.fromkeys(operations.SETTINGS, False), **ways})


def wish(world: World, is_suspended: bool, place: int = 0) -> None:
    """Say that an organization is to be suspended or not."""
    pk = world.organizations[place].pk
    want(organization_id=pk, is_suspended=is_suspended, now=world.now)


def attempt(world: World, place: int = 0) -> WatcherSuspension | None:
    """Carry out what is due; return the organization's last suspension."""
    pk = world.organizations[place].pk
    carry_out(organization_id=pk, clock=lambda: world.now)
    return WatcherSuspension.objects.filter(organization=pk).first()


def suspend(world: World) -> None:
    wish(world, True)
    found = attempt(world)
    assert found is not None
    assert (found.state, found.failure) == (State.SUSPENDED, {})


def restore(world: World) -> None:
    wish(world, False)
    found = attempt(world)
    assert found is not None
    assert (found.state, found.failure) == (State.RESTORED, {})


def truth(world: World) -> tuple[Any, ...]:
    """Return all that a suspension may change, as Watcher has it."""
    state = world.standin.state
    return (
        {each.name: each.disabled for each in state.cameras.values()},
        {each.name: each.disabled for each in state.users.values()},
        {each.id: (each.stream_limit, each.user_limit) for each in state.organizations.values()},
    )


def names(world: World, place: int = 0) -> list[str]:
    tenant = world.tenants[place]
    cameras = world.standin.state.cameras.values()
    return [each.name for each in cameras if each.organization_id == tenant]


def owner(world: World, place: int = 0) -> Any:
    state = world.standin.state
    return state.users[state.organizations[world.tenants[place]].owner_id or 0]


def speak(world: World, version: str) -> None:
    if version == "v2":
        world.speak(
            "v2", sign_in="system_key", secret=_encrypted(world.standin.sessions.system_key)
        )
    else:
        world.speak(version)


def _encrypted(secret: str) -> str:
    from foundation.encryption import encrypt

    return encrypt(secret)


# --- Suspended and restored exactly ---------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_everything_is_suspended_and_restored_exactly(world: World, version: str) -> None:
    speak(world, version)
    choose(**EVERYTHING)
    tenant = world.tenants[0]
    off = names(world)[0]
    world.standin.cameras.disable(off)
    world.standin.organizations.change(tenant, stream_limit=30, user_limit=5)
    blocked = world.standin.users.add(name="blocked", password="password", disabled=True)
    world.standin.organizations.add_member(tenant, user_id=blocked.id)
    before = truth(world)

    suspend(world)
    cameras, users, limits = truth(world)

    assert {name for name, is_off in cameras.items() if is_off} == set(names(world))
    assert {name for name, is_off in users.items() if is_off} == {owner(world).name, "blocked"}
    assert limits[tenant] == (len(names(world)), 5)
    assert limits[world.tenants[1]] == before[2][world.tenants[1]]
    restore(world)
    assert truth(world) == before


@pytest.mark.parametrize("way", sorted(EVERYTHING))
def test_only_what_the_provider_chose_is_changed(world: World, way: str) -> None:
    choose(**{way: True})
    world.standin.organizations.change(world.tenants[0], stream_limit=30)
    before = truth(world)

    suspend(world)

    changed = [old != new for old, new in zip(before, truth(world), strict=True)]
    expected = ["disables_cameras", "blocks_users", "limits_cameras"]
    assert changed == [way == each for each in expected]


def test_users_are_blocked_unless_something_else_is_chosen(world: World) -> None:
    suspend(world)

    assert owner(world).disabled
    assert not any(truth(world)[0].values())


@pytest.mark.parametrize("version", VERSIONS)
def test_a_second_time_does_nothing(world: World, version: str) -> None:
    speak(world, version)
    choose(**EVERYTHING)
    suspend(world)
    calls = len(world.standin.calls.to("", "PUT"))

    wish(world, True)
    attempt(world)

    assert len(world.standin.calls.to("", "PUT")) == calls
    assert WatcherSuspension.objects.count() == 1
    restore(world)
    calls = len(world.standin.calls.to("", "PUT"))
    wish(world, False)
    attempt(world)
    assert len(world.standin.calls.to("", "PUT")) == calls


def test_what_somebody_in_watcher_changes_meanwhile_stays(world: World) -> None:
    choose(**EVERYTHING)
    world.standin.organizations.change(world.tenants[0], stream_limit=30)
    suspend(world)
    world.wait(60)
    world.read()
    enabled, removed, again, *_rest = names(world)

    world.standin.cameras.enable(enabled)
    world.standin.cameras.remove(removed)
    world.standin.cameras.enable(again)
    world.wait(60)
    world.read()
    world.standin.cameras.disable(again)
    world.standin.organizations.change(world.tenants[0], stream_limit=17)
    world.wait(60)
    world.read()
    restore(world)

    cameras = world.standin.state.cameras
    assert not cameras[enabled].disabled
    assert removed not in cameras
    assert cameras[again].disabled
    assert world.standin.state.organizations[world.tenants[0]].stream_limit == 17
    assert not owner(world).disabled


def test_another_way_chosen_meanwhile_leaves_what_is_suspended(world: World) -> None:
    choose(blocks_users=True)
    before = truth(world)
    suspend(world)
    SuspensionSettings.objects.update(blocks_users=False, disables_cameras=True)

    restore(world)

    assert truth(world) == before


def test_suspended_again_while_it_is_being_restored(world: World) -> None:
    choose(**EVERYTHING)
    before = truth(world)
    suspend(world)
    world.standin.faults.order("unavailable", calls=None, path="/streams", method="PUT")
    wish(world, False)
    attempt(world)
    world.standin.faults.clear()
    assert not owner(world).disabled

    wish(world, True)
    found = attempt(world)

    assert found is not None
    assert found.state == State.SUSPENDED
    assert owner(world).disabled
    assert all(world.standin.state.cameras[name].disabled for name in names(world))
    restore(world)
    assert truth(world) == before


def test_restored_before_anything_was_done(world: World) -> None:
    wish(world, True)
    wish(world, False)

    assert attempt(world) is None
    assert world.standin.calls.to("", "PUT") == []


def test_many_cameras_are_looked_at_some_at_a_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "TOGETHER", 3)
    choose(disables_cameras=True)
    for number in range(4):
        world.add_camera(f"hall-{number}")
    world.wait(60)
    world.read()
    before = truth(world)

    suspend(world)

    assert sum(truth(world)[0].values()) == 8
    restore(world)
    assert truth(world) == before


# --- Killed and broken ----------------------------------------------------------------------------


class _Killed(BaseException):
    """The worker was killed."""


@pytest.mark.parametrize("is_suspended", [True, False])
@pytest.mark.parametrize("version", VERSIONS)
def test_killed_at_any_point_it_continues(
    world: World, version: str, is_suspended: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each worker is killed one call later than the one before: before the call, or after it."""
    from watcher.clients.transport import Transport

    speak(world, version)
    choose(**EVERYTHING)
    monkeypatch.setattr(operations, "TOGETHER", 2)
    world.standin.organizations.change(world.tenants[0], stream_limit=30)
    off = names(world)[0]
    world.standin.cameras.disable(off)
    before = truth(world)
    if not is_suspended:
        suspend(world)
    send = Transport._send
    calls, fatal, dies_after = 0, 0, False

    def killed(self: Transport, *args: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == fatal and not dies_after:
            raise _Killed
        answer = send(self, *args)
        if calls == fatal:
            raise _Killed
        return answer

    monkeypatch.setattr(Transport, "_send", killed)
    wish(world, is_suspended)
    kills = 0
    for fatal in range(1, 100):
        calls, dies_after = 0, fatal % 2 == 0
        try:
            attempt(world)
            break
        except _Killed:
            kills += 1
    monkeypatch.setattr(Transport, "_send", send)

    assert kills > 5
    found = WatcherSuspension.objects.get()
    if is_suspended:
        assert found.state == State.SUSPENDED
        assert all(world.standin.state.cameras[name].disabled for name in names(world))
        assert owner(world).disabled
        restore(world)
    assert WatcherSuspension.objects.get().state == State.RESTORED
    assert truth(world) == before


BROKEN: list[Kind] = [
    "closed",
    "bad_gateway",
    "broken",
    "cut",
    "not_json",
    "too_many",
    "unavailable",
]


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("kind", BROKEN)
def test_calls_that_break_are_made_once_in_effect(world: World, kind: Kind, after: bool) -> None:
    from watcher.clients import transport

    choose(**EVERYTHING)
    world.standin.organizations.change(world.tenants[0], stream_limit=30)
    before = truth(world)
    wish(world, True)
    found = None
    for number in range(40):
        path = ("/organizations", "/users", "/streams")[number % 3]
        world.standin.faults.clear()
        if number < 6:
            world.standin.faults.order(kind, path=path, method="PUT", after=after, retry_after="1")
        found = attempt(world)
        assert found is not None
        if found.state == State.SUSPENDED:
            break
        assert found.failure
        transport._gates.clear()
        world.wait(3_600)
    assert found is not None
    assert found.state == State.SUSPENDED
    assert found.failure == {}
    assert found.failing_since is None

    world.standin.faults.clear()
    restore(world)

    assert truth(world) == before


@pytest.mark.parametrize(
    ("version", "path"),
    [
        ("v3-26", "/users"),
        ("v3-26", "/streams"),
        ("v3-26", "/organizations"),
        ("v2", "/users"),
        ("v2", "/cameras"),
    ],
)
def test_what_one_answer_says_is_gone_is_restored_all_the_same(
    world: World, version: str, path: str
) -> None:
    """A proxy may answer a 404 for something that is there."""
    speak(world, version)
    choose(**EVERYTHING)
    world.standin.organizations.change(world.tenants[0], stream_limit=30)
    before = truth(world)
    suspend(world)
    assert truth(world) != before
    wish(world, False)

    world.standin.faults.order("missing", method="GET", path=path)
    found = attempt(world)
    world.standin.faults.clear()
    if found and found.state != State.RESTORED:
        world.wait(3_600)
        found = attempt(world)

    assert found is not None
    assert found.state == State.RESTORED
    assert truth(world) == before


def test_one_refused_camera_does_not_keep_the_others_from_being_suspended(world: World) -> None:
    choose(**EVERYTHING)
    refused = names(world)[1]
    path = "/streams/" + refused.replace("/", "%2F")
    world.standin.faults.order("forbidden", calls=None, path=path, method="PUT")
    wish(world, True)

    found = attempt(world)

    assert found is not None
    assert found.state == State.SUSPENDING
    assert found.failure["error"] == "NoRightError"
    assert found.next_attempt_at > world.now
    assert owner(world).disabled
    off = {name for name, is_off in truth(world)[0].items() if is_off}
    assert off == set(names(world)) - {refused}
    # Nobody is asked again before it is time.
    calls = len(world.standin.calls.to(""))
    attempt(world)
    assert len(world.standin.calls.to("")) == calls
    world.standin.faults.clear()
    world.wait(3_600)
    assert attempt(world).state == State.SUSPENDED  # type: ignore[union-attr]


def test_a_camera_that_somebody_disables_before_its_turn_stays_off(world: World) -> None:
    choose(disables_cameras=True)
    theirs = names(world)[-1]
    wish(world, True)
    world.standin.faults.order("unavailable", calls=None, path="/streams")
    found = attempt(world)
    assert found is not None
    assert found.items.filter(state=ItemState.PLANNED).count() == 4
    world.standin.faults.clear()
    world.standin.cameras.disable(theirs)
    world.wait(3_600)
    attempt(world)

    restore(world)

    assert {name for name, is_off in truth(world)[0].items() if is_off} == {theirs}


def test_another_process_does_not_do_the_same(world: World) -> None:
    from django.db import connection

    wish(world, True)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            lock = operations._LOCKS + world.organizations[0].pk
            cursor.execute("SELECT pg_advisory_lock(%s)", [lock])
        found = attempt(world)
        assert found is not None
        assert found.state == State.SUSPENDING
    finally:
        # The server may notice later that a connection is closed.
        other.cursor().execute("SELECT pg_advisory_unlock_all()")
        other.close()
    assert attempt(world).state == State.SUSPENDED  # type: ignore[union-attr]


def test_what_a_request_is_at_is_done_afterwards(world: World) -> None:
    from django.db import connection

    from watcher.writing.carrying_out import lock_key

    choose(disables_cameras=True)
    busy = names(world)[0]
    wish(world, True)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [lock_key(f"camera:{busy}")])
        found = attempt(world)
        assert found is not None
        assert (found.state, found.failure) == (State.SUSPENDING, {})
        off = {name for name, is_off in truth(world)[0].items() if is_off}
        assert off == set(names(world)) - {busy}
    finally:
        # The server may notice later that a connection is closed.
        other.cursor().execute("SELECT pg_advisory_unlock_all()")
        other.close()

    assert attempt(world).state == State.SUSPENDED  # type: ignore[union-attr]
    assert world.standin.state.cameras[busy].disabled


@pytest.mark.parametrize("writes", [True, False])
def test_what_is_off_here_by_then_is_not_restored_where_billing_writes(
    world: World, writes: bool
) -> None:
    """A camera that was disconnected stays off, and so does an owner who is blocked."""
    choose(**EVERYTHING)
    world.connection.writes_cameras, world.connection.writes_users = writes, writes
    world.connection.save()
    world.wait(60)
    for name in ("hall-1", "hall-2"):
        world.add_camera(name)
    world.wait(60)
    world.read()
    suspend(world)
    now = world.wait(60)
    use = UsageInterval.objects.in_use().get(camera__name="hall-1")
    usage.disconnect(
        organization_id=use.organization_id, use_ids=[use.pk], at=now, now=now, within_seconds=None
    )
    User.objects.filter(pk=world.organizations[0].owner_id).update(is_active=False)
    world.organizations[0].refresh_from_db()

    restore(world)

    cameras = world.standin.state.cameras
    assert cameras["hall-1"].disabled is writes
    assert not cameras["hall-2"].disabled
    assert owner(world).disabled is writes


def test_a_camera_that_was_disconnected_before_its_request_was_carried_out_stays_off(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request finds what it asks for: the suspension has disabled the camera meanwhile."""
    live_by(world, monkeypatch)
    choose(disables_cameras=True)
    world.connection.writes_cameras = True
    world.connection.save()
    world.wait(60)
    world.add_camera("hall")
    world.wait(60)
    world.read()
    use, now = UsageInterval.objects.in_use().get(camera__name="hall"), world.wait(60)
    usage.disconnect(organization_id=use.organization_id, use_ids=[use.pk], at=now, now=now)
    world.wait(60)
    suspend(world)
    world.wait(60)
    carry_out_due(clock=lambda: world.now, sleep=world.sleep)
    world.wait(60)
    world.read()

    restore(world)
    world.wait(60)
    world.read()

    assert world.standin.state.cameras["hall"].disabled
    assert len(world.ledger("hall")) == 1
    assert not UsageInterval.objects.in_use().filter(camera__name="hall").exists()


def test_a_camera_that_is_disconnected_when_its_suspension_has_just_ended_is_disabled(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No reading has seen yet that it is enabled again."""
    live_by(world, monkeypatch)
    choose(disables_cameras=True)
    world.connection.writes_cameras = True
    world.connection.save()
    world.wait(60)
    world.add_camera("hall")
    world.wait(60)
    world.read()
    suspend(world)
    world.wait(60)
    world.read()
    world.wait(60)
    restore(world)
    use, now = UsageInterval.objects.in_use().get(camera__name="hall"), world.wait(60)
    usage.disconnect(organization_id=use.organization_id, use_ids=[use.pk], at=now, now=now)
    carry_out_due(clock=lambda: world.now, sleep=world.sleep)

    assert world.standin.state.cameras["hall"].disabled
    assert [each.state for each in WriteRequest.objects.all()] == ["done"]


# --- Only where it is wanted ----------------------------------------------------------------------


def test_nothing_is_done_while_it_is_switched_off(world: World) -> None:
    world.connection.suspends = False
    world.connection.save()
    wish(world, True)
    before = truth(world)

    found = attempt(world)

    assert found is not None
    assert found.state == State.SUSPENDING
    assert truth(world) == before
    fact = suspension_fact(world.organizations[0].owner, world.organizations[0], world.now)
    assert fact is None
    world.connection.suspends = True
    world.connection.save()
    assert due_organizations(world.now) == [world.organizations[0].pk]
    attempt(world)
    assert owner(world).disabled


def test_what_is_switched_off_meanwhile_is_neither_continued_nor_restored(world: World) -> None:
    suspend(world)
    world.connection.suspends = False
    world.connection.save()

    wish(world, False)
    attempt(world)

    assert owner(world).disabled


def test_an_organization_without_an_id_waits_until_it_is_linked(world: World) -> None:
    organization = world.organizations[0]
    Organization.objects.filter(pk=organization.pk).update(watcher_id=None)
    wish(world, True)
    assert due_organizations(world.now) == []

    Organization.objects.filter(pk=organization.pk).update(watcher_id=str(world.tenants[0]))
    attempt(world)

    assert owner(world).disabled


def test_an_organization_that_is_unlinked_meanwhile_is_restored(world: World) -> None:
    before = truth(world)
    suspend(world)
    Organization.objects.filter(pk=world.organizations[0].pk).update(watcher_id=None)

    restore(world)

    assert truth(world) == before


# --- The ledger -----------------------------------------------------------------------------------


@pytest.mark.parametrize("charges_disabled", [True, False])
@pytest.mark.parametrize("version", VERSIONS)
def test_cameras_keep_their_intervals(world: World, version: str, charges_disabled: bool) -> None:
    speak(world, version)
    ReadingSettings.objects.create(charges_disabled=charges_disabled)
    choose(disables_cameras=True)
    world.wait(60)
    for number in range(3):
        world.add_camera(f"hall-{number}")
    world.wait(60)
    world.read()
    before = {name: world.ledger(name) for name in ("hall-0", "hall-1")}
    world.wait(60)

    suspend(world)
    world.wait(60)
    world.read()
    changed = world.wait(60)
    world.standin.cameras.change_preset("hall-1", preset_id=world.presets[1])
    world.wait(60)
    world.read()
    restore(world)
    world.wait(60)
    world.read()

    assert not {"hall-0", "hall-1", "hall-2"} & set(world.reasons())
    assert world.ledger("hall-0") == before["hall-0"]
    rows = [row[:4] for row in world.ledger("hall-1")]
    if version == "v2":
        changed = rows[1][2]
    start = before["hall-1"][0][2]
    assert rows == [
        ("Customer 0", "Plan 0", start, changed),
        ("Customer 0", "Plan 1", changed, None),
    ]
    assert UsageInterval.objects.in_use().count() == 3


def test_a_camera_that_somebody_disables_in_a_suspension_is_not_charged(world: World) -> None:
    ReadingSettings.objects.create(charges_disabled=False)
    choose(disables_cameras=True)
    world.wait(60)
    world.add_camera("hall")
    world.wait(60)
    world.read()
    suspend(world)
    world.wait(60)
    world.read()

    world.standin.cameras.enable("hall")
    world.wait(60)
    world.read()
    ended = world.wait(20)
    world.standin.cameras.disable("hall")
    world.wait(60)
    world.read()

    assert world.ledger("hall")[0][3] == ended
    restore(world)
    assert world.standin.state.cameras["hall"].disabled
