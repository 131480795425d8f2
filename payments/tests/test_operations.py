"""Tests of payments: what is recorded, its effects, refusals, and protection in the database."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum

from accounts.models import User
from invoices.issuing import operations
from invoices.models import Invoice, OpenItem
from invoices.querysets import State
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    ProviderFactory,
    issued_invoice,
)
from payments import operations as payments
from payments import refusals
from payments.models import Allocation, Method, OnAccount, Payment
from tariffs.tests.factories import TariffFactory, TariffPriceFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 2)
DUE = date(2026, 11, 16)
TOTAL = Decimal("10.71")


@pytest.fixture
def invoice() -> Invoice:
    """An invoice for EUR 10.71, issued on 2 November and due on 16 November."""
    return issued_invoice()


def pay(invoice: Invoice, amount: str | Decimal = TOTAL, **fields: Any) -> Payment:
    values: dict[str, Any] = {
        "paid_on": TODAY,
        "method": Method.TRANSFER,
        "reference": "",
        "now": IN_NOVEMBER,
        "by": None,
        # Tests may record equal payments.
        "request": uuid4(),
        "again": True,
    }
    return payments.record_payment(
        invoice_id=invoice.pk, amount=Decimal(amount), **{**values, **fields}
    )


def reverse(payment: Payment, reason: str = "") -> Payment:
    return payments.reverse_payment(payment_id=payment.pk, reason=reason, now=IN_NOVEMBER, by=None)


def left(payment: Payment) -> Any:
    """Return what is left of a payment."""
    return OnAccount.objects.get(pk=payment.pk).remaining


def settlement(invoice: Invoice, today: date = TODAY) -> tuple[Any, ...]:
    """Return the paid amount, the outstanding amount and the state."""
    found: Any = Invoice.objects.with_open_item(today).get(pk=invoice.pk)
    return found.paid, found.outstanding, found.state


# --- Recorded payments and their effects ---------------------------------------------------------


def test_a_payment_is_stored_with_the_user_who_recorded_it(
    invoice: Invoice, operator: User
) -> None:
    payment = pay(invoice, "4.5", method=Method.CASH, reference="Till 3", by=operator)

    payment.refresh_from_db()
    assert (payment.invoice, payment.paid_on, payment.amount) == (invoice, TODAY, Decimal("4.5"))
    assert (payment.method, payment.reference) == ("cash", "Till 3")
    assert (payment.recorded_at, payment.recorded_by) == (IN_NOVEMBER, operator)


@pytest.mark.parametrize(
    ("amounts", "today", "outstanding", "state"),
    [
        ([], DUE, "10.71", State.OPEN),
        ([], DUE + timedelta(days=1), "10.71", State.OVERDUE),
        (["4"], DUE, "6.71", State.PART_PAID),
        (["4"], DUE + timedelta(days=1), "6.71", State.OVERDUE),
        (["4", "6.70"], DUE, "0.01", State.PART_PAID),
        (["4", "6.71"], DUE, "0", State.PAID),
        (["10.71"], DUE + timedelta(days=1), "0", State.PAID),
        (["10.71", "10.71"], DUE, "0", State.PAID),
    ],
)
def test_the_state_depends_on_the_payments_and_the_date(
    invoice: Invoice, amounts: list[str], today: date, outstanding: str, state: State
) -> None:
    for amount in amounts:
        pay(invoice, amount)

    paid = min(sum(map(Decimal, amounts), Decimal(0)), TOTAL)
    assert settlement(invoice, today) == (paid, Decimal(outstanding), state)


def test_a_reversal_cancels_the_payment(invoice: Invoice, operator: User) -> None:
    pay(invoice, "4")
    wrong = pay(invoice, "5", method=Method.CARD, paid_on=date(2026, 10, 30))

    reversal = payments.reverse_payment(
        payment_id=wrong.pk, reason="Bounced", now=IN_NOVEMBER, by=operator
    )

    assert (reversal.reverses, reversal.invoice) == (wrong, invoice)
    assert (reversal.amount, reversal.paid_on) == (Decimal(-5), TODAY)
    assert (reversal.method, reversal.reference) == ("card", "Bounced")
    assert reversal.recorded_by == operator
    assert settlement(invoice) == (Decimal(4), Decimal("6.71"), State.PART_PAID)


def test_a_payment_of_a_cancelled_invoice_is_on_account_until_it_is_reversed(
    invoice: Invoice,
) -> None:
    payment = pay(invoice, "4")
    operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)
    assert settlement(invoice) == (Decimal(0), Decimal(0), State.CANCELLED)
    assert left(payment) == 4

    reverse(payment)

    assert settlement(invoice) == (Decimal(0), Decimal(0), State.CANCELLED)
    assert left(payment) == 0


def test_what_exceeds_the_invoice_is_on_account(invoice: Invoice) -> None:
    assert left(pay(invoice, "12")) == Decimal("1.29")
    assert left(pay(invoice, "5")) == 5


def test_a_credit_note_has_nothing_outstanding_and_no_state(invoice: Invoice) -> None:
    credit_note = operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    assert settlement(credit_note) == (Decimal(0), Decimal(0), "")


def test_a_payment_can_be_earlier_than_the_invoice(invoice: Invoice) -> None:
    assert pay(invoice, paid_on=date(2025, 11, 1))


# --- Refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "paid_on", "refusal", "field"),
    [
        ("0", TODAY, refusals.NotPositive, "amount"),
        ("-1", TODAY, refusals.NotPositive, "amount"),
        ("1.001", TODAY, refusals.TooFine, "amount"),
        ("1", TODAY + timedelta(days=1), refusals.PaidInFuture, "paid_on"),
        ("1", date(2025, 10, 31), refusals.PaidTooEarly, "paid_on"),
        ("1", date(206, 11, 2), refusals.PaidTooEarly, "paid_on"),
    ],
)
def test_a_wrong_payment_is_refused_at_its_field(
    invoice: Invoice,
    amount: str,
    paid_on: date,
    refusal: type[refusals.PaymentRefusal],
    field: str,
) -> None:
    with pytest.raises(refusal) as caught:
        pay(invoice, amount, paid_on=paid_on)

    assert caught.value.field == field
    assert str(caught.value)
    assert not Payment.objects.exists()


def test_the_currency_limits_the_decimal_places() -> None:
    ProviderFactory.create()
    organization = BilledOrganizationFactory.create()
    for currency, price in (("JPY", 1000), ("KWD", 3)):
        tariff = TariffFactory.create(currency=currency)
        TariffPriceFactory.create(tariff=tariff, amount=Decimal(price))
        BilledUseFactory.create(camera__organization=organization, tariff=tariff)
    yen, dinars = operations.issue(
        organization_id=organization.pk, period=OCTOBER, now=IN_NOVEMBER, by=None
    )

    with pytest.raises(refusals.TooFine, match="in JPY can have at most 0 decimal places"):
        pay(yen, "100.5")
    assert pay(yen, "100.0")
    assert pay(dinars, "0.001")


def test_a_credit_note_does_not_take_payments(invoice: Invoice) -> None:
    credit_note = operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    with pytest.raises(refusals.CreditNoteNotPaid):
        pay(credit_note)


def test_a_cancelled_invoice_does_not_take_payments_and_says_what_to_do(invoice: Invoice) -> None:
    operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    with pytest.raises(
        refusals.CancelledNotPaid,
        match=r"by credit note CN-2026-000001\. Record the payment on the invoice that replaces it",
    ):
        pay(invoice)


def test_a_second_click_records_one_payment(invoice: Invoice) -> None:
    pay(invoice, "4", shown=TOTAL)

    with pytest.raises(refusals.OutstandingChanged) as caught:
        pay(invoice, "4", shown=TOTAL)

    assert caught.value.outstanding == Decimal("6.71")
    assert "EUR\N{NO-BREAK SPACE}6.71 is now outstanding" in str(caught.value)
    assert pay(invoice, "4", shown=Decimal("6.71"))


def test_a_payment_is_reversed_once_and_a_reversal_cannot_be_reversed(invoice: Invoice) -> None:
    payment = pay(invoice)
    reversal = reverse(payment)

    with pytest.raises(refusals.AlreadyReversed):
        reverse(payment)
    with pytest.raises(refusals.IsReversal):
        reverse(reversal)
    assert Payment.objects.count() == 2


# --- Protection in the database ------------------------------------------------------------------


def refused_sql(message: str, sql: str, *parameters: Any) -> None:
    refused = pytest.raises(DatabaseError, match=message)
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE payments_payment SET amount = amount",
        "UPDATE payments_payment SET reference = 'X'",
        "DELETE FROM payments_payment",
        "UPDATE invoices_openitem SET outstanding = 0",
        "DELETE FROM invoices_openitem",
        "UPDATE payments_allocation SET amount = 1",
        "DELETE FROM payments_allocation",
        "UPDATE payments_onaccount SET remaining = 1",
        "DELETE FROM payments_onaccount",
    ],
)
def test_sql_cannot_change_payments_or_open_items(invoice: Invoice, change: str) -> None:
    pay(invoice)

    refused_sql("Cannot .*(update|delete)", change)


INSERT = """
    INSERT INTO payments_payment (organization_id, owner_id, currency, kind, invoice_id, paid_on,
        amount, method, reference, reverses_id, recorded_at)
    SELECT organization_id, owner_id, currency, 'payment', id, '2026-11-02', %s, 'transfer', '', %s,
        now()
    FROM invoices_invoice WHERE id = %s
