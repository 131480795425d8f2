"""Test what the Usages page says of documents: tax, invoices of the period, whether to issue."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from invoices.beside_charges import taxed_charges
from invoices.issuing import operations
from invoices.issuing.drafts import drafts_of
from invoices.provider.parties import provider_details
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    BilledUseFactory,
    ProviderFactory,
    issued_invoice,
)
from organizations.models import BillingDetails, Organization, Tax, TaxCategory
from organizations.tests.factories import (
    FeeFactory,
    MinimumFactory,
    OneOffChargeFactory,
    OrganizationFactory,
)
from tariffs.tests.factories import TariffPriceFactory
from usage.models import UsageInterval
from usage.statements.statement import statement_for
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db

IN_OCTOBER = {"from": "2026-10-01", "to": "2026-10-31"}
ISSUE = ">Issue invoice<"


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: IN_NOVEMBER)


def page_of(client: Client, organization: Organization) -> str:
    address = reverse("usage:usages", args=[organization.pk])
    content = client.get(address, IN_OCTOBER).content.decode()
    return content.replace("\N{NO-BREAK SPACE}", " ")


def test_charges_are_said_to_be_before_tax_with_the_tax_beside_them(
    operator_client: Client,
) -> None:
    page = page_of(operator_client, BilledUseFactory.create().organization)
    assert "Charges, before tax" in page
    assert "19% tax: EUR 1.71;" in page
    assert "with tax: <strong>EUR 10.71</strong>" in page


def test_taxes_are_those_that_an_invoice_would_state() -> None:
    ProviderFactory.create()
    organization = BilledUseFactory.create().organization
    reduced = Tax.objects.create(name="Reduced", category=TaxCategory.STANDARD)
    reduced.percents.create(percent=Decimal(7), valid_from=date(2020, 1, 1))
    before = BillingDetails.objects.get(organization=organization)
    before.pk = None
    before.valid_from, before.tax = date(2026, 10, 11), reduced
    before.save()
    for amount, currency in (("14.90", "EUR"), ("1000", "JPY"), ("3.125", "KWD")):
        price = TariffPriceFactory.create(amount=Decimal(amount), tariff__currency=currency)
        UsageIntervalFactory.create_batch(
            3,
            tariff=price.tariff,
            camera__organization=organization,
            started_at=datetime(2026, 10, 3, 7, 30, tzinfo=UTC),
        )
    statement = statement_for(organization=organization, period=OCTOBER, as_of=IN_NOVEMBER)
    drafts = drafts_of(
        organization=organization, period=OCTOBER, now=IN_NOVEMBER, provider=provider_details()
    )
    shown = taxed_charges(statement, statement.bills())
    assert len(shown[0].taxes) == 2
    assert [(each.net, [*each.taxes], each.total.number) for each in shown] == [
        (each.net, [*document.taxes], document.total)
        for draft in drafts.drafts
        for document in [draft.document]
        for each in shown
        if each.net.currency == document.currency
    ]


def test_taxes_on_what_was_agreed_are_those_that_an_invoice_would_state() -> None:
    """A minimum has the tax of its month's last date, and a credit that of what it is taken off."""
    ProviderFactory.create()
    organization = BilledUseFactory.create().organization
    reduced = Tax.objects.create(name="Reduced", category=TaxCategory.STANDARD)
    reduced.percents.create(percent=Decimal(7), valid_from=date(2020, 1, 1))
    before = BillingDetails.objects.get(organization=organization)
    before.pk = None
    before.valid_from, before.tax = date(2026, 10, 11), reduced
    before.save()
    FeeFactory.create(organization=organization)
    MinimumFactory.create(organization=organization, amount=40)
    OneOffChargeFactory.create(
        organization=organization, day=date(2026, 10, 5), quantity=-1, amount=20
    )
    statement = statement_for(organization=organization, period=OCTOBER, as_of=IN_NOVEMBER)
    (draft,) = drafts_of(
        organization=organization, period=OCTOBER, now=IN_NOVEMBER, provider=provider_details()
    ).drafts

    (shown,) = taxed_charges(statement, statement.bills())
    assert shown.net.number == draft.document.net == Decimal("20.00")
    assert [*shown.taxes] == [*draft.document.taxes]
    assert shown.total.number == draft.document.total


def test_without_a_tax_none_is_shown(operator_client: Client) -> None:
    organization = OrganizationFactory.create()
    UsageIntervalFactory.create(
        tariff=TariffPriceFactory.create().tariff, camera__organization=organization
    )
    page = page_of(operator_client, organization)
    assert "Charges, before tax" in page
    assert "with tax" not in page


def test_an_invoice_in_force_is_named_and_nothing_is_offered_to_issue(
    operator_client: Client,
) -> None:
    invoice = issued_invoice()
    page = page_of(operator_client, invoice.organization)
    address = reverse("invoices:invoice", args=[invoice.pk])
    assert f'<a class="text-nowrap" href="{address}">{invoice.number}</a>' in page
    assert "Open</span>" in page
    assert ISSUE not in page


def test_a_cancelled_invoice_is_not_named_and_the_period_can_be_issued(
    operator_client: Client,
) -> None:
    invoice = issued_invoice()
    operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)
    page = page_of(operator_client, invoice.organization)
    assert invoice.number not in page
    assert ISSUE in page


def test_an_invoice_of_another_period_is_not_named(operator_client: Client) -> None:
    invoice = issued_invoice(period=SEPTEMBER)
    page = page_of(operator_client, invoice.organization)
    assert invoice.number not in page
    assert ISSUE in page


def test_a_currency_that_is_not_invoiced_can_still_be_issued(operator_client: Client) -> None:
    invoice = issued_invoice()
    price = TariffPriceFactory.create(tariff__currency="USD")
    UsageIntervalFactory.create(tariff=price.tariff, camera__organization=invoice.organization)
    page = page_of(operator_client, invoice.organization)
    assert invoice.number in page
    assert ISSUE in page


def test_an_owner_sees_documents_and_no_tax_on_charges(client: Client) -> None:
    invoice = issued_invoice()
    client.force_login(invoice.organization.owner)
    page = page_of(client, invoice.organization)
    assert invoice.number in page
    assert "with tax" not in page


def test_an_owner_without_an_invoice_is_told_what_counts(client: Client) -> None:
    organization = BilledUseFactory.create().organization
    client.force_login(organization.owner)
    assert "You owe what your invoices state." in page_of(client, organization)


def test_an_invoice_of_an_earlier_owner_is_not_shown(client: Client) -> None:
    invoice = issued_invoice()
    organization = invoice.organization
    organization.owner = OrganizationFactory.create().owner
    organization.save()
    client.force_login(organization.owner)
    assert invoice.number not in page_of(client, organization)


def test_many_invoices_are_bounded_in_queries_and_rows(operator_client: Client) -> None:
    organization = BilledUseFactory.create().organization
    ProviderFactory.create()

    def issue(first: date, days: int) -> None:
        for day in range(days):
            start = first + timedelta(days=day)
            period = OCTOBER._replace(start=start, end=start + timedelta(days=1))
            operations.issue(
                organization_id=organization.pk, period=period, now=IN_NOVEMBER, by=None
            )

    issue(date(2026, 10, 1), 1)
    with CaptureQueriesContext(connection) as few:
        page_of(operator_client, organization)
    issue(date(2026, 10, 2), 24)
    with CaptureQueriesContext(connection) as many:
        page = page_of(operator_client, organization)
    assert len(few) == len(many)
    assert page.count('data-label="Outstanding"') == 20
    assert "View all invoices" in page
    assert UsageInterval.objects.count() == 1
