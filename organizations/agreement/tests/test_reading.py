"""Tests that pricing gets the terms that are stored."""

from datetime import date
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from organizations.agreement.reading import (
    ALL_KINDS,
    agreement_of,
    agreements_of_all,
    ended,
    rows_of_kinds,
)
from organizations.agreement.tests.storing import store
from organizations.tests.factories import (
    OrganizationFactory,
    PartnershipFactory,
    SuspensionFactory,
)
from rating.agreement.discounts import Discount, DiscountExemption
from rating.agreement.fees import Fee
from rating.agreement.individual_prices import IndividualPrice
from rating.agreement.minimums import Minimum
from rating.agreement.one_off import OneOffCharge
from rating.agreement.terms import Suspension
from rating.money import Amount
from rating.periods import Period
from tariffs.tests.factories import TariffFactory

pytestmark = pytest.mark.django_db

SEPTEMBER = Period(date(2026, 9, 1), date(2026, 10, 1))
OPEN = Period.since(date(2026, 3, 1))


def all_kinds(tariff_id: int) -> list[object]:
    """Return a term of each kind, without ids."""
    return [
        IndividualPrice(tariff_id, date(2026, 3, 1), Decimal("8.1234")),
        IndividualPrice(tariff_id, date(2026, 4, 1), None),
        Discount(Decimal("12.50"), OPEN),
        Discount(Decimal("100.00"), SEPTEMBER, tariff_id),
        DiscountExemption(tariff_id, OPEN),
        Suspension(SEPTEMBER),
        Fee(0, "Router", Amount(Decimal("5.0000"), "EUR"), SEPTEMBER, in_trial=True),
        OneOffCharge(
            0, "Cable", date(2026, 9, 30), Decimal("1.2500"), Amount(Decimal("3.0000"), "RUB")
        ),
        OneOffCharge(
            0, "Credit", date(2026, 9, 1), Decimal("-1.0000"), Amount(Decimal("0.0050"), "EUR")
        ),
        Minimum(Amount(Decimal("30.0000"), "EUR"), OPEN),
    ]


def without_ids(terms: object) -> list[str]:
    """Return terms in a comparable form, without the ids of fees and charges."""
    assert isinstance(terms, (list, tuple))
    plain = [
        type(each)(*(0 if name == "id" else getattr(each, name) for name in each.__slots__))
        for each in terms
    ]
    return sorted(map(str, plain))


def test_reads_terms_of_all_kinds(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    organization, tariff = OrganizationFactory.create(), TariffFactory.create()
    other = OrganizationFactory.create()
    for term in all_kinds(tariff.pk):
        store(term, organization, {tariff.pk: tariff})
    store(all_kinds(tariff.pk)[2], other, {})

    with django_assert_num_queries(2):
        found = agreements_of_all([organization.pk, other.pk, 0], SEPTEMBER)

    assert without_ids(found[organization.pk].terms) == without_ids(all_kinds(tariff.pk))
    assert list(found[other.pk].terms) == [Discount(Decimal("12.50"), OPEN)]
    assert not found[0].terms


def test_reads_only_one_off_charges_of_the_period() -> None:
    organization = OrganizationFactory.create()
    money = Amount(Decimal(1), "EUR")
    for day in (date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 1)):
        store(OneOffCharge(0, f"{day}", day, Decimal(1), money), organization, {})

    terms = agreement_of(organization.pk, SEPTEMBER).of(OneOffCharge)
    assert [each.text for each in terms] == ["2026-09-01", "2026-09-30"]


def test_a_suspension_that_is_charged_is_not_a_term() -> None:
    organization = SuspensionFactory.create(is_charged=True).organization

    assert not agreement_of(organization.pk, SEPTEMBER).terms


@pytest.mark.parametrize("kind", sorted(ALL_KINDS))
def test_the_statement_by_hand_is_that_of_the_queryset(kind: str) -> None:
    organization, tariff = OrganizationFactory.create(), TariffFactory.create()
    for term in all_kinds(tariff.pk):
        store(term, organization, {tariff.pk: tariff})
    partnership = PartnershipFactory.create(organization=organization, first_on=SEPTEMBER.start)

    query = rows_of_kinds(frozenset({kind}))
    values = [organization.pk, partnership.partner_id], *SEPTEMBER
    rows = sorted(query.rows(*values), key=str)
    assert rows == sorted(query.queryset(*values), key=str)
    assert {row[1] for row in rows} == {kind}


def test_all_kinds_are_read_at_once() -> None:
    organization, tariff = OrganizationFactory.create(), TariffFactory.create()
    for term in all_kinds(tariff.pk):
        store(term, organization, {tariff.pk: tariff})

    query = rows_of_kinds(ALL_KINDS)
    values = [organization.pk], *SEPTEMBER
    rows = sorted(query.rows(*values), key=str)
    assert rows == sorted(query.queryset(*values), key=str)
    assert len(rows) == len(all_kinds(tariff.pk))


def test_fees_and_minimums_end_with_the_organization() -> None:
    organization, tariff = OrganizationFactory.create(), TariffFactory.create()
    for term in all_kinds(tariff.pk):
        store(term, organization, {tariff.pk: tariff})

    terms = ended(agreement_of(organization.pk, SEPTEMBER), date(2026, 9, 10))
    assert [each.dates.last for each in terms.of(Fee)] == [date(2026, 9, 10)]
    assert [each.dates.last for each in terms.of(Minimum)] == [date(2026, 9, 10)]
    assert [each.dates for each in terms.of(Suspension)] == [SEPTEMBER]