"""
ALLOCATE = """
    INSERT INTO payments_allocation (payment_id, invoice_id, amount, allocated_at)
    VALUES (%s, %s, %s, now())
"""


def test_a_reversal_must_match_its_payment(invoice: Invoice) -> None:
    other, payment = issued_invoice(), pay(invoice)

    refused_sql("is not reversed by this", INSERT, "-10.70", payment.pk, invoice.pk)
    refused_sql("is not reversed by this", INSERT, "-10.71", payment.pk, other.pk)
    reversal = reverse(payment)
    refused_sql("payments_payment_reverses_id", INSERT, "-10.71", payment.pk, invoice.pk)
    refused_sql("is not reversed by this", INSERT, "10.71", reversal.pk, invoice.pk)


def test_only_a_reversal_has_a_negative_amount(invoice: Invoice) -> None:
    for amount in ("0", "-1"):
        refused_sql("payments_payment_(sign|not_zero)", INSERT, amount, None, invoice.pk)


def test_sql_cannot_pay_a_credit_note_or_a_cancelled_invoice(invoice: Invoice) -> None:
    payment = pay(invoice, "1")
    credit_note = operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    refused_sql("takes no payment", INSERT, "1", None, credit_note.pk)
    for document in (invoice, credit_note):
        refused_sql("takes no payment", ALLOCATE, payment.pk, document.pk, "1")


def test_only_documents_and_allocations_change_the_outstanding_amount(
    invoice: Invoice,
) -> None:
    refused_sql(
        "Cannot insert",
        "INSERT INTO invoices_openitem (invoice_id, organization_id, currency, due_on, "
        "outstanding, is_cancelled) VALUES (%s, %s, 'EUR', '2026-11-16', 1, false)",
        invoice.pk + 1,
        invoice.organization_id,
    )
    with connection.cursor() as cursor:
        cursor.executemany(INSERT, [("1", None, invoice.pk), ("2.5", None, invoice.pk)])
    assert OpenItem.objects.get().outstanding == TOTAL

    with connection.cursor() as cursor:
        for payment in Payment.objects.all():
            cursor.execute(ALLOCATE, [payment.pk, invoice.pk, payment.amount])

    paid = Allocation.objects.aggregate(sum=Sum("amount"))["sum"]
    assert OpenItem.objects.get().outstanding == TOTAL - paid == Decimal("7.21")
    assert set(OnAccount.objects.values_list("remaining", flat=True)) == {0}
