"""Tests that simulations state what statements with the change would."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.tests.factories import OperatorFactory
from organizations.models import Organization
from organizations.tests.factories import (
    DiscountFactory,
    FeeFactory,
    IndividualPriceFactory,
    MinimumFactory,
    OneOffChargeFactory,
    OrganizationFactory,
    PartnershipFactory,
)
from rating.periods import Period, month_of
from rating.price_versions import PriceVersion
from reports.simulation import operations
from reports.simulation.changes import (
    Change,
    DiscountChange,
    IndividualPriceChange,
    ListPriceChange,
    Unchanged,
    read,
    stored,
)
from reports.simulation.computing import Cost, cameras_of, costs_of
from reports.simulation.models import Simulation
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory, TariffPriceFactory, VolumeStepFactory
from tests.jobs import jobs, run_jobs
from usage.models import UsageInterval
from usage.statements.price_list import all_tariffs
from usage.statements.statement import statement_for
from usage.tests.factories import CameraFactory

pytestmark = pytest.mark.django_db

SEPTEMBER = month_of(date(2026, 9, 1))
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture
def basic() -> Tariff:
    return priced("Basic", 9)


@pytest.fixture
def pro() -> Tariff:
    return priced("Pro", 15)


def priced(name: str, amount: int) -> Tariff:
    tariff: Tariff = TariffFactory.create(name=name)
    TariffPriceFactory.create(tariff=tariff, amount=amount)
    return tariff


def using(
    tariff: Tariff, organization: Organization | None = None, *, cameras: int = 1, **dates: Any
) -> Organization:
    """Return an organization whose cameras use a tariff from the first of September on."""
    organization = organization or OrganizationFactory.create()
    for _ in range(cameras):
        UsageInterval.objects.create(
            **{
                "camera": CameraFactory.create(organization=organization),
                "organization": organization,
                "tariff": tariff,
                "started_at": datetime(2026, 9, 1, tzinfo=UTC),
            }
            | dates
        )
    return organization


def computed(
    organizations: Sequence[Organization], change: Change, period: Period = SEPTEMBER
) -> list[Cost]:
    return list(
        costs_of(
            organizations=organizations,
            period=period,
            change=change,
            tariffs=all_tariffs(),
            now=NOW,
            then=NOW,
        )
    )


def shown(cost: Cost) -> tuple[int, str, str, int]:
    return (
        cost.organization_id,
        f"{cost.before.number} {cost.before.currency}",
        str(cost.after.number),
        cost.cameras,
    )


def test_another_price_of_a_tariff_changes_what_its_cameras_cost(
    basic: Tariff, pro: Tariff
) -> None:
    both = using(pro, using(basic, cameras=2))
    other = using(pro)

    found = computed([both, other], ListPriceChange(basic.pk, Decimal("10.50")))

    assert list(map(shown, found)) == [
        (both.pk, "33.00 EUR", "36.00", 2),
        (other.pk, "15.00 EUR", "15.00", 0),
    ]


def test_an_individual_price_stays_when_the_list_price_changes(basic: Tariff) -> None:
    organization = using(basic)
    IndividualPriceFactory.create(organization=organization, tariff=basic, amount=8)

    (cost,) = computed([organization], ListPriceChange(basic.pk, Decimal(10)))
    assert shown(cost) == (organization.pk, "8.00 EUR", "8.00", 0)

    (cost,) = computed([organization], IndividualPriceChange(basic.pk, None))
    assert shown(cost) == (organization.pk, "8.00 EUR", "9.00", 1)


def test_a_discount_replaces_that_of_its_scope(basic: Tariff) -> None:
    organization = using(basic)
    DiscountFactory.create(organization=organization, percent=10)
    DiscountFactory.create(organization=organization, tariff=basic, percent=20)

    (cost,) = computed([organization], DiscountChange(None, Decimal(50)))
    assert shown(cost) == (organization.pk, "7.20 EUR", "4.50", 1)

    (cost,) = computed([organization], DiscountChange(basic.pk, Decimal(0)))
    assert shown(cost) == (organization.pk, "7.20 EUR", "8.10", 1)


def test_steps_are_reached_by_the_camera_months_of_an_organization(basic: Tariff) -> None:
    few, many = using(basic, cameras=1), using(basic, cameras=3)

    found = computed(
        [few, many], ListPriceChange(basic.pk, Decimal(9), ((Decimal(2), Decimal(8)),))
    )

    assert list(map(shown, found)) == [
        (few.pk, "9.00 EUR", "9.00", 0),
        (many.pk, "27.00 EUR", "24.00", 3),
    ]


def test_a_price_without_steps_replaces_one_with_steps(basic: Tariff) -> None:
    VolumeStepFactory.create(price=basic.prices.get(), camera_months=2, amount=8)
    organization = using(basic, cameras=2)

    (cost,) = computed([organization], ListPriceChange(basic.pk, Decimal(9)))
    assert shown(cost) == (organization.pk, "16.00 EUR", "18.00", 2)


def test_fees_and_minimums_count(basic: Tariff) -> None:
    organization = using(basic)
    FeeFactory.create(organization=organization, amount=5)
    MinimumFactory.create(organization=organization, amount=20)

    (cost,) = computed([organization], ListPriceChange(basic.pk, Decimal(18)))
    assert shown(cost) == (organization.pk, "20.00 EUR", "23.00", 1)


def test_credits_hide_no_difference(basic: Tariff) -> None:
    organization = using(basic)
    OneOffChargeFactory.create(organization=organization, quantity=-1, amount=50)
    change = DiscountChange(None, Decimal(10))

    assert [*map(shown, computed([organization], change))] == [
        (organization.pk, "9.00 EUR", "8.10", 1)
    ]


def test_a_camera_counts_once_although_it_has_many_intervals(
    basic: Tariff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.simulation.computing._USAGES_A_BATCH", 3)
    organization = OrganizationFactory.create()
    for _ in range(2):
        camera = CameraFactory.create(organization=organization)
        for day in range(1, 11):
            UsageInterval.objects.create(
                camera=camera,
                organization=organization,
                tariff=basic,
                started_at=datetime(2026, 9, day, tzinfo=UTC),
                ended_at=datetime(2026, 9, day, 12, tzinfo=UTC),
            )

    change = ListPriceChange(basic.pk, Decimal(12))
    (cost,) = computed([organization], change)
    assert shown(cost) == (organization.pk, "3.00 EUR", "4.00", 2)
    found = cameras_of(
        organization=organization,
        period=SEPTEMBER,
        change=change,
        tariffs=all_tariffs(),
        now=NOW,
        then=NOW,
    )
    assert [(each.before.number, each.after.number) for each in found] == [
        (Decimal("1.50"), Decimal("2.00"))
    ] * 2


def test_cameras_whose_intervals_are_in_several_batches_are_stated_whole(
    basic: Tariff, pro: Tariff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first of a camera's intervals cost the same, and the last one does not."""
    monkeypatch.setattr("reports.simulation.computing._USAGES_A_BATCH", 2)
    organization = OrganizationFactory.create()
    camera = CameraFactory.create(organization=organization)
    for day, tariff in enumerate((basic, basic, basic, basic, pro), 1):
        UsageInterval.objects.create(
            camera=camera,
            organization=organization,
            tariff=tariff,
            started_at=datetime(2026, 9, day, tzinfo=UTC),
            ended_at=datetime(2026, 9, day + 1, tzinfo=UTC),
        )

    (found,) = cameras_of(
        organization=organization,
        period=SEPTEMBER,
        change=ListPriceChange(pro.pk, Decimal(30)),
        tariffs=all_tariffs(),
        now=NOW,
        then=NOW,
    )
    assert (found.before.number, found.after.number) == (Decimal("1.70"), Decimal("2.20"))


