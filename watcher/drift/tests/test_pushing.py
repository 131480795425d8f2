"""Tests of pushing what billing has to Watcher."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import OperatorFactory
from usage.cameras import operations as usage
from usage.models import UsageInterval
from watcher.drift.comparing import compare
from watcher.drift.kinds import CAMERAS, Kind
from watcher.drift.pushing import CannotPush, possible_pushes, push_ours
from watcher.drift.refusals import NoLongerSo
from watcher.drift.tests.worlds import a_camera, disconnect
from watcher.models import (
    CameraLimit,
    Difference,
    PlatformOrganization,
    PresetLink,
    ReadingSettings,
    WriteRequest,
)
from watcher.reading.tests.worlds import World
from watcher.writing.tests.worlds import Writer


@pytest.fixture
def operator(db: None) -> User:
    return OperatorFactory.create()


@pytest.fixture
def writer(world: World, monkeypatch: pytest.MonkeyPatch) -> Writer:
    """Carries out requests of the world, whose clock is ours; nothing is enabled."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)
    return Writer(world)


def push(world: World, operator: User, *kinds: Kind) -> int:
    """Compare, and push ours of all differences of kinds."""
    compare(now=world.now)
    ids = list(Difference.objects.filter(kind__in=kinds).values_list("pk", flat=True))
    return push_ours(ids=ids, by=operator, now=world.now)


def rename(world: World) -> None:
    tariff = world.tariffs[0]
    tariff.name = "Ours"
    tariff.save()


def test_a_title_is_pushed_and_differs_until_it_is_read(
    world: World, writer: Writer, operator: User
) -> None:
    writer.enable("writes_presets")
    rename(world)

    assert push(world, operator, Kind.PRESET_TITLE) == 1
    assert Difference.objects.filter(kind=Kind.PRESET_TITLE).exists()
    assert push(world, operator, Kind.PRESET_TITLE) == 0
    assert WriteRequest.objects.get().requested_by == operator

    assert writer.write() == [(f"preset:{world.presets[0]}", "done")]
    assert world.standin.state.presets[world.presets[0]].title == "Ours"
    world.wait(60)
    world.read()
    compare(now=world.now)
    assert not Difference.objects.filter(kind=Kind.PRESET_TITLE).exists()


def test_services_are_pushed_in_seconds_and_bytes(
    world: World, writer: Writer, operator: User
) -> None:
    writer.enable("writes_presets")
    tariff = world.tariffs[0]
    tariff.dvr_depth_days, tariff.dvr_space_gb = 10, 300
    tariff.save()
    compare(now=world.now)
    row = Difference.objects.get(kind=Kind.PRESET_SERVICES, tariff=tariff)

    push_ours(ids=[row.pk], by=operator, now=world.now)
    writer.write()

    dvr = world.standin.state.presets[world.presets[0]].dvr
    assert (dvr["expiration"], dvr["storage_limit"]) == (864_000, 300 * 10**9)
    compare(now=world.now)
    assert not Difference.objects.filter(pk=row.pk).exists()


def test_a_camera_gets_the_preset_of_its_tariff_here(
    world: World, writer: Writer, operator: User
) -> None:
    name = a_camera()
    use = UsageInterval.objects.in_use().get(camera__name=name)
    other = next(place for place, each in enumerate(world.tariffs) if each.pk != use.tariff_id)
    usage.change_tariff(
        organization_id=use.organization_id,
        use_ids=[use.pk],
        tariff_id=world.tariffs[other].pk,
        at=world.wait(60),
        now=world.now,
    )
    assert not WriteRequest.objects.exists()
    writer.enable("writes_cameras")

    assert push(world, operator, Kind.CAMERA_TARIFF) == 1
    assert writer.write() == [(f"camera:{name}", "done")]

    assert world.standin.state.cameras[name].preset_id == world.presets[other]
    before = world.ledger(name)
    world.wait(60)
    world.read()
    compare(now=world.now)
    assert not Difference.objects.filter(kind__in=CAMERAS).exists()
    assert world.ledger(name) == before


def test_a_camera_that_is_not_charged_is_disabled_in_watcher(
    world: World, writer: Writer, operator: User
) -> None:
    name = a_camera()
    disconnect(world, name)
    writer.enable("writes_cameras")

    assert push(world, operator, Kind.CAMERA_THERE) == 1
    writer.write()

    assert world.standin.state.cameras[name].disabled
    world.wait(60)
    world.read()
    compare(now=world.now)
    assert not Difference.objects.filter(kind__in=CAMERAS).exists()
    assert not UsageInterval.objects.in_use().filter(camera__name=name).exists()


def test_a_camera_that_is_not_in_watcher_cannot_be_pushed(
    world: World, writer: Writer, operator: User
) -> None:
    writer.enable("writes_cameras")
    usage.connect(
        organization_id=world.organizations[0].pk,
        name="ours",
        title="",
        tariff_id=world.tariffs[0].pk,
        at=world.now,
        now=world.now,
    )

    with pytest.raises(CannotPush, match="ours"):
        push(world, operator, Kind.CAMERA_HERE)


def test_a_tariff_in_use_without_a_preset_gets_one(
    world: World, writer: Writer, operator: User
) -> None:
    writer.enable("writes_presets")
    use = UsageInterval.objects.in_use().order_by("pk")[0]
    PresetLink.objects.filter(tariff=use.tariff).delete()
    use.tariff.name = "Ours"
    use.tariff.save()

    assert push(world, operator, Kind.PRESET_HERE) == 1
    assert writer.write() == [(f"tariff:{use.tariff_id}", "done")]

    assert PresetLink.objects.get(tariff=use.tariff).preset.title == "Ours"
    compare(now=world.now)
    assert not Difference.objects.filter(kind=Kind.PRESET_HERE).exists()


