"""Test what statements read, and how they add up."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from organizations.tests.factories import (
    BillingDetailsFactory,
    DiscountFactory,
    OrganizationFactory,
)
from rating.money import Amount
from rating.periods import Period
from tariffs.models import Proration
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.statements.statement import Statement, statement_for
from usage.tests.factories import CameraFactory, UsageIntervalFactory

pytestmark = pytest.mark.django_db

SEPTEMBER = Period.inclusive(date(2026, 9, 1), date(2026, 9, 30))
LATER = datetime(2026, 11, 1, tzinfo=UTC)


def september(organization: object, as_of: datetime = LATER) -> Statement:
    return statement_for(organization=organization, period=SEPTEMBER, as_of=as_of)  # type: ignore[arg-type]


def test_totals_are_by_currency_and_by_tariff() -> None:
    organization = OrganizationFactory.create()
    euro, dollar = TariffFactory.create(), TariffFactory.create(currency="USD")
    for tariff, amount in ((euro, "9.00"), (dollar, "10.00")):
        TariffPriceFactory.create(tariff=tariff, amount=Decimal(amount))
        UsageIntervalFactory.create(tariff=tariff, camera__organization=organization)
    UsageIntervalFactory.create(tariff=euro, camera__organization=organization)

    totals = september(organization).totals()

    assert totals.all.amounts == [Amount(Decimal("18.00"), "EUR"), Amount(Decimal("10.00"), "USD")]
    assert (totals.all.cameras, totals.all.charges) == (3, 3)
    assert totals.by_tariff[euro.pk].amounts == [Amount(Decimal("18.00"), "EUR")]
    assert totals.by_tariff[euro.pk].cameras == 2
    assert totals.is_complete


def test_a_camera_on_two_tariffs_counts_once_overall_and_once_per_tariff() -> None:
    camera = CameraFactory.create()
    tariffs = [TariffPriceFactory.create().tariff for _ in range(2)]
    days = [datetime(2026, 9, day, tzinfo=UTC) for day in (1, 10, 20)]
    spans = zip([tariffs[0], tariffs[1], tariffs[0]], days, [*days[1:], None], strict=True)
    for tariff, start, end in spans:
        UsageIntervalFactory.create(camera=camera, tariff=tariff, started_at=start, ended_at=end)

    totals = september(camera.organization).totals()

    assert totals.all.cameras == 1
    assert [totals.by_tariff[tariff.pk].cameras for tariff in tariffs] == [1, 1]
    assert [totals.by_tariff[tariff.pk].charges for tariff in tariffs] == [2, 1]


def test_time_prorated_by_day_and_by_second_is_added_up_separately() -> None:
    organization = OrganizationFactory.create(
        trial_first_on=date(2026, 9, 1), trial_last_on=date(2026, 9, 10)
    )
    for proration in (Proration.SECOND, Proration.DAY):
        tariff = TariffPriceFactory.create(tariff__proration=proration).tariff
        UsageIntervalFactory.create(tariff=tariff, camera__organization=organization)

    total = september(organization).totals().all

    assert (total.billable_seconds, total.trial_seconds) == (20 * 86_400, 10 * 86_400)
    assert (total.billable_days, total.trial_days) == (20, 10)


def test_a_charge_without_a_price_makes_the_statement_incomplete() -> None:
    interval = UsageIntervalFactory.create()
    totals = september(interval.organization).totals()
    assert not totals.is_complete
    assert (totals.all.unpriced, totals.all.amounts) == (1, [Amount(Decimal("0.00"), "EUR")])


def test_past_usage_of_a_moved_camera_stays_with_the_former_organization() -> None:
    tariff = TariffPriceFactory.create().tariff
    moved_at = datetime(2026, 9, 16, tzinfo=UTC)
    after = UsageIntervalFactory.create(tariff=tariff, started_at=moved_at)
    before = UsageIntervalFactory.create(
        tariff=tariff,
        camera=after.camera,
        organization=OrganizationFactory.create(),
        ended_at=moved_at,
    )
    sums = [
        september(organization).totals().all.amounts
        for organization in (before.organization, after.organization)
    ]
    assert sums == [[Amount(Decimal("4.50"), "EUR")]] * 2


def test_charges_are_ordered_by_camera_then_time() -> None:
    organization = OrganizationFactory.create()
    cameras = CameraFactory.create_batch(3, organization=organization)
    change = datetime(2026, 9, 10, tzinfo=UTC)
    for camera in reversed(cameras):
        UsageIntervalFactory.create(camera=camera, started_at=change)
        UsageIntervalFactory.create(camera=camera, ended_at=change)
    charges = list(september(organization).charges())
    order = [(charge.camera_id, charge.started_at) for charge in charges]
    assert order == sorted(order)
    assert len(order) == 6


def test_an_excerpt_has_the_totals_of_all_charges_and_some_wanted_ones() -> None:
    organization = OrganizationFactory.create()
    tariff = TariffPriceFactory.create().tariff
    UsageIntervalFactory.create_batch(5, tariff=tariff, camera__organization=organization)
    statement = september(organization)
    every = list(statement.charges())

    excerpt = statement.excerpt(lambda charge: charge.camera_id != every[0].camera_id, 1, 2)

    assert excerpt.shown == every[2:4]
    assert excerpt.found == 4
    assert excerpt.totals.all.amounts == [Amount(Decimal("45.00"), "EUR")]
    assert sum(excerpt.costs.by_tariff()[tariff.pk]) == 4500


def test_the_number_of_queries_does_not_grow_with_cameras(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    organization = OrganizationFactory.create()
    for number in (1, 20):
        tariff = TariffPriceFactory.create().tariff
        UsageIntervalFactory.create_batch(number, tariff=tariff, camera__organization=organization)
        # One query reads tariffs and prices, one the taxes, and one what kinds of terms there are.
        # The query for intervals is streamed and not counted.
        with django_assert_num_queries(3):
            september(organization).totals()


def test_terms_take_a_query_only_if_there_are_any(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    organization = BillingDetailsFactory.create().organization
    UsageIntervalFactory.create(camera__organization=organization)
    with django_assert_num_queries(2):
        september(organization).totals()

    DiscountFactory.create(organization=organization)
    with django_assert_num_queries(3):
        september(organization).totals()


def test_a_future_period_runs_no_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    organization = UsageIntervalFactory.create().organization
    statement = september(organization, as_of=datetime(2026, 8, 1, tzinfo=UTC))
    with django_assert_num_queries(0):
        assert list(statement.charges()) == []
