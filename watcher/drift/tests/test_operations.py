"""Tests of deciding about differences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from accounts.tests.factories import OperatorFactory, OwnerFactory
from invoices.tests.factories import issued_invoice
from organizations.models import Organization
from organizations.tests.factories import BillingDetailsFactory
from usage.cameras import operations as usage
from usage.models import UsageInterval
from watcher.drift.comparing import compare
from watcher.drift.kinds import Kind
from watcher.drift.operations import Decided, ignore, list_again, use_platform
from watcher.drift.refusals import NoLongerSo, NotPossible, Refused
from watcher.drift.tests.worlds import a_camera, disconnect, the
from watcher.models import (
    CameraChange,
    CameraLimit,
    Difference,
    DifferenceSum,
    PlatformCamera,
    PlatformOrganization,
    PlatformPreset,
    PresetLink,
    ReadingSettings,
)
from watcher.reading.tests.worlds import World
from watcher.tests.factories import CameraLimitFactory


@pytest.fixture
def operator(db: None) -> User:
    return OperatorFactory.create()


def take_over(world: World, operator: User, *kinds: Kind) -> Decided:
    """Compare, and use what Watcher has of all differences of kinds."""
    compare(now=world.now)
    ids = list(Difference.objects.filter(kind__in=kinds).values_list("pk", flat=True))
    return use_platform(ids=ids, by=operator, now=world.now)


def test_a_camera_that_is_not_charged_is_connected_since_then(world: World, operator: User) -> None:
    name = a_camera()
    before = world.ledger(name)
    at = disconnect(world, name)
    world.wait(60)

    assert take_over(world, operator, Kind.CAMERA_THERE) == Decided(done=1)

    (organization, tariff, *_rest) = before[0]
    assert world.ledger(name)[1] == (organization, tariff, at, None, None, None)
    assert not Difference.objects.filter(kind=Kind.CAMERA_THERE).exists()
    assert not DifferenceSum.objects.filter(kind=Kind.CAMERA_THERE).exists()
    change = CameraChange.objects.get()
    assert (change.state, change.poll, change.decided_by) == ("done", None, operator)
    assert compare(now=world.now) == 0


def test_a_camera_that_is_not_in_watcher_is_disconnected(world: World, operator: User) -> None:
    at = world.wait(60)
    usage.connect(
        organization_id=world.organizations[0].pk,
        name="ours",
        title="",
        tariff_id=world.tariffs[0].pk,
        at=at,
        now=world.now,
    )
    world.wait(60)

    take_over(world, operator, Kind.CAMERA_HERE)

    (row,) = world.ledger("ours")
    assert (row[2], row[3]) == (at, at + timedelta(seconds=1))


def test_a_camera_of_another_organization_and_tariff_is_moved(world: World, operator: User) -> None:
    name = a_camera()
    use = UsageInterval.objects.in_use().get(camera__name=name)
    own, tariff = use.organization, use.tariff
    other = next(each for each in world.organizations if each.pk != own.pk)
    at = world.wait(60)
    usage.move(
        organization_id=own.pk,
        use_ids=[use.pk],
        destination_id=other.pk,
        tariff_id=next(each.pk for each in world.tariffs if each.pk != tariff.pk),
        at=at,
        now=world.now,
    )
    world.wait(60)

    take_over(world, operator, Kind.CAMERA_ORGANIZATION)

    last = UsageInterval.objects.in_use().get(camera__name=name)
    assert (last.organization, last.tariff) == (own, tariff)
    assert last.started_at == at + timedelta(seconds=1)


def test_what_is_not_linked_is_held_back(world: World, operator: User) -> None:
    name = a_camera()
    disconnect(world, name)
    PresetLink.objects.filter(preset__cameras__name=name).delete()

    decided = take_over(world, operator, Kind.CAMERA_THERE)

    assert decided == Decided(done=0, held=1)
    assert world.reasons() == {name: ["no_tariff"]}
    assert the(Kind.CAMERA_THERE).key == name


def test_invoiced_time_becomes_a_proposed_correction_once(world: World, operator: User) -> None:
    name = a_camera()
    use = UsageInterval.objects.in_use().get(camera__name=name)
    organization = use.organization
    since = datetime(2026, 10, 20, tzinfo=UTC)
    UsageInterval.objects.filter(pk=use.pk).update(
        started_at=datetime(2026, 10, 5, tzinfo=UTC), ended_at=since
    )
    organization.billing_email = "accounts@harbour.example"
    organization.save()
    BillingDetailsFactory.create(organization=organization)
    issued_invoice(organization)
    compare(now=world.now)
    Difference.objects.update(since_at=since)

    assert take_over(world, operator, Kind.CAMERA_THERE) == Decided(done=0, held=1)
    assert take_over(world, operator, Kind.CAMERA_THERE) == Decided(done=0, held=1)

    assert world.reasons() == {name: ["invoiced"]}
    assert not UsageInterval.objects.in_use().filter(camera__name=name).exists()


def test_what_reading_held_back_of_the_camera_is_not_carried_out_any_more(
    world: World, operator: User
) -> None:
    name = a_camera()
    disconnect(world, name)
    world.wait(10)
    world.standin.cameras.change_preset(name, preset_id=world.presets[4])
    world.wait(10)
    world.read()
    assert world.reasons() == {name: ["differs"]}

    take_over(world, operator, Kind.CAMERA_THERE)

    assert world.reasons() == {}
    assert UsageInterval.objects.in_use().get(camera__name=name).tariff == world.tariffs[4]
    states = CameraChange.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["dismissed", "done"]


def test_titles_and_services_are_taken_over(world: World, operator: User) -> None:
    organization, tariff = world.organizations[0], world.tariffs[0]
    title, name = organization.title, tariff.name
    days = tariff.dvr_depth_days
    organization.title = "Ours"
    organization.save()
    tariff.name, tariff.dvr_depth_days = "Ours", days + 1
    tariff.save()

    decided = take_over(world, operator, Kind.TITLE, Kind.PRESET_TITLE)
    assert decided == Decided(done=2)
    compare(now=world.now)
    row = Difference.objects.get(kind=Kind.PRESET_SERVICES, key=str(world.presets[0]))
    use_platform(ids=[row.pk], by=operator, now=world.now)

    organization.refresh_from_db()
    tariff.refresh_from_db()
    assert (organization.title, tariff.name, tariff.dvr_depth_days) == (title, name, days)


@pytest.mark.parametrize("no_archive", ["", "unstated"])
def test_no_archive_is_taken_over_as_no_days_once_it_is_known_what_means_it(
    world: World, operator: User, no_archive: str
) -> None:
    ReadingSettings.objects.create(no_archive=no_archive)
    preset = PlatformPreset.objects.filter(preset_id=str(world.presets[0]))
    preset.update(dvr_seconds=None, dvr_is_null=False)
    compare(now=world.now)
    row = Difference.objects.get(kind=Kind.PRESET_SERVICES, key=str(world.presets[0]))

    if no_archive:
        use_platform(ids=[row.pk], by=operator, now=world.now)
    else:
        with pytest.raises(NotPossible, match="not a number of days"):
            use_platform(ids=[row.pk], by=operator, now=world.now)

    tariff = world.tariffs[0]
    services = (tariff.dvr_depth_days, tariff.dvr_space_gb)
    tariff.refresh_from_db()
    after = (tariff.dvr_depth_days, tariff.dvr_space_gb)
    assert after == ((0, 0) if no_archive else services)


def test_a_title_that_another_organization_has_changes_nothing(
    world: World, operator: User
) -> None:
    first, second = world.organizations[:2]
    PlatformOrganization.objects.filter(tenant_id=first.watcher_id).update(title=second.title)
    disconnect(world, a_camera())

    with pytest.raises(Refused, match="already exists"):
        take_over(world, operator, Kind.TITLE, Kind.CAMERA_THERE)

    assert not CameraChange.objects.exists()
    assert Difference.objects.filter(kind=Kind.CAMERA_THERE).exists()


def test_an_organization_that_is_gone_loses_its_link(world: World, operator: User) -> None:
    organization = world.organizations[0]
    PlatformOrganization.objects.filter(tenant_id=organization.watcher_id).update(gone_at=world.now)

    take_over(world, operator, Kind.ORGANIZATION_HERE)

    assert Organization.objects.get(pk=organization.pk).watcher_id is None


def test_an_owner_here_who_is_the_owner_in_watcher_becomes_the_owner(
    world: World, operator: User
) -> None:
    organization = world.organizations[0]
    tenant = PlatformOrganization.objects.get(tenant_id=organization.watcher_id)
    organization.owner = OwnerFactory.create(email="someone@else.example")
    organization.save()
    theirs = User.objects.filter(email=tenant.owner_email)
    theirs.update(is_active=False)
    with pytest.raises(NotPossible, match="is an owner here"):
        take_over(world, operator, Kind.OWNER)
    theirs.update(is_active=True)

    assert take_over(world, operator, Kind.OWNER) == Decided(done=1)

    organization.refresh_from_db()
    assert organization.owner.email == tenant.owner_email
    assert compare(now=world.now) == 0


@pytest.mark.parametrize("is_blocked", [True, False])
def test_an_owner_is_blocked_or_unblocked_as_in_watcher(
    world: World, operator: User, is_blocked: bool
) -> None:
    organization = world.organizations[0]
    tenants = PlatformOrganization.objects.filter(tenant_id=organization.watcher_id)
    tenants.update(owner_is_blocked=is_blocked)
    User.objects.filter(pk=organization.owner_id).update(is_active=is_blocked)

    assert take_over(world, operator, Kind.OWNER_BLOCKED) == Decided(done=1)

    organization.owner.refresh_from_db()
    assert organization.owner.is_active is not is_blocked
    assert compare(now=world.now) == 0


@pytest.mark.parametrize("theirs", [50, None])
def test_the_limit_of_watcher_is_kept_here(
    world: World, operator: User, theirs: int | None
) -> None:
    organization = world.organizations[0]
    tenants = PlatformOrganization.objects.filter(tenant_id=organization.watcher_id)
    tenants.update(most_cameras=theirs)
    CameraLimitFactory.create(organization=organization, most_cameras=40)

    assert take_over(world, operator, Kind.LIMIT) == Decided(done=1)

    kept = CameraLimit.objects.filter(organization=organization)
    assert kept.values_list("most_cameras", flat=True).first() == theirs
    assert compare(now=world.now) == 0


@pytest.mark.parametrize(
    ("ours", "theirs", "why"),
    [(None, 1, "No limit is stated here"), (40, 0, "not known"), (40, 1, "has 2 cameras")],
)
def test_a_limit_that_cannot_be_kept_is_refused(
    world: World, operator: User, ours: int | None, theirs: int, why: str
) -> None:
    organization = world.organizations[0]
    tenants = PlatformOrganization.objects.filter(tenant_id=organization.watcher_id)
    tenants.update(most_cameras=theirs)
    if ours:
        CameraLimitFactory.create(organization=organization, most_cameras=ours)

    with pytest.raises((NotPossible, Refused)) as refusal:
        take_over(world, operator, Kind.LIMIT)

    assert why in str(refusal.value)
    assert Difference.objects.filter(kind=Kind.LIMIT).exists()


def test_what_cannot_be_taken_over_is_refused_with_all_else(world: World, operator: User) -> None:
    disconnect(world, a_camera())

    with pytest.raises(NotPossible, match="As you like"):
        take_over(world, operator, Kind.CAMERA_THERE, Kind.PRESET_ADJUSTABLE)

    assert not CameraChange.objects.exists()


def test_an_ignored_difference_is_listed_again_when_something_else_differs(
    world: World, operator: User
) -> None:
    name = a_camera()
    disconnect(world, name)
    compare(now=world.now)
    row = the(Kind.CAMERA_THERE)

    assert ignore(ids=[row.pk], reason="Test camera", by=operator, now=world.now) == 1
    compare(now=world.now)
    row.refresh_from_db()
    assert (row.ignored_reason, row.ignored_by) == ("Test camera", operator)
    assert DifferenceSum.objects.get(kind=Kind.CAMERA_THERE, currency="").is_ignored
    assert not Difference.objects.listed().filter(kind=Kind.CAMERA_THERE).exists()

    preset = PlatformPreset.objects.exclude(pk=row.preset_id or 0)[0]
    PlatformCamera.objects.filter(name=name).update(preset=preset)
    compare(now=world.now)
    assert the(Kind.CAMERA_THERE).ignored_at is None
    assert the(Kind.CAMERA_THERE).pk != row.pk


def test_nobody_decides_about_what_was_not_shown(world: World, operator: User) -> None:
    name = a_camera()
    disconnect(world, name)
    compare(now=world.now)
    shown = the(Kind.CAMERA_THERE).pk
    PlatformCamera.objects.filter(name=name).update(is_disabled=True)
    compare(now=world.now)

    for decide in (
        lambda: use_platform(ids=[shown], by=operator, now=world.now),
        lambda: ignore(ids=[shown], reason="Why", by=operator, now=world.now),
        lambda: list_again(ids=[shown]),
    ):
        with pytest.raises(NoLongerSo):
            decide()


def test_an_ignored_difference_can_be_listed_again(world: World, operator: User) -> None:
    disconnect(world, a_camera())
    compare(now=world.now)
    row = the(Kind.CAMERA_THERE)
    ignore(ids=[row.pk], reason="Why", by=operator, now=world.now)
    with pytest.raises(NoLongerSo):
        ignore(ids=[row.pk], reason="Why", by=operator, now=world.now)

    assert list_again(ids=[row.pk]) == 1

    row.refresh_from_db()
    assert (row.ignored_at, row.ignored_by, row.ignored_reason) == (None, None, "")
