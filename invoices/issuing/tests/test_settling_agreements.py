"""Tests that invoices with fees, minimums and credits are compared and settled to the cent."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from invoices.differences.comparison import compare
from invoices.documents.issued import document_of
from invoices.documents.tests.schematron import violations
from invoices.documents.xml import cii, ubl
from invoices.issuing import operations, settling
from invoices.models import Invoice
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    BilledUseFactory,
    ProviderFactory,
)
from organizations.models import Fee, Minimum, Organization
from organizations.tests.factories import (
    DiscountFactory,
    FeeFactory,
    MinimumFactory,
    OneOffChargeFactory,
    a_tax,
)
from usage.models import UsageInterval

pytestmark = pytest.mark.django_db

MIDDLE = datetime(2026, 9, 16, tzinfo=UTC)


@pytest.fixture
def organization(monkeypatch: pytest.MonkeyPatch) -> Organization:
    """Return an organization with one camera at EUR 9.00."""
    monkeypatch.setattr(timezone, "now", lambda: IN_NOVEMBER)
    ProviderFactory.create()
    organization: Organization = BilledUseFactory.create().organization
    return organization


def issue(organization: Organization) -> Invoice:
    (invoice,) = operations.issue(
        organization_id=organization.pk, period=SEPTEMBER, now=IN_NOVEMBER, by=None
    )
    return invoice


def settle(invoice: Invoice) -> Invoice:
    (settlement,) = settling.settlements_of(settling.invoices_to_settle([invoice.pk]), IN_NOVEMBER)
    (document,) = settling.settle_now(
        invoice_ids=[invoice.pk],
        now=IN_NOVEMBER,
        by=None,
        shown={invoice.pk: settlement.version},
    )
    return document


def stated(invoice: Invoice) -> list[tuple[str, str, str, str]]:
    return [
        (line.section, f"{line.quantity:f}", f"{line.price:.2f}", f"{line.amount:.2f}")
        for line in document_of(invoice).lines
    ]


def is_valid(invoice: Invoice) -> bool:
    document = document_of(invoice)
    return all(violations(xml) == [] for xml in (cii(document), ubl(document)))


def is_settled(invoice: Invoice) -> bool:
    return compare(Invoice.objects.get(pk=invoice.pk), IN_NOVEMBER).is_same


def end_usage() -> None:
    """End all usage in the middle of September."""
    UsageInterval.objects.update(ended_at=MIDDLE)


def test_nothing_differs_without_a_change(organization: Organization) -> None:
    FeeFactory.create(organization=organization)
    MinimumFactory.create(organization=organization)
    OneOffChargeFactory.create(organization=organization, quantity=Decimal(-1))

    assert is_settled(issue(organization))


def test_a_fee_that_is_raised_later_is_settled(
    organization: Organization, operator_client: Client
) -> None:
    FeeFactory.create(organization=organization, name="Service", amount=Decimal(20))
    invoice = issue(organization)
    Fee.objects.update(amount=Decimal(26), first_on=date(2026, 9, 16))

    page = operator_client.get(f"/invoices/{invoice.pk}/differences/")
    preview = operator_client.get("/invoices/settle/", {"invoice": invoice.pk})
    note = settle(invoice)

    (other,) = page.context["comparison"].others
    assert (other.item, f"{other.change:.2f}") == ("Service", "-7.00")
    assert "Service" in page.text
    assert "and 1 fee or charge" in preview.text
    assert note.is_credit_note
    assert stated(note) == [
        ("fees", "1.000000", "20.00", "20.00"),
        ("fees", "-0.500000", "26.00", "-13.00"),
    ]
    assert f"{note.net:.2f}" == "7.00"
    assert is_valid(note)
    assert is_settled(invoice)


def test_a_forgotten_fee_is_charged_by_a_supplement(organization: Organization) -> None:
    invoice = issue(organization)
    FeeFactory.create(organization=organization, amount=Decimal(20))

    supplement = settle(invoice)
    Fee.objects.all().delete()
    note = settle(invoice)

    assert stated(supplement) == [("fees", "1.000000", "20.00", "20.00")]
    assert stated(note) == stated(supplement)
    assert note.is_credit_note
    assert is_settled(invoice)


def test_less_usage_raises_what_a_minimum_charges(organization: Organization) -> None:
    MinimumFactory.create(organization=organization)
    invoice = issue(organization)
    end_usage()

    comparison = compare(invoice, IN_NOVEMBER)

    assert comparison.change == 0
    assert [f"{each.change:.2f}" for each in comparison.differences] == ["-4.50"]
    assert [f"{each.change:.2f}" for each in comparison.others] == ["4.50"]
    (settlement,) = settling.settlements_of(settling.invoices_to_settle([invoice.pk]), IN_NOVEMBER)
    assert settlement.total == 0
    # It goes onto the next invoice, as all differences that come to nothing.
    settling.defer(invoice_ids=[invoice.pk], now=IN_NOVEMBER, by=None)
    FeeFactory.create(organization=organization, first_on=OCTOBER.start)
    (following,) = operations.issue(
        organization_id=organization.pk, period=OCTOBER, now=IN_NOVEMBER, by=None
    )
    assert f"{following.net:.2f}" == "30.00"
    assert is_valid(following)
    assert is_settled(invoice)


def test_a_minimum_that_is_lowered_is_settled(organization: Organization) -> None:
    MinimumFactory.create(organization=organization)
    invoice = issue(organization)
    Minimum.objects.update(amount=Decimal(12))

    note = settle(invoice)

    assert stated(note) == [
        ("minimum", "1.000000", "21.00", "21.00"),
        ("minimum", "-1.000000", "3.00", "-3.00"),
    ]
    assert f"{note.net:.2f}" == "18.00"
    assert is_valid(note)
    assert is_settled(invoice)


def test_a_discount_that_is_agreed_later_is_settled(organization: Organization) -> None:
    invoice = issue(organization)
    DiscountFactory.create(organization=organization, percent=Decimal("12.5"))

    note = settle(invoice)

    assert f"{note.net:.2f}" == "1.12"
    assert {line.price for line in document_of(note).lines} == {Decimal(9), Decimal("7.875")}
    assert is_valid(note)
    assert is_settled(invoice)


@pytest.mark.parametrize("is_less", [True, False])
def test_a_credit_stays_as_it_was_deducted(
    is_less: bool, organization: Organization, operator_client: Client
) -> None:
    OneOffChargeFactory.create(organization=organization, quantity=Decimal(-1), amount=Decimal(20))
    invoice = issue(organization)
    if is_less:
        end_usage()
    else:
        FeeFactory.create(organization=organization, amount=Decimal(6))

    page = operator_client.get(f"/invoices/{invoice.pk}/differences/")
    document = settle(invoice)

    assert "Credits are left out" in page.text
    assert document.is_credit_note is is_less
    assert f"{document.net:.2f}" == ("4.50" if is_less else "6.00")
    assert organization.one_off_charges.get(day="2026-10-01").amount == 11
    assert is_settled(invoice)


def test_lines_have_the_tax_of_the_original(organization: Organization) -> None:
    FeeFactory.create(organization=organization, amount=Decimal(20))
    invoice = issue(organization)
    organization.billing_details.update(tax=a_tax(percent=7))
    Fee.objects.update(amount=Decimal(26))

    supplement = settle(invoice)

    assert {line.tax_percent for line in document_of(supplement).lines} == {19}
    assert f"{supplement.total:.2f}" == "7.14"