def test_without_a_change_nothing_differs(basic: Tariff, pro: Tariff) -> None:
    organizations = [using(basic, cameras=3), using(pro), OrganizationFactory.create()]
    quarter = month_of(date(2026, 9, 1), months=3)
    TariffPriceFactory.create(tariff=pro, amount=17, valid_from=date(2026, 10, 10))

    found = computed(organizations, Unchanged(), quarter)

    assert [each.before for each in found] == [each.after for each in found]
    for cost in found:
        organization = Organization.objects.get(pk=cost.organization_id)
        totals = statement_for(organization=organization, period=quarter, as_of=NOW).totals()
        assert [cost.before] == totals.all.amounts


def test_what_a_partner_is_billed_for_is_simulated_for_the_partner(basic: Tariff) -> None:
    partner, customer = using(basic), using(basic, cameras=2)
    PartnershipFactory.create(
        partner=partner,
        organization=customer,
        first_on=date(2026, 9, 11),
        last_on=date(2026, 9, 20),
    )

    found = computed([partner, customer], ListPriceChange(basic.pk, Decimal(12)))

    assert list(map(shown, found)) == [
        (partner.pk, "15.00 EUR", "20.00", 3),
        (customer.pk, "12.00 EUR", "16.00", 2),
    ]


def test_a_change_replaces_all_prices_of_the_months(pro: Tariff) -> None:
    TariffPriceFactory.create(tariff=pro, amount=17, valid_from=date(2026, 9, 10))

    changed = ListPriceChange(pro.pk, Decimal(20)).tariffs(all_tariffs(), SEPTEMBER)
    (terms,) = changed.terms
    assert list(terms.prices) == [PriceVersion(date(2026, 9, 1), Decimal(20))]


