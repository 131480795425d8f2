"""Tests of lines that are short by a cash discount."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from bank.models import BankLine, BankProposal
from bank.proposing import propose
from bank.tests.factories import a_line
from invoices.issuing import operations
from invoices.models import Invoice
from invoices.terms.tests.factories import document_terms, organization_terms
from invoices.tests.factories import IN_NOVEMBER, SEPTEMBER, issued_invoice

pytestmark = pytest.mark.django_db

IN_TIME, TOO_LATE = date(2026, 11, 9), date(2026, 11, 10)


@pytest.fixture
def invoice() -> Invoice:
    """Return an invoice for EUR 10.71 with 2 % within 7 days and 1 % within 14."""
    document_terms(second_percent=1, second_days=14)
    return issued_invoice()


@pytest.mark.parametrize(
    ("amount", "booked_on", "is_alone"),
    [
        ("10.50", IN_TIME, True),
        ("10.50", TOO_LATE, False),
        ("10.60", TOO_LATE, True),
        ("10.55", IN_TIME, False),
    ],
)
def test_a_line_less_the_discount_is_for_the_one_invoice_with_it(
    invoice: Invoice, amount: str, booked_on: date, is_alone: bool
) -> None:
    organization = invoice.organization
    organization.contract_number = "C-2026-77"
    organization.save(update_fields=["contract_number"])
    # An invoice without a discount, due on the same day.
    organization_terms(organization, has_own_discounts=True)
    (other,) = operations.issue(
        organization_id=organization.pk, period=SEPTEMBER, now=IN_NOVEMBER, by=None
    )
    line = a_line(amount, "contract C-2026-77")
    BankLine.objects.filter(pk=line.pk).update(booked_on=booked_on)

    propose(currency="EUR")

    proposal = BankProposal.objects.get(line=line)
    wanted = [invoice.pk] if is_alone else [invoice.pk, other.pk]
    assert (sorted(proposal.invoices), proposal.is_certain) == (wanted, False)


def test_recording_a_line_proposes_the_write_off(operator_client: Client, invoice: Invoice) -> None:
    line = a_line("10.50", invoice.number)
    propose(currency="EUR")
    proposal = BankProposal.objects.get(line=line)

    answer = operator_client.post(
        f"/bank/lines/{line.pk}/record/", {"proposal": proposal.pk}, follow=True
    )

    assert f'href="/invoices/{invoice.pk}/payments/write-off/"' in answer.text
    assert "exactly its cash discount" in answer.text
