"""Tests of the list of invoices that differ, and of the list of usage without an invoice."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from invoices.differences.models import InvoiceDifference, LateUsage, Recheck
from invoices.exports import DIFFERENCE_COLUMNS
from invoices.issuing import operations
from invoices.models import Invoice
from invoices.tests.factories import (
    IN_NOVEMBER,
    SEPTEMBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    issued_invoice,
)
from organizations.tests.factories import OrganizationFactory
from usage.models import UsageInterval

pytestmark = pytest.mark.django_db


@pytest.fixture
def use() -> UsageInterval:
    return BilledUseFactory.create(camera__name="gate-1")


@pytest.fixture
def invoice(use: UsageInterval) -> Invoice:
    made = issued_invoice(use.organization)
    Recheck.objects.all().delete()
    return made


def differ(invoice: Invoice, amount: str, cameras: int = 1) -> None:
    InvoiceDifference.objects.create(
        invoice=invoice,
        currency=invoice.currency,
        amount=Decimal(amount),
        cameras=cameras,
        unpriced=0,
        checked_at=IN_NOVEMBER,
    )


def numbers(client: Client, query: str) -> list[str]:
    answer = client.get(f"/invoices/{query}")
    return [row.record.number for row in answer.context["table"].page]


def test_the_list_shows_by_how_much_invoices_differ(
    operator_client: Client, invoice: Invoice
) -> None:
    same = issued_invoice(invoice.organization, SEPTEMBER)
    Recheck.objects.all().delete()
    differ(invoice, "-3.05")

    page = operator_client.get("/invoices/")

    assert page.text.count("-EUR\N{NO-BREAK SPACE}3.05") == 2
    assert f'href="/invoices/{invoice.pk}/differences/"' in page.text
    assert f'href="/invoices/{same.pk}/differences/"' not in page.text
    (totals,) = page.context["totals"]
    assert (totals.differ, totals.differs_by) == (1, Decimal("-3.05"))


def test_a_higher_amount_has_a_sign(operator_client: Client, invoice: Invoice) -> None:
    differ(invoice, "3.05")

    assert "+EUR\N{NO-BREAK SPACE}3.05" in operator_client.get("/invoices/").text


def test_the_list_shows_which_invoices_are_being_checked(
    operator_client: Client, invoice: Invoice
) -> None:
    issued_invoice(invoice.organization, SEPTEMBER)
    credit_note = operations.cancel(
        invoice_id=issued_invoice(BilledUseFactory.create().organization).pk,
        now=IN_NOVEMBER,
        by=None,
    )
    Recheck.objects.all().delete()
    differ(invoice, "-3.05")
    for organization in (invoice.organization, credit_note.organization):
        Recheck.objects.create(organization=organization, from_on=date(2026, 10, 31))

    assert operator_client.get("/invoices/").text.count("Checking…") == 1
    assert numbers(operator_client, "?differs=checking") == [invoice.number]


def test_the_list_is_filtered_by_difference(operator_client: Client, invoice: Invoice) -> None:
    issued_invoice(invoice.organization, SEPTEMBER)
    differ(invoice, "0", cameras=2)

    assert numbers(operator_client, "?differs=yes") == [invoice.number]
    organization = operator_client.get(
        f"/organizations/{invoice.organization_id}/invoices/?differs=yes"
    )
    assert [row.record for row in organization.context["table"].page] == [invoice]


def test_owners_do_not_see_differences(owner_client: Client, owner: User) -> None:
    organization = BilledOrganizationFactory.create(owner=owner)
    invoice = issued_invoice(
        BilledUseFactory.create(camera__organization=organization).organization
    )
    differ(invoice, "-3.05")
    LateUsage.objects.create(
        organization=invoice.organization,
        month=date(2026, 10, 1),
        currency="EUR",
        amount=1,
        unpriced=0,
        found_at=IN_NOVEMBER,
    )

    for address in ("/invoices/", f"/organizations/{invoice.organization_id}/invoices/"):
        page = owner_client.get(address)
        assert invoice.number in page.text
        assert "iffers" not in page.text
        assert "in no invoice" not in page.text
    export = owner_client.get("/invoices/export.csv")
    assert "differs_by" not in export.getvalue().decode()


def test_the_export_has_the_differences(operator_client: Client, invoice: Invoice) -> None:
    checked = issued_invoice(invoice.organization, SEPTEMBER)
    Recheck.objects.all().delete()
    differ(invoice, "-3.05", cameras=2)
    differ(checked, "1")
    Recheck.objects.create(
        organization=invoice.organization, from_on=date(2026, 9, 1), until_on=date(2026, 10, 1)
    )

    answer = operator_client.get("/invoices/export.csv?sort=period")

    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    cells = [[row[name] for name in DIFFERENCE_COLUMNS] for row in rows]
    assert cells == [
        ["", "", "yes"],
        ["-3.05", "2", "no"],
    ]


def test_the_page_of_differences_says_that_a_check_is_pending(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    address = f"/invoices/{invoice.pk}/differences/"
    text = "The list of invoices will soon show the difference."
    assert text not in operator_client.get(address).text

    UsageInterval.objects.filter(pk=use.pk).update(ended_at=datetime(2026, 10, 11, tzinfo=UTC))

    page = operator_client.get(address)
    assert text in page.text
    assert page.context["comparison"].change == Decimal("-6.10")


# --- Usage without an invoice ---------------------------------------------------------------------


def late(amount: str, currency: str = "EUR", unpriced: int = 0) -> LateUsage:
    return LateUsage.objects.create(
        organization=OrganizationFactory.create(),
        month=date(2026, 10, 1),
        currency=currency,
        amount=Decimal(amount),
        unpriced=unpriced,
        found_at=IN_NOVEMBER,
    )


def test_the_list_of_invoices_sums_usage_without_an_invoice(operator_client: Client) -> None:
    for amount, currency in (("1.50", "EUR"), ("2", "EUR"), ("100", "JPY")):
        late(amount, currency)

    page = operator_client.get("/invoices/")

    sums = [(each.currency, each.number, each.amount) for each in page.context["late_usage"]]
    assert sums == [("EUR", 2, Decimal("3.50")), ("JPY", 1, 100)]
    assert 'href="/invoices/late-usage/"' in page.text


def test_usage_without_an_invoice_leads_to_the_usages_of_its_month(
    support_client: Client,
) -> None:
    found = late("1.50", unpriced=1)

    page = support_client.get("/invoices/late-usage/")

    usages = f"/organizations/{found.organization_id}/usages/?from=2026-10-01&amp;to=2026-10-31"
    assert f'href="{usages}"' in page.text
    assert "EUR\N{NO-BREAK SPACE}1.50" in page.text
    assert "Some charges have no price." in page.text


def test_the_number_of_queries_does_not_depend_on_the_amount_of_late_usage(
    support_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    late("1")
    support_client.get("/invoices/late-usage/")
    for _ in range(3):
        late("1")

    with django_assert_num_queries(5):
        support_client.get("/invoices/late-usage/")


def test_no_late_usage_is_said(support_client: Client) -> None:
    page = support_client.get("/invoices/late-usage/").text

    assert "All usage of invoiced months is in an invoice" in page
