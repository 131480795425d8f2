"""Tests of partners: their usage is that of their customers, at their own prices."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from invoices.differences.models import Recheck
from organizations.models import Organization
from organizations.tests.factories import (
    IndividualPriceFactory,
    OrganizationFactory,
    PartnershipFactory,
)
from rating.periods import month_of
from tariffs.models import Tariff
from tariffs.tests.factories import VolumeStepFactory
from usage.models import UsageInterval
from usage.partners.statement import partner_statement
from usage.statements.freezing import freeze_all, lines_of
from usage.statements.statement import statement_for
from usage.tests.factories import CameraFactory

pytestmark = pytest.mark.django_db

SEPTEMBER = month_of(date(2026, 9, 1))
NOW = datetime(2026, 11, 30, tzinfo=UTC)


def using(organization: Organization, tariff: Tariff, name: str, **dates: Any) -> UsageInterval:
    """Return the usage of a camera from the first of September on."""
    interval: UsageInterval = UsageInterval.objects.create(
        **{
            "camera": dates.get("camera")
            or CameraFactory.create(organization=organization, name=name),
            "organization": organization,
            "tariff": tariff,
            "started_at": datetime(2026, 9, 1, tzinfo=UTC),
        }
        | dates
    )
    return interval


def stated(partner: Organization) -> list[tuple[str, str, str, str]]:
    found = partner_statement(partner=partner, period=SEPTEMBER, now=NOW).cameras()
    return sorted(
        (
            each.organization.title,
            each.name,
            str(each.costs.retail.number),
            str(each.costs.wholesale.number),
        )
        for each in found
    )


def total(organization: Organization) -> Decimal:
    bills = statement_for(organization=organization, period=SEPTEMBER, as_of=NOW).bills()
    return sum((bill.total.number for bill in bills), Decimal(0))


def test_cameras_of_customers_are_priced_twice(partner: Organization, basic: Tariff) -> None:
    for title in ("Harbour", "Quay"):
        customer = OrganizationFactory.create(title=title)
        PartnershipFactory.create(partner=partner, organization=customer)
        using(customer, basic, title.lower())
    IndividualPriceFactory.create(organization=customer, tariff=basic, amount=8)
    using(OrganizationFactory.create(), basic, "other")

    assert stated(partner) == [
        ("Harbour", "harbour", "9.00", "6.00"),
        ("Quay", "quay", "8.00", "6.00"),
    ]
    assert total(partner) == Decimal(12)


def test_only_the_dates_of_the_partnership_count(partner: Organization, basic: Tariff) -> None:
    partner.time_zone = "Asia/Tokyo"
    partner.save()
    customer = OrganizationFactory.create(title="Harbour")
    using(customer, basic, "gate")
    PartnershipFactory.create(
        partner=partner,
        organization=customer,
        first_on=date(2026, 9, 11),
        last_on=date(2026, 9, 20),
    )

    assert stated(partner) == [("Harbour", "gate", "3.00", "2.00")]
    (bill,) = statement_for(organization=partner, period=SEPTEMBER, as_of=NOW).bills()
    assert bill.total.number == Decimal("2.00")


def test_a_camera_that_moves_between_customers_costs_the_partner_one_month(
    partner: Organization, basic: Tariff
) -> None:
    customers = [OrganizationFactory.create(title=title) for title in ("Harbour", "Quay", "Zoo")]
    camera = CameraFactory.create(organization=customers[-1], name="gate")
    moved = [datetime(2026, 9, day, hour, tzinfo=UTC) for day, hour in ((1, 0), (8, 5), (15, 7))]
    for customer, start, end in zip(customers, moved, (*moved[1:], None), strict=True):
        PartnershipFactory.create(partner=partner, organization=customer)
        using(customer, basic, "", camera=camera, started_at=start, ended_at=end)

    wholesale = [Decimal(each[-1]) for each in stated(partner)]
    assert sum(wholesale) == Decimal(6) == total(partner)


def test_a_customer_is_not_billed_for_what_its_partner_is(
    partner: Organization, basic: Tariff
) -> None:
    customer = OrganizationFactory.create(time_zone="America/New_York")
    using(customer, basic, "gate", started_at=customer.start_of(SEPTEMBER.start))
    PartnershipFactory.create(
        partner=partner,
        organization=customer,
        first_on=date(2026, 9, 11),
        last_on=date(2026, 9, 20),
    )

    assert total(customer) == Decimal("6.00")
    retail = statement_for(organization=customer, period=SEPTEMBER, as_of=NOW, retail=True)
    assert [str(bill.total.number) for bill in retail.bills()] == ["9.00"]
    (frozen,) = freeze_all([statement_for(organization=customer, period=SEPTEMBER, as_of=NOW)])
    assert [line.minor for line in frozen["EUR"].sums] == [600]


def test_a_partnership_ends_with_its_partner(partner: Organization, basic: Tariff) -> None:
    customer = OrganizationFactory.create(title="Harbour")
    using(customer, basic, "gate")
    PartnershipFactory.create(partner=partner, organization=customer)
    Recheck.objects.all().delete()

    partner.closed_on, partner.closed_at = date(2026, 9, 10), datetime(2026, 9, 11, tzinfo=UTC)
    partner.save()

    assert (total(partner), total(customer)) == (Decimal("2.00"), Decimal("6.00"))
    rechecks = Recheck.objects.filter(organization=customer).values_list("from_on", flat=True)
    assert list(rechecks) == [date(2026, 9, 9)]

    october = month_of(date(2026, 10, 1))
    assert not partner_statement(partner=partner, period=october, now=NOW).customers


def test_volume_steps_are_reached_by_all_customers_together(
    partner: Organization, basic: Tariff
) -> None:
    IndividualPriceFactory.create(
        organization=partner, tariff=basic, amount=None, valid_from=date(2026, 9, 1)
    )
    VolumeStepFactory.create(price=basic.prices.get(), camera_months=2, amount=5)
    for title in ("Harbour", "Quay"):
        customer = OrganizationFactory.create(title=title)
        PartnershipFactory.create(partner=partner, organization=customer)
        using(customer, basic, title.lower())

    assert [each[2:] for each in stated(partner)] == [("9.00", "5.00")] * 2
    assert total(partner) == Decimal(10)


def test_the_charges_of_a_partner_are_frozen_with_those_of_others(
    partner: Organization, basic: Tariff
) -> None:
    customer, other = OrganizationFactory.create(), OrganizationFactory.create()
    PartnershipFactory.create(partner=partner, organization=customer)
    using(customer, basic, "gate")
    using(other, basic, "door")
    statements = [
        statement_for(organization=each, period=SEPTEMBER, as_of=NOW) for each in (other, partner)
    ]

    frozen = freeze_all(statements)
    found = [list(lines_of(each["EUR"].content)) for each in frozen]
    assert ["door" in line for (line,) in found] == [True, False]
    assert ["gate" in line for (line,) in found] == [False, True]


def test_the_number_of_queries_does_not_depend_on_customers(
    partner: Organization, basic: Tariff, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        customer = OrganizationFactory.create()
        PartnershipFactory.create(partner=partner, organization=customer)
        using(customer, basic, f"gate-{number}")
        with django_assert_num_queries(13):
            assert len(stated(partner)) == number + 1


@pytest.mark.parametrize("has_steps", [False, True])
def test_an_organization_without_customers_has_no_statement(
    has_steps: bool, basic: Tariff, partner: Organization
) -> None:
    if has_steps:
        VolumeStepFactory.create(price=basic.prices.get())
    using(partner, basic, "gate")

    assert stated(partner) == []
    assert total(partner) == Decimal(6)


def test_a_past_partnership_has_ended(partner: Organization, basic: Tariff) -> None:
    customer = OrganizationFactory.create()
    using(customer, basic, "gate")
    PartnershipFactory.create(
        partner=partner,
        organization=customer,
        first_on=date(2026, 9, 1),
        last_on=date(2026, 9, 1) + timedelta(days=29),
    )
    october = partner_statement(partner=partner, period=month_of(date(2026, 10, 1)), now=NOW)

    assert stated(partner) == [(customer.title, "gate", "9.00", "6.00")]
    assert october.customers == []
    assert list(october.cameras()) == []


def test_a_partnership_that_begins_on_an_earlier_date_of_the_partner_is_compared_from_there(
    partner: Organization,
) -> None:
    partner.time_zone = "America/New_York"
    partner.save()
    customer = OrganizationFactory.create(time_zone="Asia/Tokyo")
    Recheck.objects.all().delete()
    PartnershipFactory.create(partner=partner, organization=customer, first_on=date(2026, 10, 1))

    begins_at = customer.start_of(date(2026, 10, 1))
    (of_partner,) = Recheck.objects.filter(organization=partner).values_list("from_on").distinct()
    assert of_partner == (partner.date_at(begins_at),) == (date(2026, 9, 30),)


def test_customers_are_compared_from_the_date_on_which_their_partner_closes(
    partner: Organization,
) -> None:
    Organization.objects.update(time_zone="Pacific/Kiritimati")
    partner.refresh_from_db()
    customer = OrganizationFactory.create(time_zone="Pacific/Pago_Pago")
    PartnershipFactory.create(partner=partner, organization=customer, first_on=date(2026, 8, 1))
    Recheck.objects.all().delete()
    partner.closed_on = date(2026, 10, 1)
    partner.closed_at = partner.start_of(date(2026, 10, 2))
    partner.save()

    (recorded,) = Recheck.objects.filter(organization=customer)
    assert recorded.from_on == customer.date_at(partner.closed_at) == date(2026, 9, 30)


def test_no_hour_is_missed_where_a_partner_closes_in_another_time_zone(
    partner: Organization, basic: Tariff
) -> None:
    customer = OrganizationFactory.create(time_zone="America/New_York")
    PartnershipFactory.create(partner=partner, organization=customer, first_on=date(2026, 8, 1))
    used = using(customer, basic, "gate", ended_at=datetime(2026, 9, 20, tzinfo=UTC))
    partner.closed_on, partner.closed_at = date(2026, 9, 15), datetime(2026, 9, 16, tzinfo=UTC)
    partner.save()

    charges = (
        charge
        for each in (partner, customer)
        for charge in statement_for(
            organization=each, period=month_of(date(2026, 8, 1), months=3), as_of=NOW
        ).charges()
    )
    assert used.ended_at is not None
    assert sum(x.used for x in charges) == (used.ended_at - used.started_at).total_seconds()
