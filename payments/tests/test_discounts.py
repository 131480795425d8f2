"""Tests of cash discounts: what is short by exactly one is proposed as a write-off."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from invoices.models import Invoice
from invoices.terms.tests.factories import document_terms
from invoices.tests.factories import issued_invoice
from payments.discounts import taken_discounts
from payments.models import Payment, PaymentKind
from payments.operations import record_payment

pytestmark = pytest.mark.django_db

# After the last date of the first discount, 9 November.
LATER = datetime(2026, 11, 25, 12, tzinfo=UTC)
IN_TIME, TOO_LATE = date(2026, 11, 9), date(2026, 11, 10)


@pytest.fixture
def invoice() -> Invoice:
    """Return an invoice for EUR 10.71 with 2 % within 7 days and 1 % within 14."""
    document_terms(second_percent=1, second_days=14)
    return issued_invoice()


def pay(invoice: Invoice, amount: str, paid_on: date = IN_TIME) -> Payment:
    return record_payment(
        invoice_id=invoice.pk,
        now=LATER,
        by=None,
        paid_on=paid_on,
        amount=Decimal(amount),
        method="transfer",
        reference="",
    )


@pytest.mark.parametrize(
    ("amount", "paid_on", "off"),
    [
        ("10.50", IN_TIME, "0.21"),
        ("10.50", TOO_LATE, None),
        ("10.60", IN_TIME, "0.11"),
        ("10.60", TOO_LATE, "0.11"),
        ("10.60", date(2026, 11, 17), None),
        ("10.49", IN_TIME, None),
        ("10.51", IN_TIME, None),
        ("10.71", IN_TIME, None),
    ],
)
def test_a_discount_is_taken_if_exactly_it_is_missing_in_time(
    invoice: Invoice, amount: str, paid_on: date, off: str | None
) -> None:
    pay(invoice, amount, paid_on)

    found = taken_discounts([invoice.pk])

    assert [each.amount for each in found] == ([] if off is None else [Decimal(off)])


def test_several_payments_take_it_together_unless_one_is_late(invoice: Invoice) -> None:
    pay(invoice, "10.00", date(2026, 11, 3))
    pay(invoice, "0.50")
    assert [each.percent for each in taken_discounts([invoice.pk])] == ["2"]


def test_a_late_part_loses_it(invoice: Invoice) -> None:
    pay(invoice, "10.00", date(2026, 11, 3))
    pay(invoice, "0.50", TOO_LATE)
    assert taken_discounts([invoice.pk]) == []


def test_nothing_is_proposed_of_an_unpaid_invoice_or_one_without_terms(invoice: Invoice) -> None:
    assert taken_discounts([invoice.pk]) == []


def entries(**changed: Any) -> dict[str, Any]:
    given = {"amount": "10.50", "paid_on": "2026-11-09", "method": "transfer", "reference": ""}
    return {**given, **changed}


def test_recording_leads_to_the_proposed_write_off(
    operator_client: Client, invoice: Invoice
) -> None:
    answer = operator_client.post(
        f"/invoices/{invoice.pk}/payments/add/", entries(shown="10.71"), follow=True
    )

    form = answer.context["form"]
    assert answer.redirect_chain[-1][0] == f"/invoices/{invoice.pk}/payments/write-off/"
    assert (form["amount"].value(), form["reason"].value()) == (
        Decimal("0.21"),
        "Cash discount of 2%",
    )
    assert "exactly the cash discount" in answer.text

    operator_client.post(
        f"/invoices/{invoice.pk}/payments/write-off/",
        {"amount": "0.21", "reason": form["reason"].value()},
    )
    written_off = Payment.objects.get(kind=PaymentKind.WRITE_OFF)
    assert (written_off.amount, written_off.invoice) == (Decimal("0.21"), invoice)
    assert taken_discounts([invoice.pk]) == []


def test_other_payments_lead_to_the_invoice(operator_client: Client, invoice: Invoice) -> None:
    answer = operator_client.post(
        f"/invoices/{invoice.pk}/payments/add/", entries(amount="10.40", shown="10.71")
    )

    assert answer["Location"] == f"/invoices/{invoice.pk}/"


def test_the_page_of_the_invoice_says_so(operator_client: Client, invoice: Invoice) -> None:
    pay(invoice, "10.50")

    page = operator_client.get(f"/invoices/{invoice.pk}/")

    assert "exactly the cash discount of 2%" in page.text
