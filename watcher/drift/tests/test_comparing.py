"""Tests of what differs, since when, and what it costs a month."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organizations.models import Discount, IndividualPrice, PlatformSuspension
from tariffs.models import VolumeStep
from usage.cameras import operations as usage
from usage.models import UsageInterval
from watcher.drift.comparing import compare
from watcher.drift.kinds import Kind
from watcher.drift.tests.worlds import a_camera, disconnect, the
from watcher.models import (
    Difference,
    DifferenceSum,
    PlatformCamera,
    PlatformOrganization,
    PlatformPreset,
    PresetLink,
    ReadingSettings,
    ReadingState,
)
from watcher.reading.models import NoArchive
from watcher.reading.tests.worlds import World

MINUTE = timedelta(minutes=1)
AS_FILLED = {"preset_adjustable": ["7"], "preset_services": ["6"]}
"""What differs in any world: a preset that is adjustable, and one that does not state its depth."""


def found(world: World) -> dict[str, list[str]]:
    """Compare a minute later; return the keys of what differs, by kind, but what always does."""
    compare(now=world.now + MINUTE)
    keys: dict[str, list[str]] = {}
    for each in Difference.objects.order_by("kind", "key"):
        if AS_FILLED.get(each.kind) != [each.key]:
            keys.setdefault(each.kind, []).append(each.key)
    return keys


def test_what_is_alike_does_not_differ(world: World) -> None:
    assert found(world) == {}


def test_before_the_first_reading_nothing_differs(world: World) -> None:
    world.standin.cameras.remove(a_camera())
    compare(now=world.now)
    ReadingState.objects.update(read_at=None)

    assert compare(now=world.now) == 2
    assert not Difference.objects.exists()


def test_a_comparison_without_news_writes_nothing(world: World) -> None:
    disconnect(world, a_camera())
    assert compare(now=world.now) == 3

    with CaptureQueriesContext(connection) as queries:
        assert compare(now=world.now + timedelta(minutes=1)) == 0

    assert not [each for each in queries if "INSERT INTO watcher_differencesum" in each["sql"]]


def test_a_camera_that_is_not_charged_costs_its_price_since_it_was_disconnected(
    world: World,
) -> None:
    name = a_camera()
    camera = PlatformCamera.objects.get(name=name)
    at = disconnect(world, name)

    assert found(world) == {Kind.CAMERA_THERE: [name]}
    row = the(Kind.CAMERA_THERE)
    assert row.since_at == at
    assert row.organization_id is None
    assert row.tenant == camera.organization
    assert row.there_tariff == PresetLink.objects.get(preset=camera.preset).tariff
    assert (row.here_amount, row.there_amount) == (None, Decimal("9.00"))
    assert not row.is_unpriced


def test_a_camera_that_is_not_in_watcher_costs_its_price_less(world: World) -> None:
    at = world.wait(60)
    usage.connect(
        organization_id=world.organizations[1].pk,
        name="ours",
        title="",
        tariff_id=world.tariffs[0].pk,
        at=at,
        now=world.now,
    )

    assert found(world) == {Kind.CAMERA_HERE: ["ours"]}
    row = the(Kind.CAMERA_HERE)
    assert row.since_at == at
    assert (row.here_amount, row.there_amount) == (Decimal("9.00"), None)
    total = DifferenceSum.objects.get(kind=Kind.CAMERA_HERE, currency="EUR")
    assert total.amount == Decimal("-9.00")


def test_a_camera_that_has_vanished_differs_since_then(world: World) -> None:
    name = a_camera()
    removed = world.wait(60)
    world.standin.cameras.remove(name)
    world.wait(30)
    world.read()
    use = UsageInterval.objects.get(camera__name=name)
    assert use.ended_at == removed
    UsageInterval.objects.filter(pk=use.pk).update(ended_at=None, ended_within_seconds=None)

    assert found(world)[Kind.CAMERA_HERE] == [name]
    assert the(Kind.CAMERA_HERE).since_at == removed


def test_a_camera_of_another_organization_costs_nothing_more(world: World) -> None:
    name = a_camera()
    use = UsageInterval.objects.in_use().get(camera__name=name)
    other = next(each for each in world.organizations if each.pk != use.organization_id)
    at = world.wait(60)
    usage.move(
        organization_id=use.organization_id,
        use_ids=[use.pk],
        destination_id=other.pk,
        tariff_id=use.tariff_id,
        at=at,
        now=world.now,
    )

    assert found(world) == {Kind.CAMERA_ORGANIZATION: [name]}
    row = the(Kind.CAMERA_ORGANIZATION)
    assert (row.organization, row.there_organization_id) == (other, use.organization_id)
    assert row.here_amount == row.there_amount == Decimal("9.00")
    assert row.since_at == at


def test_another_tariff_costs_the_difference(world: World) -> None:
    name = a_camera()
    use = UsageInterval.objects.in_use().get(camera__name=name)
    other = next(each for each in world.tariffs if each.pk != use.tariff_id)
    other.prices.update(amount=Decimal("14.90"))
    at = world.wait(60)
    usage.change_tariff(
        organization_id=use.organization_id,
        use_ids=[use.pk],
        tariff_id=other.pk,
        at=at,
        now=world.now,
    )

    assert found(world) == {Kind.CAMERA_TARIFF: [name]}
    row = the(Kind.CAMERA_TARIFF)
    assert (row.here_amount, row.there_amount) == (Decimal("14.90"), Decimal("9.00"))
    assert row.since_at == at


def test_a_link_that_changes_makes_cameras_differ_since_then(world: World) -> None:
    link = PresetLink.objects.filter(preset__cameras__isnull=False).first()
    assert link is not None
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    UsageInterval.objects.update(started_at=long_ago)
    PlatformCamera.objects.update(since_at=long_ago)
    begun_at = timezone.now()
    link.tariff = next(each for each in world.tariffs if each.pk != link.tariff_id)
    link.save()

    names = sorted(link.preset.cameras.values_list("name", flat=True))
    assert found(world)[Kind.CAMERA_TARIFF] == names
    # The database dates events by the beginning of their transaction.
    since = Difference.objects.filter(kind=Kind.CAMERA_TARIFF)[0].since_at
    assert long_ago < since <= begun_at


def test_agreed_prices_count(world: World) -> None:
    name = a_camera()
    use = UsageInterval.objects.in_use().get(camera__name=name)
    IndividualPrice.objects.create(
        organization=use.organization,
        tariff=use.tariff,
        valid_from=date(2026, 1, 1),
        amount=Decimal("8.00"),
    )
    Discount.objects.create(
        organization=use.organization, percent=Decimal("12.5"), first_on=date(2026, 1, 1)
    )
    disconnect(world, name)

    assert found(world) == {Kind.CAMERA_THERE: [name]}
    assert the(Kind.CAMERA_THERE).there_amount == Decimal("7.00")


def test_a_price_by_volume_is_that_of_the_cameras_in_use(world: World) -> None:
    use = UsageInterval.objects.in_use().order_by("pk")[0]
    price = use.tariff.prices.get()
    VolumeStep.objects.create(price=price, camera_months=Decimal(2), amount=Decimal("5.00"))
    for name in ("ours-1", "ours-2"):
        usage.connect(
            organization_id=use.organization_id,
            name=name,
            title="",
            tariff_id=use.tariff_id,
            at=world.now,
            now=world.now,
        )

    assert found(world)[Kind.CAMERA_HERE] == ["ours-1", "ours-2"]
    assert Difference.objects.filter(key="ours-1").get().here_amount == Decimal("5.00")


def test_a_new_price_changes_the_cost_and_not_the_difference(world: World) -> None:
    name = a_camera()
    at = disconnect(world, name)
    compare(now=world.now)
    before = the(Kind.CAMERA_THERE)
    before.there_tariff.prices.update(amount=Decimal("11.00"))

    assert compare(now=world.now) == 1
    after = the(Kind.CAMERA_THERE)
    assert (after.pk, after.since_at, after.there_amount) == (before.pk, at, Decimal("11.00"))


def test_what_is_not_linked_has_no_price(world: World) -> None:
    name = a_camera()
    disconnect(world, name)
    PresetLink.objects.filter(preset__cameras__name=name).delete()

    keys = found(world)
    assert name in keys[Kind.CAMERA_THERE]
    assert Kind.PRESET_THERE in keys
    assert the(Kind.CAMERA_THERE).is_unpriced
    assert DifferenceSum.objects.get(kind=Kind.CAMERA_THERE, currency="").unpriced == 1


def test_disabled_cameras_differ_if_they_are_not_to_be_charged(world: World) -> None:
    name = a_camera()
    PlatformCamera.objects.filter(name=name).update(is_disabled=True)
    assert found(world) == {}

    ReadingSettings.objects.create(charges_disabled=False)
    assert found(world) == {Kind.CAMERA_DISABLED: [name]}
    row = the(Kind.CAMERA_DISABLED)
    assert (row.here_amount, row.there_amount) == (Decimal("9.00"), None)

    use = UsageInterval.objects.in_use().get(camera__name=name)
    PlatformSuspension.objects.create(organization=use.organization, told_at=world.now)
    assert found(world) == {}


def test_a_camera_that_is_off_on_both_sides_does_not_differ(world: World) -> None:
    name = a_camera()
    disconnect(world, name)
    PlatformCamera.objects.filter(name=name).update(is_disabled=True)

    assert found(world) == {}

    camera = PlatformCamera.objects.get(name=name)
    camera.pk, camera.name = None, "new"
    camera.save()
    assert found(world)[Kind.CAMERA_THERE] == ["new"]


def test_organizations_that_are_not_linked_differ_on_both_sides(world: World) -> None:
    organization = world.organizations[0]
    tenant_id, organization.watcher_id = organization.watcher_id, None
    organization.save()

    keys = found(world)
    assert keys[Kind.ORGANIZATION_THERE] == [tenant_id]
    assert keys[Kind.ORGANIZATION_HERE] == [str(organization.pk)]
    cameras = UsageInterval.objects.in_use().filter(organization=organization)
    assert len(keys[Kind.CAMERA_ORGANIZATION]) == cameras.count()


def test_titles_owners_and_limits_of_organizations(world: World) -> None:
    first, second, third = world.organizations
    first.title = "Ours"
    first.save()
    second.owner.email = "someone@else.example"
    second.owner.save()
    third.owner.is_active = False
    third.owner.save()
    PlatformOrganization.objects.filter(tenant_id=third.watcher_id).update(most_cameras=0)

    assert found(world) == {
        Kind.TITLE: [first.watcher_id],
        Kind.OWNER: [second.watcher_id],
        Kind.OWNER_BLOCKED: [third.watcher_id],
        Kind.LIMIT: [third.watcher_id],
    }
    assert the(Kind.TITLE).here == {"title": "Ours"}
    assert the(Kind.OWNER).here == {"email": "someone@else.example"}
    assert the(Kind.OWNER_BLOCKED).there == {"is_blocked": False}
    assert the(Kind.LIMIT).there == {"most_cameras": 0}

    PlatformSuspension.objects.create(organization=third, told_at=world.now)
    assert Kind.OWNER_BLOCKED not in found(world)


def test_presets_differ_by_title_services_and_when_they_are_deleted(world: World) -> None:
    preset = PlatformPreset.objects.get(preset_id=str(world.presets[0]))
    tariff = world.tariffs[0]
    tariff.name = "Ours"
    tariff.dvr_space_gb = 107  # A gigabyte may be 2^30 bytes.
    tariff.save()
    assert found(world) == {Kind.PRESET_TITLE: [preset.preset_id]}

    tariff.dvr_space_gb = 110
    tariff.save()
    world.standin.presets.remove(int(preset.preset_id))
    cameras = preset.cameras.count()
    world.wait(60)
    world.read()
    keys = found(world)
    assert keys[Kind.PRESET_SERVICES] == [preset.preset_id]
    assert (Kind.PRESET_DELETED in keys) is bool(cameras)


@pytest.mark.parametrize(
    ("seconds", "is_null", "there"),
    [(0, False, "0"), (None, True, "null"), (None, False, "not stated")],
)
def test_no_depth_null_and_none_stated_differ_from_each_other_and_from_no_days(
    world: World, seconds: int | None, is_null: bool, there: str
) -> None:
    from watcher.drift.shown import there_of

    PlatformPreset.objects.filter(preset_id=str(world.presets[0])).update(
        dvr_seconds=seconds, dvr_is_null=is_null
    )
    tariff = world.tariffs[0]
    tariff.dvr_depth_days = 0
    tariff.save()

    assert found(world) == {Kind.PRESET_SERVICES: [str(world.presets[0])]}
    row = Difference.objects.get(kind=Kind.PRESET_SERVICES, key=str(world.presets[0]))
    assert there_of(row)[0] == f"DVR depth: {there}"


@pytest.mark.parametrize("no_archive", NoArchive)
@pytest.mark.parametrize(
    ("seconds", "is_null", "what"),
    [(0, False, "zero"), (None, True, "null"), (None, False, "unstated")],
)
def test_the_depth_that_the_settings_say_means_no_archive_is_the_same_as_no_days(
    world: World, no_archive: str, seconds: int | None, is_null: bool, what: str
) -> None:
    ReadingSettings.objects.create(no_archive=no_archive)
    presets = PlatformPreset.objects.filter(preset_id=str(world.presets[0]))
    presets.update(dvr_seconds=seconds, dvr_is_null=is_null)
    tariff = world.tariffs[0]
    tariff.dvr_depth_days = tariff.dvr_space_gb = 0
    tariff.save()

    differs = str(world.presets[0]) in found(world).get(Kind.PRESET_SERVICES, [])
    tariff.dvr_depth_days = 1
    tariff.save()

    assert differs is (no_archive not in (what, "any"))
    assert str(world.presets[0]) in found(world)[Kind.PRESET_SERVICES]


def test_a_tariff_in_use_without_a_preset_differs(world: World) -> None:
    use = UsageInterval.objects.in_use().order_by("pk")[0]
    preset = PresetLink.objects.get(tariff=use.tariff).preset
    PresetLink.objects.filter(tariff=use.tariff).delete()

    keys = found(world)
    assert keys[Kind.PRESET_HERE] == [str(use.tariff_id)]
    assert keys[Kind.PRESET_THERE] == [preset.preset_id]