@pytest.mark.parametrize(
    "change",
    [
        Unchanged(),
        ListPriceChange(1, Decimal("9.1234"), ((Decimal("2.5"), Decimal(8)),)),
        IndividualPriceChange(1, None),
        IndividualPriceChange(1, Decimal(0)),
        DiscountChange(None, Decimal("12.5")),
        DiscountChange(1, Decimal(0)),
    ],
)
def test_a_stored_change_is_read_again(change: Change) -> None:
    assert read(stored(change)) == change


def asked(change: Change, **of: Any) -> Simulation:
    return operations.ask(
        simulation_id=uuid4(),
        change=change,
        period=SEPTEMBER,
        now=timezone.now(),
        by=OperatorFactory.create(),
        **of,
    )


@pytest.mark.django_db(transaction=True)
class TestJobs:
    def test_jobs_compute_all_organizations_in_turn(
        self, basic: Tariff, pro: Tariff, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(operations, "ORGANIZATIONS_A_JOB", 2)
        organizations = [using(basic) for _ in range(5)]
        using(pro)

        simulation = asked(ListPriceChange(basic.pk, Decimal(10)), tariff=basic)
        run_jobs()

        simulation.refresh_from_db()
        assert (simulation.state, simulation.done, simulation.total) == ("ready", 5, 5)
        costs = simulation.costs.order_by("organization_id")
        assert [each.organization for each in costs] == organizations
        assert {each.difference for each in costs} == {Decimal(1)}
        (total,) = simulation.sums.all()
        assert (total.before, total.after) == (Decimal(45), Decimal(50))
        assert (total.organizations, total.affected, total.cameras) == (5, 5, 5)

    def test_a_change_for_one_organization_concerns_no_other(self, basic: Tariff) -> None:
        organization = using(basic)
        using(basic)

        simulation = asked(DiscountChange(None, Decimal(10)), organization=organization)
        run_jobs()

        assert [each.organization for each in simulation.costs.all()] == [organization]

    def test_a_price_concerns_the_partner_whose_customer_pays_it(
        self, basic: Tariff, pro: Tariff
    ) -> None:
        partner, customer = OrganizationFactory.create(), using(basic)
        PartnershipFactory.create(partner=partner, organization=customer)
        for other, first_on in ((using(pro), SEPTEMBER.start), (using(basic), SEPTEMBER.end)):
            PartnershipFactory.create(organization=other, first_on=first_on)

        simulation = asked(ListPriceChange(basic.pk, Decimal(10)), tariff=basic)
        run_jobs()

        cost = simulation.costs.get(organization=partner)
        assert (cost.before, cost.after) == (Decimal(9), Decimal(10))
        simulation.refresh_from_db()
        # The partner and the two that used the plan.
        assert simulation.total == 3

    def test_a_cancelled_simulation_stops(self, basic: Tariff) -> None:
        using(basic)
        simulation = asked(ListPriceChange(basic.pk, Decimal(10)), tariff=basic)
        operations.cancel(simulation_id=simulation.pk)
        run_jobs()

        simulation.refresh_from_db()
        assert simulation.state == "cancelled"
        assert not simulation.costs.exists()
        assert jobs() == []

    def test_asking_twice_is_one_simulation(self, basic: Tariff) -> None:
        simulation = asked(ListPriceChange(basic.pk, Decimal(10)), tariff=basic)
        operations.ask(
            simulation_id=simulation.pk,
            change=Unchanged(),
            period=SEPTEMBER,
            now=timezone.now(),
            by=simulation.asked_by,
        )

        assert Simulation.objects.count() == 1
        assert len(jobs()) == 1


def test_a_forecast_counts_use_that_is_open_to_the_end_of_the_month(basic: Tariff) -> None:
    organization = using(basic)
    november = month_of(date(2026, 11, 1))

    (cost,) = costs_of(
        organizations=[organization],
        period=november,
        change=Unchanged(),
        tariffs=all_tariffs(),
        now=datetime(2026, 11, 16, tzinfo=UTC),
        then=datetime(2026, 12, 3, tzinfo=UTC),
    )
    assert shown(cost) == (organization.pk, "4.50 EUR", "9.00", 1)


def test_the_number_of_queries_does_not_depend_on_the_number_of_organizations(
    basic: Tariff, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    organizations = [using(basic, cameras=2) for _ in range(6)]
    change = ListPriceChange(basic.pk, Decimal(9), ((Decimal(2), Decimal(8)),))
    for number in (1, 6):
        with django_assert_num_queries(6):
            computed(organizations[:number], change)
