"""Test the order of the charges on the Usages page, and the sums below them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from rating.periods import Period
from tariffs.models import Proration
from tariffs.tests.factories import TariffPriceFactory
from usage.statements.order import order_of
from usage.statements.statement import Statement, statement_for
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db

SEPTEMBER = {"from": "2026-09-01", "to": "2026-09-30"}


@pytest.fixture
def organization() -> Organization:
    """Return an organization with three cameras that differ in every column."""
    organization = OrganizationFactory.create(
        time_zone="UTC", trial_first_on=date(2026, 9, 1), trial_last_on=date(2026, 9, 3)
    )
    used = (
        ("Pro", "14.90", "yard", 3, None),
        ("Basic", "9.00", "gate", 1, 20),
        ("Zero", "1.00", "hall", 2, 30),
    )
    for tariff, amount, name, first, until in used:
        price = TariffPriceFactory.create(tariff__name=tariff, amount=Decimal(amount))
        UsageIntervalFactory.create(
            tariff=price.tariff,
            camera__organization=organization,
            camera__name=name,
            started_at=datetime(2026, 9, first, tzinfo=UTC),
            ended_at=until and datetime(2026, 9, until, tzinfo=UTC),
        )
    return organization


def september(organization: Organization) -> Statement:
    period = Period.inclusive(date(2026, 9, 1), date(2026, 9, 30))
    return statement_for(
        organization=organization, period=period, as_of=datetime(2026, 11, 1, tzinfo=UTC)
    )


def page_of(client: Client, organization: Organization, **query: str) -> str:
    address = reverse("usage:usages", args=[organization.pk])
    content = client.get(address, SEPTEMBER | query).content.decode()
    return content.replace("\N{NO-BREAK SPACE}", " ")


def names(client: Client, organization: Organization, **query: str) -> list[str]:
    page = page_of(client, organization, **query)
    return re.findall(r'<a class="d-block" href="/cameras/\d+/">(\w+)</a>', page)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["yard", "gate", "hall"]),
        ("nonsense", ["yard", "gate", "hall"]),
        ("camera", ["gate", "hall", "yard"]),
        ("-camera", ["yard", "hall", "gate"]),
        ("tariff", ["gate", "yard", "hall"]),
        ("from", ["gate", "hall", "yard"]),
        ("-to", ["yard", "hall", "gate"]),
        ("used", ["gate", "yard", "hall"]),
        ("trial", ["yard", "hall", "gate"]),
        ("-billable", ["yard", "hall", "gate"]),
        ("amount", ["hall", "gate", "yard"]),
        ("-amount", ["yard", "gate", "hall"]),
    ],
)
def test_charges_are_sorted(
    operator_client: Client, organization: Organization, sort: str, expected: list[str]
) -> None:
    assert names(operator_client, organization, sort=sort) == expected


def test_charges_without_an_amount_come_last_and_days_stay_apart_from_seconds(
    operator_client: Client, organization: Organization
) -> None:
    late = TariffPriceFactory.create(valid_from=date(2027, 1, 1)).tariff
    daily = TariffPriceFactory.create(tariff__proration=Proration.DAY, tariff__currency="JPY")
    for tariff, name in ((late, "late"), (daily.tariff, "daily")):
        UsageIntervalFactory.create(
            tariff=tariff, camera__organization=organization, camera__name=name
        )
    by_amount = names(operator_client, organization, sort="amount")
    assert by_amount == ["hall", "gate", "yard", "daily", "late"]
    assert names(operator_client, organization, sort="used")[-1] == "daily"


def test_pages_of_sorted_charges_follow_one_another(organization: Organization) -> None:
    price = TariffPriceFactory.create()
    UsageIntervalFactory.create_batch(40, tariff=price.tariff, camera__organization=organization)
    statement = september(organization)
    for sort in ("amount", "-amount", "-camera", "from"):
        order = order_of(statement, sort)
        assert order is not None
        whole = statement.excerpt(None, 0, 100, order).shown
        assert sorted(whole) == sorted(statement.charges())
        parts = [statement.excerpt(None, first, 10, order).shown for first in range(0, 50, 10)]
        assert [charge for part in parts for charge in part] == whole


def test_sorting_keeps_few_charges_in_memory(organization: Organization) -> None:
    statement = september(organization)
    order = order_of(statement, "amount")
    assert order is not None
    every = list(statement.charges()) * 2_000
    kept = []
    for charge in every:
        kept.append(charge)
        if len(kept) >= 1_100:
            kept = order.first(50, kept)
    assert order.first(50, kept) == order.first(50, every)


def test_headings_say_how_charges_are_sorted_and_keep_the_filter(
    operator_client: Client, organization: Organization
) -> None:
    page = page_of(operator_client, organization, sort="-amount", q="gate")
    assert '<th scope="col" class="num" aria-sort="descending">' in page
    (link,) = re.findall(r'href="([^"]*)">Amount</a>', page)
    assert "sort=amount" in link
    assert "q=gate" in link
    assert '<input type="hidden" name="sort" value="-amount">' in page


def test_charges_have_a_total_and_those_found_a_subtotal(
    operator_client: Client, organization: Organization
) -> None:
    whole = page_of(operator_client, organization)
    assert "Total of 3 charges" in whole
    assert "Subtotal" not in whole
    found = page_of(operator_client, organization, q="gate")
    subtotal = found.partition("Subtotal of 1 charge found")[2].partition("</tr>")[0]
    assert "EUR 4.80" in subtotal
    total = found.partition("Total of 3 charges")[2].partition("</tr>")[0]
    assert "EUR 19.08" in total


def test_tariffs_have_a_total_row(operator_client: Client, organization: Organization) -> None:
    page = page_of(operator_client, organization)
    row = page.partition(">By tariff<")[2].partition("<tfoot class=")[2].partition("</tfoot>")[0]
    assert "EUR 19.08" in row
