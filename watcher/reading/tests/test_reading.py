"""Tests of what reading makes of changes in Watcher."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organizations.tests.factories import OrganizationFactory
from usage.models import Camera, UsageInterval
from usage.tests.factories import CameraFactory, UsageIntervalFactory
from watcher.models import (
    CameraChange,
    PlatformCamera,
    PlatformOrganization,
    PlatformPreset,
    Poll,
    PresetLink,
    ReadingSettings,
    ReadingState,
)
from watcher.reading.operations import reading_state
from watcher.reading.tests.worlds import NOON, World

MINUTE = timedelta(minutes=1)


def test_the_first_reading_stores_what_is_there_and_changes_no_usage(world: World) -> None:
    assert PlatformCamera.objects.count() == 6
    assert PlatformOrganization.objects.count() == 3
    assert PlatformPreset.objects.count() == 5
    assert not UsageInterval.objects.exists()
    assert Poll.objects.get().outcome == Poll.Outcome.FIRST
    assert not CameraChange.objects.exists()


def test_a_reading_without_news_writes_only_when_it_was(world: World) -> None:
    world.wait(60)
    world.read()
    world.wait(60)

    with CaptureQueriesContext(
        database,
    ) as queries:
        world.read()

    writes = [
        each["sql"]
        for each in queries
        if each["sql"].startswith(("INSERT", "UPDATE", "DELETE")) and "pg_temp" not in each["sql"]
    ]
    assert [sql for sql in writes if sql.startswith('UPDATE "') and "readingstate" not in sql] == []
    assert Poll.objects.count() == 1
    assert ReadingState.objects.get().read_until == NOON + 2 * MINUTE


def test_a_new_camera_is_connected_when_it_was_created(world: World) -> None:
    created = world.wait(17)
    world.add_camera("gate", place=1, preset=2)
    world.wait(43)
    world.read()

    assert world.ledger("gate") == [("Customer 1", "Plan 2", created, None, 0, None)]
    assert Camera.objects.get(name="gate").title == "Gate"
    change = CameraChange.objects.get()
    assert (change.state, change.camera) == ("done", Camera.objects.get(name="gate"))


def test_a_changed_preset_changes_the_tariff_at_that_instant(world: World) -> None:
    began = world.wait(10)
    world.add_camera("gate")
    world.wait(50)
    world.read()
    changed = world.wait(20)
    world.standin.cameras.change_preset("gate", preset_id=world.presets[1])
    world.wait(40)
    world.read()

    assert world.ledger("gate") == [
        ("Customer 0", "Plan 0", began, changed, 0, 0),
        ("Customer 0", "Plan 1", changed, None, 0, None),
    ]


def test_a_moved_camera_changes_its_payer_at_that_instant(world: World) -> None:
    began = world.wait(10)
    world.add_camera("gate")
    world.wait(50)
    world.read()
    moved = world.wait(20)
    world.standin.cameras.move("gate", organization_id=world.tenants[2])
    world.wait(40)
    world.read()

    assert world.ledger("gate") == [
        ("Customer 0", "Plan 0", began, moved, 0, 0),
        ("Customer 2", "Plan 0", moved, None, 0, None),
    ]
    assert Camera.objects.get(name="gate").organization.title == "Customer 2"


def test_a_removed_camera_ends_by_the_log_of_26(world: World) -> None:
    began = world.wait(10)
    world.add_camera("gate")
    world.wait(50)
    world.read()
    removed = world.wait(20)
    world.standin.cameras.remove("gate")
    world.wait(40)
    world.read()

    assert world.ledger("gate") == [("Customer 0", "Plan 0", began, removed, 0, 0)]
    assert not PlatformCamera.objects.filter(name="gate").exists()


@pytest.mark.parametrize("version", ["v3-25", "v2"])
def test_a_removed_camera_ends_at_the_last_reading_without_a_log(
    world: World, version: str
) -> None:
    if version == "v2":
        speak_v2(world)
    else:
        world.speak(version)
    world.wait(60)
    world.add_camera("gate")
    world.wait(30)
    world.read()
    last = world.wait(0)
    began = last if version == "v2" else last - timedelta(seconds=30)
    world.wait(60)
    world.read()
    last = world.wait(0)
    world.wait(20)
    world.standin.cameras.remove("gate")
    world.wait(40)
    world.read()

    known = -90 if version == "v2" else 0
    assert world.ledger("gate") == [("Customer 0", "Plan 0", began, last, known, 60)]


def speak_v2(world: World) -> None:
    from foundation.encryption import encrypt

    world.speak(
        "v2",
        sign_in="system_key",
        login="",
        secret=encrypt(world.standin.sessions.system_key),
    )


def test_v2_says_only_between_which_readings_a_preset_changed(world: World) -> None:
    speak_v2(world)
    world.wait(60)
    world.add_camera("gate")
    world.read()
    world.wait(20)
    world.standin.cameras.change_preset("gate", preset_id=world.presets[1])
    seen = world.wait(40)
    world.read()

    assert world.ledger("gate")[-1] == ("Customer 0", "Plan 1", seen, None, -60, None)


def test_a_camera_made_again_has_a_gap(world: World) -> None:
    began = world.wait(10)
    world.add_camera("gate")
    world.wait(50)
    world.read()
    removed = world.wait(20)
    world.standin.cameras.remove("gate")
    again = world.wait(15)
    world.add_camera("gate", preset=1)
    world.wait(25)
    world.read()

    assert world.ledger("gate") == [
        ("Customer 0", "Plan 0", began, removed, 0, 0),
        ("Customer 0", "Plan 1", again, None, 0, None),
    ]


def test_a_title_changes_nothing_but_the_title(world: World) -> None:
    name = PlatformCamera.objects.all()[0].name
    before = CameraChange.objects.count()
    world.wait(30)
    world.standin.cameras.rename(name, title="Back door")
    world.wait(30)
    world.read()

    assert PlatformCamera.objects.get(name=name).title == "Back door"
    assert CameraChange.objects.count() == before


def test_a_disabled_camera_is_charged_unless_the_settings_say_otherwise(world: World) -> None:
    began = world.wait(10)
    world.add_camera("gate")
    world.read()
    world.wait(60)
    world.standin.cameras.disable("gate")
    world.wait(10)
    world.read()
    charged = world.ledger("gate")
    world.standin.cameras.enable("gate")
    world.wait(10)
    world.read()
    ReadingSettings.objects.create(charges_disabled=False)
    off = world.wait(30)
    world.standin.cameras.disable("gate")
    world.wait(10)
    world.read()
    on = world.wait(30)
    world.standin.cameras.enable("gate")
    world.wait(10)
    world.read()

    assert charged == [("Customer 0", "Plan 0", began, None, 0, None)]
    assert world.ledger("gate") == [
        ("Customer 0", "Plan 0", began, off, 0, 0),
        ("Customer 0", "Plan 0", on, None, 0, None),
    ]


def test_cameras_in_use_here_as_in_watcher_are_taken_over(unlinked: World) -> None:
    unlinked.make_tariffs()
    unlinked.link_organizations()
    standing = next(iter(unlinked.standin.state.cameras.values()))
    place = unlinked.tenants.index(standing.organization_id)
    preset = unlinked.presets.index(standing.preset_id)
    organization, tariff = unlinked.organizations[place], unlinked.tariffs[preset]
    camera = CameraFactory.create(name=standing.name, organization=organization)
    UsageIntervalFactory.create(camera=camera, tariff=tariff)
    unlinked.read()
    unlinked.link_presets()
    before = unlinked.ledger(standing.name)
    removed = unlinked.wait(30)
    unlinked.standin.cameras.remove(standing.name)
    unlinked.wait(30)
    unlinked.read()

    assert len(before) == 1
    assert unlinked.ledger(standing.name)[0][3] == removed


# --- Held back ------------------------------------------------------------------------------------


def test_a_preset_without_a_tariff_holds_back_until_it_is_linked(world: World) -> None:
    link = PresetLink.objects.get(preset__preset_id=str(world.presets[1]))
    link.delete()
    began = world.wait(10)
    world.add_camera("gate")
    world.read()
    changed = world.wait(60)
    world.standin.cameras.change_preset("gate", preset_id=world.presets[1])
    world.wait(10)
    world.read()
    back = world.wait(60)
    world.standin.cameras.change_preset("gate", preset_id=world.presets[2])
    world.wait(10)
    world.read()
    held = world.reasons()
    between = world.ledger("gate")
    PresetLink.objects.create(preset=link.preset, tariff=world.tariffs[1])
    world.wait(10)
    world.read()

    assert held == {"gate": ["no_tariff", "earlier"]}
    assert between == [("Customer 0", "Plan 0", began, None, 0, None)]
    assert world.ledger("gate") == [
        ("Customer 0", "Plan 0", began, changed, 0, 0),
        ("Customer 0", "Plan 1", changed, back, 0, 0),
        ("Customer 0", "Plan 2", back, None, 0, None),
    ]
    assert world.reasons() == {}


def test_an_organization_that_is_not_linked_holds_back(world: World) -> None:
    organization = world.organizations[0]
    organization.watcher_id = None
    organization.save()
    began = world.wait(10)
    world.add_camera("gate")
    world.wait(10)
    world.read()
    held = world.reasons()
    since = CameraChange.objects.get().held_since
    world.wait(60)
    world.read()
    organization.watcher_id = str(world.tenants[0])
    organization.save()
    world.wait(60)
    world.read()

    assert held == {"gate": ["no_organization"]}
    assert since == began + timedelta(seconds=10)
    assert world.ledger("gate") == [("Customer 0", "Plan 0", began, None, 0, None)]


def test_a_tariff_that_is_not_available_holds_back(world: World) -> None:
    world.organizations[0].tariffs.remove(world.tariffs[0])
    began = world.wait(10)
    world.add_camera("gate")
    world.read()
    held = world.reasons()
    world.organizations[0].tariffs.add(world.tariffs[0])
    world.wait(60)
    world.read()

    assert held == {"gate": ["not_available"]}
    assert world.ledger("gate") == [("Customer 0", "Plan 0", began, None, 0, None)]


def test_a_camera_of_another_organization_here_is_held_back_until_accepted(world: World) -> None:
    from accounts.tests.factories import OperatorFactory
    from watcher.reading.operations import accept

    other = OrganizationFactory.create(title="Other")
    camera = CameraFactory.create(name="gate", organization=other)
    UsageIntervalFactory.create(camera=camera, tariff=world.tariffs[0])
    began = world.wait(10)
    world.add_camera("gate")
    world.read()
    held = world.reasons()
    accept(ids=[CameraChange.objects.get().pk], by=OperatorFactory.create())
    world.wait(60)
    world.read()

    assert held == {"gate": ["elsewhere"]}
    assert [row[0] for row in world.ledger("gate")] == ["Other", "Customer 0"]
    assert world.ledger("gate")[1][2] == began


def test_usage_that_somebody_changed_here_is_not_overwritten(world: World) -> None:
    from usage.cameras.operations import change_tariff

    world.wait(10)
    world.add_camera("gate")
    world.read()
    by_hand = world.wait(60)
    use = UsageInterval.objects.get()
    change_tariff(
        organization_id=use.organization_id,
        use_ids=[use.pk],
        tariff_id=world.tariffs[4].pk,
        at=by_hand,
        now=world.now,
    )
    world.wait(60)
    world.standin.cameras.change_preset("gate", preset_id=world.presets[1])
    world.wait(10)
    world.read()

    assert world.reasons() == {"gate": ["differs"]}
    assert world.ledger("gate")[-1][1] == "Plan 4"


def test_many_cameras_of_one_edit_change_together(world: World) -> None:
    began = world.wait(10)
    for number in range(30):
        world.add_camera(f"hall-{number:02d}")
    world.wait(10)
    world.read()
    changed = world.wait(60)
    for number in range(30):
        world.standin.cameras.change_preset(f"hall-{number:02d}", preset_id=world.presets[1])
    world.wait(10)
    world.read()

    for number in range(30):
        assert world.ledger(f"hall-{number:02d}") == [
            ("Customer 0", "Plan 0", began, changed, 0, 0),
            ("Customer 0", "Plan 1", changed, None, 0, None),
        ]


def test_limits_are_stored_as_far_as_there_are_any(world: World) -> None:
    first, second, third = world.tenants
    world.standin.organizations.change(first, stream_limit=40)
    world.standin.organizations.change(second, stream_limit=10**12, user_limit=7)
    world.read()

    stored = {
        each.tenant_id: (each.most_cameras, each.most_users)
        for each in PlatformOrganization.objects.all()
    }
    assert stored == {
        str(first): (40, None),
        str(second): (2_147_483_647, 7),
        str(third): (None, None),
    }


def test_a_camera_whose_preset_got_another_tariff_is_followed_all_the_same(world: World) -> None:
    world.wait(10)
    world.add_camera("gate")
    world.wait(50)
    world.read()
    PresetLink.objects.filter(preset__preset_id=str(world.presets[0])).update(
        tariff=world.tariffs[3]
    )
    moved = world.wait(20)
    world.standin.cameras.move("gate", organization_id=world.tenants[1])
    world.wait(40)
    world.read()

    assert world.reasons() == {}
    assert [row[:2] for row in world.ledger("gate")] == [
        ("Customer 0", "Plan 0"),
        ("Customer 1", "Plan 3"),
    ]
    assert world.ledger("gate")[1][2] == moved


def test_what_changes_nothing_that_is_charged_is_not_held_back(world: World) -> None:
    """Cameras that were there at first are not in use here, whether they are disabled or not."""
    world.wait(10)
    for camera in world.standin.state.cameras.values():
        world.standin.cameras.change(camera.name, disabled=not camera.disabled)
    world.wait(50)
    world.read()

    assert world.reasons() == {}
    assert not UsageInterval.objects.exists()


# --- What a reading does not see ------------------------------------------------------------------


@pytest.mark.parametrize("version", ["v3-26", "v3-25"])
def test_a_camera_that_was_moved_before_it_was_seen_is_not_charged_for_the_time_before(
    world: World, version: str
) -> None:
    """Nobody knows who had it, and with which preset, when it was created."""
    world.speak(version)
    world.wait(10)
    world.add_camera("gate")
    moved = world.wait(20)
    world.standin.cameras.move("gate", organization_id=world.tenants[1])
    world.wait(30)
    world.read()

    assert world.ledger("gate") == [("Customer 1", "Plan 0", moved, None, -20, None)]


def test_a_camera_made_again_and_moved_is_charged_from_then_on(world: World) -> None:
    world.wait(10)
    world.add_camera("gate")
    world.wait(10)
    world.read()
    removed = world.wait(10)
    world.standin.cameras.remove("gate")
    world.wait(10)
    world.add_camera("gate", place=1)
    moved = world.wait(20)
    world.standin.cameras.move("gate", organization_id=world.tenants[2])
    world.wait(10)
    world.read()

    rows = [row[:1] + row[2:] for row in world.ledger("gate")]
    assert rows[0][2] == removed
    assert rows[1] == ("Customer 2", moved, None, -20, None)


@pytest.mark.parametrize(
    ("here", "follows"), [("Gate", True), ("Our own", False), ("", False)], ids=str
)
def test_the_title_here_follows_if_it_was_the_same_there(
    world: World, here: str, follows: bool
) -> None:
    world.wait(10)
    world.add_camera("gate")
    world.wait(10)
    world.read()
    Camera.objects.filter(name="gate").update(title=here)
    world.wait(10)
    world.standin.cameras.rename("gate", title="Back door" * 30)
    world.wait(10)
    world.read()

    found = Camera.objects.get(name="gate").title
    assert found == (("Back door" * 30)[:200] if follows else here)


def test_a_title_that_is_cut_here_follows(world: World) -> None:
    world.wait(10)
    world.add_camera("gate")
    world.standin.cameras.rename("gate", title="Back door" * 30)
    world.wait(10)
    world.read()
    assert len(Camera.objects.get(name="gate").title) == 200
    world.standin.cameras.rename("gate", title="Gate")
    world.wait(10)
    world.read()

    assert Camera.objects.get(name="gate").title == "Gate"


def test_cameras_whose_names_cannot_be_stored_are_reported(
    world: World, operator_client: Client
) -> None:
    cameras = reading_state().cameras
    for name in ("y" * 200, *(f"{number:02d}" + "x" * 250 for number in range(22))):
        world.add_camera(name)
    world.wait(60)
    state = world.read()

    assert (state.left_out, len(state.left_out_names)) == (22, 20)
    assert state.cameras == cameras + 1
    assert Camera.objects.filter(name="y" * 200).exists()
    page = operator_client.get("/watcher/reading/").text
    assert "22 cameras are left out, and not charged" in page
    assert "00" + "x" * 199 in page
    assert "and 2 more" in page
    home = operator_client.get("/").text
    assert "22 cameras of Watcher are left out because of their names" in home

    for number in range(22):
        world.standin.cameras.remove(f"{number:02d}" + "x" * 250)
    world.wait(60)

    assert (world.read().left_out, reading_state().left_out_names) == (0, [])
    assert "left out" not in operator_client.get("/watcher/reading/").text
