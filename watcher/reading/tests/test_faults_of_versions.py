"""The faults of readings with API v2 and with Watcher 25, which date less or nothing."""

from __future__ import annotations

import pytest

from usage.models import UsageInterval
from watcher.models import CameraChange, PlatformCamera
from watcher.reading.tests.test_faults import KINDS, no_waiting, settle
from watcher.reading.tests.worlds import World
from watcher.standin.web.faults import Kind

VERSIONS = ("v3-25", "v2")


def speak(world: World, version: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Change the version, with short pages; return the path of the list of cameras."""
    monkeypatch.setattr("watcher.clients.lists.ROWS_A_PAGE", 10)
    world.speak(version)
    return "/cameras" if version == "v2" else "/streams"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_list_broken_off_changes_nothing(
    world: World, version: str, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_waiting(monkeypatch)
    path = speak(world, version, monkeypatch)
    settle(world)
    last = world.wait(60)
    world.read()
    world.wait(20)
    world.standin.cameras.remove("hall-05")
    world.wait(40)
    world.standin.faults.order(kind, calls=None, path=path, page=2)
    state = world.read()
    in_use = UsageInterval.objects.in_use().count()
    world.standin.faults.clear()
    seen = world.wait(60)
    world.read()

    assert state.failure
    assert in_use == 24
    assert UsageInterval.objects.in_use().count() == 23
    # Nobody saw it after the last whole reading.
    seconds = int((seen - last).total_seconds())
    assert world.ledger("hall-05")[0][3:] == (last, -60 if version == "v2" else 0, seconds)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_session_that_ends_at_a_page_is_renewed(
    world: World, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = speak(world, version, monkeypatch)
    settle(world)
    world.wait(60)
    world.standin.pages.before(2, world.standin.sessions.revoke_all, path=path)
    state = world.read()

    assert state.failure == {}
    assert UsageInterval.objects.in_use().count() == 24


@pytest.mark.parametrize("version", VERSIONS)
def test_cameras_deleted_and_made_while_paging_hide_no_other(
    world: World, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = speak(world, version, monkeypatch)
    settle(world)
    world.wait(60)

    def shift() -> None:
        world.standin.cameras.remove("hall-00")
        world.standin.cameras.remove("hall-01")
        world.add_camera("a-gate")

    world.standin.pages.before(2, shift, path=path)
    world.read()
    shifted = UsageInterval.objects.in_use().count()
    world.wait(60)
    world.read()

    assert 22 <= shifted <= 25
    assert UsageInterval.objects.in_use().count() == 23
    assert PlatformCamera.objects.count() == 6 + 23
    assert not CameraChange.objects.open().exists()


def test_cameras_out_of_sight_of_a_user_of_v2_do_not_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak(world, "v2", monkeypatch)
    settle(world)
    member = next(user for user in world.standin.state.users.values() if user.name == "billing")
    member.access_level = "generic"
    world.wait(60)
    world.read()
    in_use = UsageInterval.objects.in_use().count()
    world.standin.organizations.remove_member(world.tenants[1], user_id=member.id)
    world.wait(60)
    world.read()
    reasons = {reason for each in world.reasons().values() for reason in each}
    world.standin.organizations.add_member(world.tenants[1], user_id=member.id)
    world.wait(60)
    world.read()

    assert in_use == 24
    assert reasons == {"unseen"}
    assert world.reasons() == {}
    assert UsageInterval.objects.in_use().count() == 24


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("minutes", [-7, 7])
def test_a_wrong_clock_of_watcher_moves_no_instant_before_it_was_seen(
    world: World, version: str, minutes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak(world, version, monkeypatch)
    world.standin.clock.offset_seconds = 60 * minutes
    world.wait(600)
    world.read()
    created = world.wait(20)
    world.add_camera("gate")
    world.wait(40)
    world.read()
    ours = world.now.replace(microsecond=0)

    expected = (ours, -60) if version == "v2" else (created, 0)
    assert (world.ledger("gate")[0][2], world.ledger("gate")[0][4]) == expected


def test_a_camera_renamed_or_made_again_in_v2_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """API v2 does not say when a camera was made, so that it is another one cannot be told."""
    speak(world, "v2", monkeypatch)
    settle(world)
    before = world.ledger("hall-01"), world.ledger("hall-02")
    world.wait(20)
    world.standin.cameras.rename("hall-01", title="Front gate")
    world.standin.cameras.make_again("hall-02")
    world.wait(40)
    world.read()

    assert (world.ledger("hall-01"), world.ledger("hall-02")) == before
    assert PlatformCamera.objects.get(name="hall-01").title == "Front gate"
