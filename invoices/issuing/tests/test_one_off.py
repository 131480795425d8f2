"""Tests of invoices for one-off charges only."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from invoices.documents.issued import document_of
from invoices.documents.tests.schematron import violations
from invoices.documents.xml import cii, ubl
from invoices.issuing import operations
from invoices.issuing.one_off import drafts_of_charges, issue_charges, open_charges
from invoices.issuing.refusals import PreviewOutdated
from invoices.models import Invoice, InvoicedPeriod
from invoices.provider.parties import provider_details
from invoices.runs import operations as runs
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    BilledUseFactory,
    ProviderFactory,
)
from organizations.models import OneOffCharge, Organization
from organizations.tests.factories import OneOffChargeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization(monkeypatch: pytest.MonkeyPatch) -> Organization:
    """Return an organization with one camera at EUR 9.00."""
    monkeypatch.setattr(timezone, "now", lambda: IN_NOVEMBER)
    ProviderFactory.create()
    organization: Organization = BilledUseFactory.create().organization
    return organization


def charge(organization: Organization, **values: object) -> OneOffCharge:
    found: OneOffCharge = OneOffChargeFactory.create(
        **{"organization": organization, "text": "Installation"} | values
    )
    return found


def issue(organization: Organization, *charges: OneOffCharge) -> list[Invoice]:
    """Issue what a preview of charges shows."""
    stored = OneOffCharge.objects.filter(pk__in=[each.pk for each in charges]).order_by("day", "pk")
    drafts = drafts_of_charges(organization, list(stored), provider_details(), IN_NOVEMBER)
    return issue_charges(
        organization_id=organization.pk,
        charge_ids=[each.pk for each in charges],
        now=IN_NOVEMBER,
        by=None,
        shown={each.document.currency: each.version for each in drafts.ready},
    )


def test_charges_have_an_invoice_of_their_own_in_the_same_series(
    organization: Organization,
) -> None:
    (before,) = operations.issue(
        organization_id=organization.pk, period=OCTOBER, now=IN_NOVEMBER, by=None
    )
    first = charge(organization, quantity=Decimal(3), amount=Decimal("49.90"))
    second = charge(organization, day=date(2026, 9, 20), amount=Decimal(5))

    (invoice,) = issue(organization, first, second)

    assert (before.number, invoice.number) == ("INV-2026-000001", "INV-2026-000002")
    document = document_of(invoice)
    assert [f"{line.amount:.2f}" for line in document.lines] == ["149.70", "5.00"]
    assert (invoice.period_from, invoice.period_until) == (date(2026, 9, 12), date(2026, 9, 21))
    assert invoice.open_item.outstanding == invoice.total
    assert f"{invoice.total:.2f}" == "184.09"
    for xml in (cii(document), ubl(document)):
        assert violations(xml) == []


def test_no_statement_charges_them_again(organization: Organization) -> None:
    issue(organization, charge(organization))

    (september,) = operations.issue(
        organization_id=organization.pk, period=SEPTEMBER, now=IN_NOVEMBER, by=None
    )

    assert september.net == 9
    assert not open_charges(organization, IN_NOVEMBER).exists()
    assert InvoicedPeriod.objects.count() == 1


def test_each_currency_has_an_invoice(organization: Organization) -> None:
    issued = issue(organization, charge(organization), charge(organization, currency="CHF"))

    assert {each.currency for each in issued} == {"EUR", "CHF"}


def test_credits_future_charges_and_invoiced_dates_are_not_open(
    organization: Organization,
) -> None:
    charge(organization, day=date(2026, 10, 12))
    operations.issue(organization_id=organization.pk, period=OCTOBER, now=IN_NOVEMBER, by=None)
    charge(organization, quantity=Decimal(-1))
    charge(organization, day=date(2026, 11, 3))
    today = charge(organization, day=date(2026, 11, 2))

    assert [*open_charges(organization, IN_NOVEMBER)] == [today]
    assert len(issue(organization, today)) == 1


def test_a_charge_cannot_be_invoiced_twice(organization: Organization) -> None:
    one = charge(organization)
    issue(organization, one)

    with pytest.raises(PreviewOutdated):
        issue(organization, one)


def test_a_changed_charge_is_not_issued(organization: Organization) -> None:
    charge(organization)
    one = OneOffCharge.objects.get()
    drafts = drafts_of_charges(organization, [one], provider_details(), IN_NOVEMBER)
    OneOffCharge.objects.update(amount=7)

    with pytest.raises(PreviewOutdated):
        issue_charges(
            organization_id=organization.pk,
            charge_ids=[one.pk],
            now=IN_NOVEMBER,
            by=None,
            shown={each.document.currency: each.version for each in drafts.ready},
        )


def test_a_cancelled_invoice_releases_its_charges(organization: Organization) -> None:
    one = charge(organization)
    (invoice,) = issue(organization, one)

    operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    assert [*open_charges(organization, IN_NOVEMBER)] == [one]
    OneOffCharge.objects.update(amount=7)
    (again,) = issue(organization, OneOffCharge.objects.get())
    assert again.net == 7


def test_a_run_does_not_take_it_for_the_invoice_of_a_month(organization: Organization) -> None:
    (invoice,) = issue(
        organization,
        charge(organization, day=SEPTEMBER.start),
        charge(organization, day=SEPTEMBER.last),
    )
    assert invoice.period == SEPTEMBER
    operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    run = runs.start(month=SEPTEMBER.start, now=IN_NOVEMBER, by=None)
    for item in run.items.all():
        runs.do(item_ids=[item.pk], now=IN_NOVEMBER, by=None)
    again = runs.start(month=SEPTEMBER.start, now=IN_NOVEMBER, by=None)

    assert [each.state for each in again.items.all()] == ["issued"]
    assert organization.invoices.in_force().get().net == 109


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM organizations_oneoffcharge",
        "UPDATE organizations_oneoffcharge SET amount = 1",
        "UPDATE organizations_oneoffcharge SET is_invoiced_apart = false",
    ],
)
def test_sql_cannot_change_what_is_invoiced(change: str, organization: Organization) -> None:
    issue(organization, charge(organization))

    refused = pytest.raises(DatabaseError, match=r"an invoice of its own|only invoices mark")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_sql_cannot_mark_a_charge_without_an_invoice(organization: Organization) -> None:
    charge(organization)

    with pytest.raises(DatabaseError, match="only invoices mark"), transaction.atomic():
        OneOffCharge.objects.update(is_invoiced_apart=True)
    with pytest.raises(DatabaseError, match="only invoices mark"), transaction.atomic():
        charge(organization, is_invoiced_apart=True)


def test_an_operator_chooses_charges_and_issues_what_the_page_shows(
    organization: Organization, operator_client: Client
) -> None:
    one, other = charge(organization), charge(organization, text="Cable")
    address = f"/organizations/{organization.pk}/invoices/one-off/"
    assert address in operator_client.get(f"/organizations/{organization.pk}/invoices/").text

    every = operator_client.get(address)
    page = operator_client.get(address, {"charge": one.pk})
    (shown,) = page.context["ready"]
    entries = {"charge": [one.pk], "shown": [f"EUR:{shown.version}"]}
    answer = operator_client.post(address, entries, follow=True)

    assert every.context["chosen"] == [one.pk, other.pk]
    assert page.context["chosen"] == [one.pk]
    assert "Invoice INV-2026-000001 was issued." in answer.text
    assert [*open_charges(organization, IN_NOVEMBER)] == [other]
    again = operator_client.post(address, entries, follow=True)
    assert "Review the new preview." in again.text
    assert Invoice.objects.count() == 1


def test_the_page_says_that_there_is_nothing_to_invoice(
    organization: Organization, operator_client: Client
) -> None:
    page = operator_client.get(f"/organizations/{organization.pk}/invoices/one-off/")

    assert "No charges to invoice" in page.text
    listed = operator_client.get(f"/organizations/{organization.pk}/invoices/")
    assert "one-off/" not in listed.text
