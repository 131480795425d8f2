"""Operations on tariff plans and their prices."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from foundation.web.versions import version_of
from organizations.tests.factories import OrganizationFactory
from organizations.zone_changes import set_time_zone
from tariffs import operations
from tariffs.dearer import DearerPrices
from tariffs.models import Proration, Tariff, TariffPrice
from tariffs.operations import PriceChange, TariffFields
from tariffs.tests.conftest import NOW
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.tests.factories import CameraFactory, UsageIntervalFactory

pytestmark = pytest.mark.django_db

NOBODY = 0


def fields(tariff: Tariff) -> TariffFields:
    return {
        "name": tariff.name,
        "note": tariff.note,
        "currency": tariff.currency,
        "proration": tariff.proration,
        "is_default": tariff.is_default,
        "dvr_depth_days": tariff.dvr_depth_days,
        "dvr_space_gb": tariff.dvr_space_gb,
        "has_anpr": tariff.has_anpr,
    }


def asked(tariff: Tariff, amount: str, valid_from: date, now: datetime = NOW) -> PriceChange:
    """Return the change that a person is asked to confirm."""
    with pytest.raises(operations.PriceNotConfirmed) as refusal:
        operations.set_price(
            tariff_id=tariff.pk, amount=Decimal(amount), valid_from=valid_from, now=now
        )
    return refusal.value.change


def version(tariff: Tariff) -> str:
    """Return the version of the stored values."""
    return version_of(operations.stored_values(tariff))


def prices(tariff: Tariff) -> list[tuple[date, Decimal]]:
    return list(tariff.prices.order_by("valid_from").values_list("valid_from", "amount"))


# --- Creating and changing ---------------------------------------------------------------------


def test_tariff_is_created_with_its_first_price() -> None:
    tariff = operations.create_tariff(
        **fields(TariffFactory.build(name="Basic")),
        amount=Decimal("9.5"),
        valid_from=date(2026, 1, 1),
    )
    assert Tariff.objects.get() == tariff
    assert prices(tariff) == [(date(2026, 1, 1), Decimal("9.5"))]


def test_name_of_another_tariff_is_refused_regardless_of_case() -> None:
    TariffFactory.create(name="Basic")
    other = fields(TariffFactory.build(name="BASIC"))
    with pytest.raises(operations.NameTaken):
        operations.create_tariff(**other, amount=Decimal(1), valid_from=date(2026, 1, 1))
    assert not TariffPrice.objects.exists()


def test_name_of_another_tariff_is_refused_on_change() -> None:
    TariffFactory.create(name="Basic")
    pro = TariffFactory.create(name="Pro")
    with pytest.raises(operations.NameTaken):
        operations.change_tariff(
            tariff_id=pro.pk, shown=version(pro), **fields(pro) | {"name": "basic"}
        )


@pytest.mark.parametrize("change", [{"currency": "USD"}, {"proration": Proration.DAY}])
def test_terms_can_change_while_no_camera_has_used_the_tariff(change: dict[str, str]) -> None:
    tariff = TariffFactory.create()
    operations.change_tariff(
        tariff_id=tariff.pk,
        shown=version(tariff),
        **fields(tariff) | change,  # type: ignore[arg-type]
    )
    assert Tariff.objects.filter(pk=tariff.pk, **change).exists()


@pytest.mark.parametrize("ended_at", [None, datetime(2026, 1, 2, tzinfo=UTC)])
@pytest.mark.parametrize("change", [{"currency": "USD"}, {"proration": Proration.DAY}])
def test_terms_cannot_change_once_a_camera_has_used_the_tariff(
    change: dict[str, str], ended_at: datetime | None
) -> None:
    tariff = UsageIntervalFactory.create(ended_at=ended_at).tariff
    with pytest.raises(operations.TermsFixed):
        operations.change_tariff(
            tariff_id=tariff.pk,
            shown=version(tariff),
            **fields(tariff) | change,  # type: ignore[arg-type]
        )
    assert not Tariff.objects.filter(pk=tariff.pk, **change).exists()


def test_everything_else_of_a_used_tariff_can_change() -> None:
    tariff = UsageIntervalFactory.create().tariff
    new = fields(tariff) | {"name": "New", "has_anpr": True, "dvr_depth_days": 0}
    operations.change_tariff(tariff_id=tariff.pk, shown=version(tariff), **new)
    assert Tariff.objects.filter(name="New", has_anpr=True, dvr_depth_days=0).exists()


# --- Setting a price ---------------------------------------------------------------------------


@pytest.mark.parametrize("valid_from", [date(2026, 10, 15), date(2026, 11, 1)])
def test_price_from_today_or_later_needs_no_confirmation(valid_from: date) -> None:
    tariff = TariffPriceFactory.create().tariff
    operations.set_price(tariff_id=tariff.pk, amount=Decimal("10"), valid_from=valid_from, now=NOW)
    assert prices(tariff)[-1] == (valid_from, Decimal(10))


def test_today_is_in_the_time_zone_of_the_provider(settings: Settings) -> None:
    settings.TIME_ZONE = "Pacific/Kiritimati"
    change = asked(TariffFactory.create(), "10", date(2026, 10, 15))
    assert change.is_past


def test_past_price_must_be_confirmed() -> None:
    tariff = TariffPriceFactory.create(amount=Decimal(9), valid_from=date(2026, 1, 1)).tariff
    TariffPriceFactory.create(tariff=tariff, valid_from=date(2026, 12, 1))
    change = asked(tariff, "10", date(2026, 10, 14))
    assert change == PriceChange(
        steps=(),
        previous_steps=(),
        dearer=DearerPrices(),
        amount=Decimal(10),
        valid_from=date(2026, 10, 14),
        until=date(2026, 12, 1),
        previous=Decimal(9),
        replaces=False,
        is_past=True,
        camera_count=0,
    )
    assert change.last == date(2026, 11, 30)
    assert len(prices(tariff)) == 2


def test_confirmed_past_price_is_set() -> None:
    tariff = TariffFactory.create()
    change = asked(tariff, "10", date(2026, 9, 1))
    operations.set_price(
        tariff_id=tariff.pk,
        amount=Decimal("10"),
        valid_from=date(2026, 9, 1),
        now=NOW,
        confirmed=change.shown,
    )
    assert prices(tariff) == [(date(2026, 9, 1), Decimal(10))]


@pytest.mark.parametrize("valid_from", [date(2026, 10, 15), date(2026, 11, 1)])
def test_replacing_an_existing_version_must_be_confirmed(valid_from: date) -> None:
    tariff = TariffPriceFactory.create(amount=Decimal(9), valid_from=valid_from).tariff
    change = asked(tariff, "10", valid_from)
    assert change.replaces
    assert change.previous == 9
    assert not change.is_past
    operations.set_price(
        tariff_id=tariff.pk,
        amount=Decimal(10),
        valid_from=valid_from,
        now=NOW,
        confirmed=change.shown,
    )
    assert prices(tariff) == [(valid_from, Decimal(10))]


@pytest.mark.parametrize("valid_from", [date(2026, 1, 1), date(2026, 12, 1)])
def test_setting_the_same_price_again_needs_no_confirmation(valid_from: date) -> None:
    tariff = TariffPriceFactory.create(amount=Decimal(9), valid_from=valid_from).tariff
    operations.set_price(tariff_id=tariff.pk, amount=Decimal(9), valid_from=valid_from, now=NOW)
    assert prices(tariff) == [(valid_from, Decimal(9))]


@pytest.mark.parametrize(
    ("amount", "valid_from"), [("11", date(2026, 9, 1)), ("10", date(2026, 8, 31))]
)
def test_confirmation_of_another_amount_or_date_is_not_accepted(
    amount: str, valid_from: date
) -> None:
    tariff = TariffFactory.create()
    confirmed = asked(tariff, "10", date(2026, 9, 1)).shown
    with pytest.raises(operations.PriceNotConfirmed):
        operations.set_price(
            tariff_id=tariff.pk,
            amount=Decimal(amount),
            valid_from=valid_from,
            now=NOW,
            confirmed=confirmed,
        )
    assert prices(tariff) == []


def test_confirmation_is_not_accepted_after_more_cameras_are_affected() -> None:
    tariff = TariffFactory.create()
    confirmed = asked(tariff, "10", date(2026, 9, 1)).shown
    UsageIntervalFactory.create(tariff=tariff)
    with pytest.raises(operations.PriceNotConfirmed) as refusal:
        operations.set_price(
            tariff_id=tariff.pk,
            amount=Decimal(10),
            valid_from=date(2026, 9, 1),
            now=NOW,
            confirmed=confirmed,
        )
    assert refusal.value.change.camera_count == 1


def test_confirmation_is_not_accepted_after_another_price_was_set() -> None:
    tariff = TariffFactory.create()
    confirmed = asked(tariff, "10", date(2026, 9, 1)).shown
    TariffPriceFactory.create(tariff=tariff, amount=Decimal(8), valid_from=date(2026, 9, 1))
    with pytest.raises(operations.PriceNotConfirmed) as refusal:
        operations.set_price(
            tariff_id=tariff.pk,
            amount=Decimal(10),
            valid_from=date(2026, 9, 1),
            now=NOW,
            confirmed=confirmed,
        )
    assert refusal.value.change.previous == 8


@pytest.mark.parametrize(
    ("started_at", "ended_at", "count"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), None, 1),
        (datetime(2026, 10, 15, 11, 59, 59, tzinfo=UTC), None, 1),
        (datetime(2026, 10, 15, 12, tzinfo=UTC), None, 0),
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC), 0),
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 9, 1, 0, 0, 1, tzinfo=UTC), 1),
    ],
)
def test_counts_cameras_that_used_the_tariff_from_the_date_until_now(
    started_at: datetime, ended_at: datetime | None, count: int
) -> None:
    tariff = UsageIntervalFactory.create(started_at=started_at, ended_at=ended_at).tariff
    assert asked(tariff, "10", date(2026, 9, 1)).camera_count == count


@pytest.mark.parametrize(
    ("started_at", "count"),
    [
        (datetime(2026, 9, 30, 23, 59, 59, tzinfo=UTC), 1),
        (datetime(2026, 10, 1, tzinfo=UTC), 0),
    ],
)
def test_counts_cameras_only_until_the_next_version(started_at: datetime, count: int) -> None:
    tariff = UsageIntervalFactory.create(started_at=started_at).tariff
    TariffPriceFactory.create(tariff=tariff, valid_from=date(2026, 10, 1))
    assert asked(tariff, "10", date(2026, 9, 1)).camera_count == count


def test_dates_begin_in_the_time_zone_of_a_cameras_organization() -> None:
    ended_at = datetime(2026, 8, 31, 22, tzinfo=UTC)
    berlin = OrganizationFactory.create(time_zone="Europe/Berlin")
    tariff = UsageIntervalFactory.create(organization=berlin, ended_at=ended_at).tariff
    assert asked(tariff, "10", date(2026, 9, 1)).camera_count == 0
    assert asked(tariff, "10", date(2026, 8, 31)).camera_count == 1


@pytest.mark.parametrize(
    ("moved_on", "counts"),
    [
        # In New York, 1 September begins 13 hours after it does in Tokyo.
        (date(2026, 9, 1), [(date(2026, 8, 31), 1), (date(2026, 9, 1), 0)]),
        (date(2026, 9, 2), [(date(2026, 9, 1), 1), (date(2026, 9, 2), 0)]),
        (date(2026, 10, 1), [(date(2026, 9, 1), 1), (date(2026, 9, 2), 0)]),
    ],
)
def test_dates_begin_in_the_time_zone_in_force(
    moved_on: date, counts: list[tuple[date, int]]
) -> None:
    tokyo = OrganizationFactory.create(time_zone="Asia/Tokyo")
    set_time_zone(tokyo, "America/New_York", moved_on)
    tokyo.save()
    ended_at = datetime(2026, 9, 1, 3, tzinfo=UTC)
    tariff = UsageIntervalFactory.create(camera__organization=tokyo, ended_at=ended_at).tariff
    for day, count in counts:
        assert asked(tariff, "10", day).camera_count == count
    # The time before the next version ends likewise.
    started = UsageIntervalFactory.create(
        camera__organization=tokyo,
        tariff=TariffFactory.create(),
        started_at=datetime(2026, 8, 31, 16, tzinfo=UTC),
    )
    TariffPriceFactory.create(tariff=started.tariff, valid_from=date(2026, 9, 1))
    until = asked(started.tariff, "10", date(2026, 8, 1)).camera_count
    assert until == (1 if moved_on == date(2026, 9, 1) else 0)


def test_looking_at_time_zones_takes_the_same_queries_for_many_organizations(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    tariff = TariffFactory.create()
    for number in (1, 5):
        for _ in range(number):
            moved = OrganizationFactory.create(time_zone="Asia/Tokyo")
            set_time_zone(moved, "America/New_York", date(2026, 9, 1))
            moved.save()
            UsageIntervalFactory.create(camera__organization=moved, tariff=tariff)
        with django_assert_num_queries(11):
            asked(tariff, "10", date(2026, 9, 1))


def test_counts_each_camera_once_and_ignores_other_tariffs() -> None:
    camera = CameraFactory.create()
    first = UsageIntervalFactory.create(
        camera=camera,
        started_at=datetime(2026, 9, 2, tzinfo=UTC),
        ended_at=datetime(2026, 9, 3, tzinfo=UTC),
    )
    UsageIntervalFactory.create(
        camera=camera, tariff=first.tariff, started_at=datetime(2026, 9, 4, tzinfo=UTC)
    )
    UsageIntervalFactory.create()
    assert asked(first.tariff, "10", date(2026, 9, 1)).camera_count == 1


# --- Withdrawing a price -----------------------------------------------------------------------


def test_upcoming_price_is_withdrawn() -> None:
    price = TariffPriceFactory.create(valid_from=date(2026, 10, 16))
    operations.withdraw_price(
        tariff_id=price.tariff_id, price_id=price.pk, amount=Decimal(9), now=NOW
    )
    assert not TariffPrice.objects.exists()


@pytest.mark.parametrize("valid_from", [date(2026, 10, 15), date(2026, 1, 1)])
def test_price_in_force_is_not_withdrawn(valid_from: date) -> None:
    price = TariffPriceFactory.create(valid_from=valid_from)
    with pytest.raises(operations.PriceInForce):
        operations.withdraw_price(
            tariff_id=price.tariff_id, price_id=price.pk, amount=Decimal(9), now=NOW
        )
    assert TariffPrice.objects.exists()


def test_price_in_force_further_east_is_not_withdrawn() -> None:
    price = TariffPriceFactory.create(valid_from=date(2026, 10, 16))
    auckland = OrganizationFactory.create(time_zone="Pacific/Auckland")
    UsageIntervalFactory.create(tariff=price.tariff, camera__organization=auckland)
    with pytest.raises(operations.PriceInForce):
        operations.withdraw_price(
            tariff_id=price.tariff_id, price_id=price.pk, amount=Decimal(9), now=NOW
        )
    assert TariffPrice.objects.exists()


def test_price_replaced_in_the_meantime_is_not_withdrawn() -> None:
    price = TariffPriceFactory.create(amount=Decimal(10), valid_from=date(2026, 12, 1))
    with pytest.raises(operations.PriceGone):
        operations.withdraw_price(
            tariff_id=price.tariff_id, price_id=price.pk, amount=Decimal(9), now=NOW
        )
    assert TariffPrice.objects.exists()


def test_price_of_another_tariff_is_not_withdrawn() -> None:
    price = TariffPriceFactory.create(valid_from=date(2026, 12, 1))
    with pytest.raises(operations.PriceGone):
        operations.withdraw_price(
            tariff_id=TariffFactory.create().pk, price_id=price.pk, amount=Decimal(9), now=NOW
        )
    assert TariffPrice.objects.exists()


# --- Archiving and deleting --------------------------------------------------------------------


def test_archived_tariff_is_not_available_until_restored() -> None:
    tariff = UsageIntervalFactory.create().tariff
    operations.archive(tariff_id=tariff.pk)
    assert not Tariff.objects.available().exists()
    assert tariff.organizations.exists()
    operations.restore(tariff_id=tariff.pk)
    assert Tariff.objects.available().exists()


def test_tariff_that_no_camera_used_is_deleted_with_its_prices() -> None:
    tariff = TariffPriceFactory.create().tariff
    organization = OrganizationFactory.create(tariffs=[tariff])
    operations.delete(tariff_id=tariff.pk, organization_count=1)
    assert not Tariff.objects.exists()
    assert not TariffPrice.objects.exists()
    assert not organization.tariffs.exists()


def test_tariff_that_a_camera_used_is_not_deleted() -> None:
    tariff = UsageIntervalFactory.create(ended_at=datetime(2026, 1, 2, tzinfo=UTC)).tariff
    with pytest.raises(operations.TariffUsed):
        operations.delete(tariff_id=tariff.pk, organization_count=1)
    assert Tariff.objects.exists()


def test_tariff_is_not_deleted_when_more_organizations_lose_it_than_shown() -> None:
    tariff = TariffFactory.create()
    OrganizationFactory.create(tariffs=[tariff])
    with pytest.raises(operations.OrganizationsChanged):
        operations.delete(tariff_id=tariff.pk, organization_count=NOBODY)
    assert Tariff.objects.exists()


def test_deleted_tariff_is_reported() -> None:
    with pytest.raises(operations.TariffGone):
        operations.archive(tariff_id=1)
