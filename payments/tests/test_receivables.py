"""Tests of aged receivables: sums calculated by hand, the page and its exports."""

import csv
import io
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from invoices.issuing import operations
from invoices.models import Invoice
from invoices.tests.factories import (
    IN_NOVEMBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    ProviderFactory,
)
from organizations.models import BillingDetails, Organization
from payments.models import Receivable
from payments.querysets import AGES
from payments.tests.test_operations import pay
from rating.periods import Period
from tariffs.provider_calendar import provider_date
from tariffs.tests.factories import TariffFactory, TariffPriceFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)
PAGE = "/invoices/receivables/"


def organization(title: str, currency: str = "EUR", price: str = "9.00") -> Organization:
    """Return an organization with one camera at a monthly price. 9.00 is 10.71 with tax."""
    ProviderFactory.create()
    tariff = TariffFactory.create(currency=currency)
    TariffPriceFactory.create(tariff=tariff, amount=Decimal(price))
    billed = BilledOrganizationFactory.create(title=title)
    BilledUseFactory.create(camera__organization=billed, tariff=tariff)
    return billed


def invoiced(organization: Organization, *, month: int, days_late: int) -> Invoice:
    """Issue the invoice of a month so that it is `days_late` days overdue on `TODAY`."""
    issued_on = TODAY - timedelta(days=days_late + 14)
    (invoice,) = operations.issue(
        organization_id=organization.pk,
        period=Period(date(2026, month, 1), date(2026, month + 1, 1)),
        now=datetime.combine(issued_on, time(9), UTC),
        by=None,
    )
    return invoice


def sums(row: dict[str, Any]) -> list[str]:
    """Return the amounts of a row: not due, the four overdue ages, credit and total."""
    return [f"{row[age].normalize():f}" for age in AGES]


def rows() -> dict[str, list[str]]:
    found = Receivable.objects.by_organization(TODAY).order_by("title")
    return {row["title"]: sums(row) for row in found}


def test_each_amount_is_in_the_column_of_its_days_overdue() -> None:
    harbour = organization("Harbour")
    for month, days_late in enumerate((91, 90, 61, 60, 31, 30, 1, 0), 1):
        # 10.71 less 1, 2, 3 … 8, so that the outstanding amount identifies the invoice.
        pay(
            invoiced(harbour, month=month, days_late=days_late),
            str(month),
            paid_on=date(2026, 8, 1),
        )

    assert rows() == {
        # 0 days: 2.71; 1 and 30: 3.71 + 4.71; 31 and 60: 5.71 + 6.71; 61 and 90: 7.71 + 8.71.
        "Harbour": ["2.71", "8.42", "12.42", "16.42", "9.71", "0", "49.68"]
    }


def test_paid_and_cancelled_invoices_are_not_listed() -> None:
    harbour, mountain = organization("Harbour"), organization("Mountain")
    pay(invoiced(harbour, month=8, days_late=5))
    operations.cancel(
        invoice_id=invoiced(mountain, month=8, days_late=5).pk, now=IN_NOVEMBER, by=None
    )

    assert rows() == {}


def test_an_amount_owed_to_an_organization_is_credit_and_reduces_the_total() -> None:
    overpaid, cancelled = organization("Harbour"), organization("Mountain")
    pay(invoiced(overpaid, month=7, days_late=40), "11.71", paid_on=date(2026, 10, 1))
    invoiced(overpaid, month=8, days_late=5)
    paid = invoiced(cancelled, month=8, days_late=5)
    pay(paid, "4", paid_on=date(2026, 10, 30))
    operations.cancel(invoice_id=paid.pk, now=IN_NOVEMBER, by=None)

    assert rows() == {
        "Harbour": ["0", "10.71", "0", "0", "0", "-1", "9.71"],
        "Mountain": ["0", "0", "0", "0", "0", "-4", "-4"],
    }


def test_each_currency_has_its_own_total() -> None:
    for title, currency, price in (
        ("Harbour", "EUR", "9.00"),
        ("Mountain", "EUR", "10.00"),
        ("Valley", "JPY", "1000"),
    ):
        invoiced(organization(title, currency, price), month=8, days_late=5)

    found = list(Receivable.objects.by_currency(TODAY))

    assert [(row["currency"], row["organizations"], *sums(row)) for row in found] == [
        ("EUR", 2, "0", "22.61", "0", "0", "0", "0", "22.61"),
        ("JPY", 1, "0", "1190", "0", "0", "0", "0", "1190"),
    ]


# --- The page ------------------------------------------------------------------------------------


@pytest.fixture
def two() -> None:
    """Two organizations, both overdue by more than 90 days. Mountain owes more than Harbour."""
    invoiced(organization("Harbour"), month=5, days_late=91)
    invoiced(organization("Mountain", price="10.00"), month=5, days_late=91)


def titles(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"{PAGE}{query}")
    return [row.record["title"] for row in answer.context["table"].page]


@pytest.mark.usefixtures("two")
def test_the_largest_total_comes_first_unless_another_order_is_requested(
    operator_client: Client,
) -> None:
    assert titles(operator_client) == ["Mountain", "Harbour"]
    assert titles(operator_client, "?sort=total") == ["Harbour", "Mountain"]
    assert titles(operator_client, "?sort=title") == ["Harbour", "Mountain"]
    assert titles(operator_client, "?sort=-later") == ["Mountain", "Harbour"]


@pytest.mark.usefixtures("two")
def test_a_search_filters_rows_and_totals(support_client: Client) -> None:
    answer = support_client.get(f"{PAGE}?q=mount")

    assert [row.record["title"] for row in answer.context["table"].page] == ["Mountain"]
    (total,) = answer.context["totals"]
    assert (total["organizations"], total["total"]) == (1, Decimal("11.90"))
    assert "EUR\N{NO-BREAK SPACE}11.90" in answer.text
    assert titles(support_client, "?q=nobody") == []


def test_the_page_says_when_nothing_is_outstanding(operator_client: Client) -> None:
    assert "Nothing is outstanding" in operator_client.get(PAGE).text


@pytest.mark.usefixtures("two")
def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(
    operator_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    operator_client.get(PAGE)
    for number in range(3):
        invoiced(organization(f"Valley {number}", "JPY"), month=5, days_late=91)

    # The session, the user, the totals, the page and the saved filters. The totals give the number
    # of rows.
    with django_assert_num_queries(6):
        assert len(titles(operator_client)) == 5


@pytest.mark.usefixtures("two")
def test_the_export_contains_the_filtered_rows(operator_client: Client) -> None:
    BillingDetails.objects.update(name="Legal Ltd")

    answer = operator_client.get(f"{PAGE}export.csv?q=harbour")

    (row,) = csv.DictReader(io.StringIO(answer.getvalue().decode()))
    assert row == {
        "as_of": provider_date(timezone.now()).isoformat(),
        "organization": "Harbour",
        "currency": "EUR",
        "not_due": "0.00",
        "overdue_1_to_30_days": "0.00",
        "overdue_31_to_60_days": "0.00",
        "overdue_61_to_90_days": "0.00",
        "overdue_over_90_days": "10.71",
        "credit": "0.00",
        "total": "10.71",
    }
    assert operator_client.get(f"{PAGE}export.xlsx").getvalue().startswith(b"PK")


@pytest.mark.usefixtures("two")
def test_owners_cannot_see_receivables(owner_client: Client) -> None:
    for address in ("", "export.csv", "export.xlsx"):
        assert owner_client.get(f"{PAGE}{address}").status_code == 403
    assert reverse("payments:receivables") == PAGE