def test_what_the_connection_may_not_write_is_not_requested(world: World, operator: User) -> None:
    rename(world)

    assert not possible_pushes()
    with pytest.raises(CannotPush, match="Ours"):
        push(world, operator, Kind.PRESET_TITLE)


def test_a_depth_of_0_is_not_pushed_before_it_is_known_what_it_means(
    world: World, writer: Writer, operator: User
) -> None:
    writer.enable("writes_presets")
    rename(world)

    with pytest.raises(CannotPush, match="Live only"):
        push(world, operator, Kind.PRESET_TITLE, Kind.PRESET_SERVICES)

    assert not WriteRequest.objects.exists()


@pytest.mark.parametrize(
    ("no_archive", "shown"), [("zero", "zero"), ("any", "zero"), ("any", "null"), ("any", "absent")]
)
def test_a_depth_of_0_is_pushed_where_it_means_no_archive(
    world: World, writer: Writer, operator: User, no_archive: str, shown: str
) -> None:
    writer.enable("writes_presets")
    world.standin.switches.set(no_archive=shown)
    ReadingSettings.objects.create(no_archive=no_archive)
    tariff = world.tariffs[0]
    tariff.dvr_depth_days = tariff.dvr_space_gb = 0
    tariff.save()
    compare(now=world.now)
    row = Difference.objects.get(kind=Kind.PRESET_SERVICES, tariff=tariff)

    assert push_ours(ids=[row.pk], by=operator, now=world.now) == 1
    assert writer.write() == [(f"preset:{world.presets[0]}", "done")]

    preset = world.standin.state.presets[world.presets[0]]
    assert preset.dvr["expiration"] == 0
    # Nobody says what a space of 0 means, and what has no archive needs none.
    assert preset.dvr["storage_limit"] > 0
    world.wait(60)
    world.read()
    compare(now=world.now)
    assert not Difference.objects.filter(pk=row.pk).exists()


def test_what_differs_otherwise_by_now_is_not_pushed(
    world: World, writer: Writer, operator: User
) -> None:
    writer.enable("writes_presets")
    rename(world)
    compare(now=world.now)
    shown = Difference.objects.get(kind=Kind.PRESET_TITLE).pk
    world.standin.presets.change(world.presets[0], title="Theirs")
    world.wait(60)
    world.read()
    compare(now=world.now)

    with pytest.raises(NoLongerSo):
        push_ours(ids=[shown], by=operator, now=world.now)


def test_the_list_says_what_is_requested(
    world: World, writer: Writer, operator_client: Client
) -> None:
    address = reverse("watcher:differences")
    rename(world)
    compare(now=world.now)
    assert "Push ours" not in operator_client.get(address).text
    writer.enable("writes_presets")
    row = Difference.objects.get(kind=Kind.PRESET_TITLE)
    assert "Push ours" in operator_client.get(address).text

    said = operator_client.post(
        reverse("watcher:push_ours"), {"difference": row.pk}, follow=True
    ).text

    assert "1 change of Watcher was requested." in said
    assert "ours requested" in operator_client.get(address).text


def test_what_organizations_and_owners_are_here_is_pushed(
    world: World, writer: Writer, operator: User
) -> None:
    writer.enable("writes_organizations", "writes_users")
    first, second = world.organizations[:2]
    first.title = "Our harbour"
    first.save()
    CameraLimit.objects.create(organization=first, most_cameras=40)
    second.owner.is_active = False
    second.owner.save()
    kinds = Kind.TITLE, Kind.LIMIT, Kind.OWNER_BLOCKED

    assert push(world, operator, *kinds) == 3
    assert {state for _subject, state in writer.write()} == {"done"}

    tenant = world.standin.state.organizations[world.tenants[0]]
    assert (tenant.title, tenant.stream_limit) == ("Our harbour", 40)
    owner_id = world.standin.state.organizations[world.tenants[1]].owner_id
    assert owner_id is not None
    assert world.standin.state.users[owner_id].disabled
    world.wait(60)
    world.read()
    compare(now=world.now)
    assert not Difference.objects.filter(kind__in=kinds).exists()


def test_an_organization_that_watcher_does_not_have_is_created(
    world: World, writer: Writer, operator: User
) -> None:
    writer.enable("writes_organizations")
    organization = world.organizations[0]
    PlatformOrganization.objects.filter(tenant_id=organization.watcher_id).update(gone_at=world.now)
    organization.watcher_id, organization.title = None, "New harbour"
    organization.save()

    assert push(world, operator, Kind.ORGANIZATION_HERE) == 1
    writer.write()

    organization.refresh_from_db()
    assert organization.watcher_id is not None
    made = world.standin.state.organizations[int(organization.watcher_id)]
    assert made.title == "New harbour"


def test_a_preset_that_cameras_may_differ_from_is_fixed(
    world: World, writer: Writer, operator: User
) -> None:
    writer.enable("writes_presets")
    (adjustable,) = [each for each in world.standin.state.presets.values() if each.is_adjustable]

    assert push(world, operator, Kind.PRESET_ADJUSTABLE) == 1
    writer.write()

    assert not adjustable.is_adjustable
    compare(now=world.now)
    assert not Difference.objects.filter(kind=Kind.PRESET_ADJUSTABLE).exists()
