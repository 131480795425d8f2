"""Tests of payments on account: allocations by hand and automatically, and what takes them back."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Sum

from invoices.issuing import operations as issuing
from invoices.issuing.refusals import IssueRefusal
from invoices.models import Invoice, OpenItem, Provider
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    BilledOrganizationFactory,
    issued_invoice,
)
from organizations.models import Organization
from payments import operations, payouts, refusals
from payments.balances import balances_of
from payments.models import Allocation, Method, OnAccount, Payment, PaymentKind
from payments.tests.test_operations import TODAY, TOTAL, left, pay, reverse, settlement

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice() -> Invoice:
    """An invoice of October for EUR 10.71."""
    return issued_invoice()


@pytest.fixture
def earlier(invoice: Invoice) -> Invoice:
    """An invoice of September for EUR 10.71 of the same organization, issued after the other."""
    return issued_invoice(invoice.organization, SEPTEMBER)


def receive(organization: Organization, amount: str, **fields: Any) -> Payment:
    values: dict[str, Any] = {
        "currency": "EUR",
        "automatically": True,
        "paid_on": TODAY,
        "method": Method.TRANSFER,
        "reference": "",
        "request": uuid4(),
        "again": True,
        "now": IN_NOVEMBER,
        "by": None,
    }
    return operations.record_on_account(
        organization_id=organization.pk, amount=Decimal(amount), **{**values, **fields}
    )


def allocate(payment: Payment, **parts: str) -> None:
    """Allocate parts of a payment to invoices, named by the ends of their numbers."""
    ids = {f"n{number[-1]}": pk for pk, number in Invoice.objects.values_list("pk", "number")}
    operations.allocate(
        payment_id=payment.pk,
        parts={ids[name]: Decimal(amount) for name, amount in parts.items()},
        now=IN_NOVEMBER,
        by=None,
    )


def owed(*invoices: Invoice) -> list[Decimal]:
    items = OpenItem.objects.in_bulk([each.pk for each in invoices])
    return [items[each.pk].outstanding for each in invoices]


def refund(payment: Payment, amount: str, **fields: Any) -> Payment:
    values: dict[str, Any] = {
        "paid_on": TODAY,
        "method": Method.TRANSFER,
        "reference": "Refund 1",
        "now": IN_NOVEMBER,
        "by": None,
    }
    return payouts.refund(payment_id=payment.pk, amount=Decimal(amount), **{**values, **fields})


def write_off(invoice: Invoice, amount: str, reason: str = "Goodwill") -> Payment:
    return payouts.write_off(
        invoice_id=invoice.pk, amount=Decimal(amount), reason=reason, now=IN_NOVEMBER, by=None
    )


# --- Allocation ----------------------------------------------------------------------------------


def test_one_payment_pays_two_invoices(invoice: Invoice, earlier: Invoice) -> None:
    payment = receive(invoice.organization, "21.42")

    assert owed(invoice, earlier) == [0, 0]
    assert left(payment) == 0


def test_those_due_first_are_paid_first_and_the_rest_is_on_account(
    invoice: Invoice, earlier: Invoice
) -> None:
    receive(invoice.organization, "12")
    assert owed(invoice, earlier) == [0, Decimal("9.42")]

    assert left(receive(invoice.organization, "10")) == Decimal("0.58")


@pytest.mark.parametrize(
    "reference", ["INV-2026-000002", "inv 2026 000002 thanks", "Invoice INV2026000002/x"]
)
def test_what_the_reference_names_is_paid_first(
    invoice: Invoice, earlier: Invoice, reference: str
) -> None:
    receive(invoice.organization, "12", reference=reference)

    assert owed(invoice, earlier) == [Decimal("9.42"), 0]


def test_an_advance_payment_and_a_deposit_are_left(invoice: Invoice) -> None:
    advance = receive(invoice.organization, "5", automatically=False)
    deposit = receive(invoice.organization, "7", kind=PaymentKind.DEPOSIT)

    assert (left(advance), left(deposit)) == (5, 7)
    (balance,) = balances_of(invoice.organization, TODAY)
    assert (balance.on_account, balance.deposits) == (Decimal(5), Decimal(7))
    assert balance.owed == TOTAL - 12


def test_a_payment_is_allocated_by_hand_in_parts_and_that_is_undone(
    invoice: Invoice, earlier: Invoice
) -> None:
    payment = receive(invoice.organization, "10", automatically=False)

    allocate(payment, n1="3", n2="4.50")
    assert owed(invoice, earlier) == [Decimal("7.71"), Decimal("6.21")]
    assert left(payment) == Decimal("2.50")

    undone = operations.undo_allocation(
        payment_id=payment.pk, invoice_id=earlier.pk, now=IN_NOVEMBER, by=None
    )
    assert undone == Decimal("4.50")
    assert owed(invoice, earlier) == [Decimal("7.71"), TOTAL]
    with pytest.raises(refusals.NotAllocated):
        operations.undo_allocation(
            payment_id=payment.pk, invoice_id=earlier.pk, now=IN_NOVEMBER, by=None
        )


@pytest.mark.parametrize(
    ("parts", "refusal"),
    [
        ({}, refusals.NothingToAllocate),
        ({"n1": "10.01"}, refusals.TooMuchAllocated),
        ({"n1": "6", "n2": "4.01"}, refusals.TooMuchAllocated),
        ({"n1": "0"}, refusals.NotPositive),
        ({"n1": "1.001"}, refusals.TooFine),
    ],
)
def test_wrong_parts_are_refused(
    invoice: Invoice,
    earlier: Invoice,
    parts: dict[str, str],
    refusal: type[refusals.PaymentRefusal],
) -> None:
    payment = receive(invoice.organization, "10", automatically=False)

    with pytest.raises(refusal) as caught:
        allocate(payment, **parts)

    assert str(caught.value)
    assert not Allocation.objects.exists()


def test_more_than_is_outstanding_is_refused(invoice: Invoice) -> None:
    payment = receive(invoice.organization, "20", automatically=False)

    with pytest.raises(refusals.TooMuchForInvoice, match=r"Only EUR.10\.71 of INV-2026-000001"):
        allocate(payment, n1="10.72")


def test_another_organizations_invoice_is_not_paid(invoice: Invoice) -> None:
    payment = receive(BilledOrganizationFactory.create(), "20", automatically=False)

    with pytest.raises(refusals.TooMuchForInvoice):
        allocate(payment, n1="1")


# --- Repeated requests ---------------------------------------------------------------------------


def test_a_repeated_request_records_one_payment(invoice: Invoice) -> None:
    request = uuid4()

    first = pay(invoice, "4", request=request)

    assert pay(invoice, "4", request=request) == first
    assert pay(invoice, "4", request=request, shown=TOTAL) == first
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    "other", [{"amount": "5"}, {"reference": "R"}, {"paid_on": TODAY - timedelta(days=1)}]
)
def test_a_repeated_request_with_other_values_records_nothing(
    invoice: Invoice, other: dict[str, Any]
) -> None:
    request = uuid4()
    pay(invoice, "4", request=request)

    with pytest.raises(refusals.RequestUsed, match=r"4\.00"):
        pay(invoice, request=request, **{"amount": "4", **other})
    with pytest.raises(refusals.RequestUsed):
        receive(invoice.organization, "4", request=request)

    assert Payment.objects.count() == 1


def test_an_equal_payment_needs_confirmation_unless_the_first_was_reversed(
    invoice: Invoice,
) -> None:
    first = pay(invoice, "4", request=None, again=False)
    for fields in ({"again": False}, {"again": True, "request": None}):
        with pytest.raises(refusals.AlreadyRecorded):
            pay(invoice, "4", **fields)

    assert pay(invoice, "4", again=True).pk != first.pk
    Payment.objects.get(pk=first.pk)
    for payment in Payment.objects.all():
        reverse(payment)
    assert pay(invoice, "4", again=False)


# --- Bank fees, refunds, write-offs, transfers ---------------------------------------------------


def test_a_bank_fee_counts_as_paid(invoice: Invoice) -> None:
    payment = pay(invoice, "10", bank_fee=Decimal("0.71"))

    assert settlement(invoice)[1] == 0
    fee = Payment.objects.get(kind=PaymentKind.BANK_FEE)
    assert (fee.amount, fee.paid_on, fee.invoice) == (Decimal("0.71"), payment.paid_on, invoice)


def test_a_refund_uses_what_is_left_and_can_be_reversed(invoice: Invoice) -> None:
    payment = pay(invoice, "15")

    paid_back = refund(payment, "4")

    assert (paid_back.amount, left(paid_back)) == (-4, 0)
    assert left(payment) == Decimal("0.29")
    with pytest.raises(refusals.WasPaidOut):
        reverse(payment)
    reverse(paid_back, "Returned")
    assert left(payment) == Decimal("4.29")
    reverse(payment)
    assert owed(invoice) == [TOTAL]
    assert {each.remaining for each in OnAccount.objects.all()} == {0}


def test_a_refund_needs_a_reference_and_enough_credit(invoice: Invoice) -> None:
    payment = pay(invoice, "15")

    with pytest.raises(refusals.ReasonMissing):
        refund(payment, "4", reference="")
    with pytest.raises(refusals.TooMuchAllocated, match=r"Only EUR.4\.29"):
        refund(payment, "4.30")
    refund(payment, "4.29")
    with pytest.raises(refusals.NotAnIncoming):
        refund(payment, "1", reference="Refund 2")


def test_a_refund_is_not_before_its_payment(invoice: Invoice) -> None:
    payment = pay(invoice, "15")

    with pytest.raises(refusals.PaidBackTooEarly, match="received on 2 Nov 2026"):
        refund(payment, "1", paid_on=TODAY - timedelta(days=1))

    assert left(payment) == Decimal("4.29")


def test_a_write_off_pays_the_last_cent_and_is_reversed(invoice: Invoice) -> None:
    pay(invoice, "10.70")

    written_off = write_off(invoice, "0.01")

    assert settlement(invoice)[1:] == (0, "paid")
    with pytest.raises(refusals.WriteOffStays):
        operations.undo_allocation(
            payment_id=written_off.pk, invoice_id=invoice.pk, now=IN_NOVEMBER, by=None
        )
    reverse(written_off)
    assert owed(invoice) == [Decimal("0.01")]


def test_a_write_off_needs_a_reason_and_is_no_more_than_outstanding(invoice: Invoice) -> None:
    with pytest.raises(refusals.ReasonMissing):
        write_off(invoice, "1", "")
    with pytest.raises(refusals.TooMuchForInvoice):
        write_off(invoice, "10.72")


def test_a_write_off_of_a_cancelled_invoice_is_taken_back(invoice: Invoice) -> None:
    payment, written_off = pay(invoice, "10"), write_off(invoice, "0.71")

    issuing.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    assert (left(payment), left(written_off)) == (10, 0)
    back = Payment.objects.get(kind=PaymentKind.WRITE_OFF, amount__lt=0)
    assert (back.amount, back.paid_on, left(back)) == (Decimal("-0.71"), TODAY, 0)
    with pytest.raises(refusals.TakenBack):
        reverse(back)
    (balance,) = balances_of(invoice.organization, TODAY)
    assert balance.owed == -10


def test_a_transfer_moves_credit_to_another_organization_of_the_owner(invoice: Invoice) -> None:
    other = BilledOrganizationFactory.create(owner=invoice.organization.owner)
    payment = pay(invoice, "15")

    incoming = transfer(payment, other, "4")

    assert (incoming.organization, left(incoming), left(payment)) == (other, 4, Decimal("0.29"))
    assert [each.owed for each in balances_of(other, TODAY)] == [-4]
    reverse(incoming)
    assert (left(incoming), left(payment)) == (0, Decimal("4.29"))
    assert Payment.objects.filter(reverses__isnull=False).count() == 2


def test_a_transfer_that_was_used_is_reversed_after_what_used_it(invoice: Invoice) -> None:
    other = BilledOrganizationFactory.create(owner=invoice.organization.owner)
    payment = pay(invoice, "15")
    incoming = transfer(payment, other, "4")
    paid_back = refund(incoming, "1")

    with pytest.raises(refusals.WasPaidOut):
        reverse(Payment.objects.get(transferred_to=incoming))

    reverse(paid_back)
    reverse(Payment.objects.get(transferred_to=incoming))
    assert left(payment) == Decimal("4.29")


def test_a_transfer_stays_with_the_owner(invoice: Invoice) -> None:
    payment = pay(invoice, "15")

    for other in (BilledOrganizationFactory.create(), invoice.organization):
        with pytest.raises(refusals.OtherOwner):
            transfer(payment, other, "4")


def transfer(payment: Payment, to: Organization, amount: str) -> Payment:
    return payouts.transfer(
        payment_id=payment.pk,
        to=to,
        amount=Decimal(amount),
        reference="",
        now=IN_NOVEMBER,
        by=None,
    )


# --- Credit of the next invoice, and of credited ones --------------------------------------------


@pytest.mark.parametrize("uses_credit", [True, False])
def test_the_next_invoice_uses_credit_if_the_provider_does(
    invoice: Invoice, uses_credit: bool
) -> None:
    Provider.objects.update(uses_credit=uses_credit)
    payment = pay(invoice, "15")
    deposit = receive(invoice.organization, "3", kind=PaymentKind.DEPOSIT)

    following = issued_invoice(invoice.organization, SEPTEMBER)

    used = Decimal("4.29") if uses_credit else Decimal(0)
    assert owed(following) == [TOTAL - used]
    assert (left(payment), left(deposit)) == (Decimal("4.29") - used, 3)


def test_a_credit_note_releases_the_newest_payments(invoice: Invoice) -> None:
    first, second = pay(invoice, "4", paid_on=date(2026, 10, 30)), pay(invoice, "6")

    issuing.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    assert (left(first), left(second)) == (4, 6)
    (again,) = issuing.issue(
        organization_id=invoice.organization_id, period=OCTOBER, now=IN_NOVEMBER, by=None
    )
    assert owed(again) == [TOTAL]


# --- Protection in the database ------------------------------------------------------------------

ALLOCATE = """
    INSERT INTO payments_allocation (payment_id, invoice_id, payout_id, amount, allocated_at)
    VALUES (%s, %s, %s, %s, now())
"""


def refused_sql(message: str, *values: Any) -> None:
    refused = pytest.raises((DatabaseError, IntegrityError), match=message)
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ALLOCATE, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_refuses_more_than_there_is(invoice: Invoice, earlier: Invoice) -> None:
    payment = receive(invoice.organization, "12", automatically=False)
    other = receive(BilledOrganizationFactory.create(), "50")
    allocate(payment, n1="2")
    paid_back = refund(payment, "1")

    refused_sql("never_more_than_the_payment", payment.pk, earlier.pk, None, "9.01")
    refused_sql("takes no payment", payment.pk, invoice.pk, None, "8.72")
    refused_sql("takes no payment", other.pk, invoice.pk, None, "1")
    refused_sql("more is taken back", payment.pk, invoice.pk, None, "-2.01")
    refused_sql("must not be left", payment.pk, None, paid_back.pk, "-1")
    refused_sql("one_target", payment.pk, invoice.pk, paid_back.pk, "1")
    refused_sql("one_target", payment.pk, None, None, "1")
    with transaction.atomic():
        unpaid = Payment.objects.create(
            organization=invoice.organization,
            owner=invoice.owner,
            currency="EUR",
            kind=PaymentKind.REFUND,
            paid_on=TODAY,
            amount=-1,
            reference="R",
            recorded_at=IN_NOVEMBER,
        )
        refused_sql("another organization", other.pk, None, unpaid.pk, "1")
        transaction.set_rollback(True)


def test_whatever_is_done_everything_adds_up(invoice: Invoice, earlier: Invoice) -> None:
    """Record, allocate, undo, reverse, refund and cancel at random; refusals change nothing."""
    chance = random.Random(7)
    organization = invoice.organization

    def some(payments: Any) -> Any:
        return chance.choice(list(payments) or [None])

    def amount() -> str:
        return str(Decimal(chance.randint(1, 1500)) / 100)

    done = 0
    for _step in range(150):
        payment, document = some(Payment.objects.all()), chance.choice([invoice, earlier])
        action = chance.randrange(8)
        try:
            with transaction.atomic():
                if payment is None or action == 0:
                    receive(organization, amount(), automatically=chance.random() < 0.5)
                elif action == 1:
                    pay(document, amount())
                elif action == 2:
                    allocate(payment, **{f"n{document.number[-1]}": amount()})
                elif action == 3:
                    operations.undo_allocation(
                        payment_id=payment.pk, invoice_id=document.pk, now=IN_NOVEMBER, by=None
                    )
                elif action == 4:
                    reverse(payment)
                elif action == 5:
                    refund(payment, amount())
                elif action == 6:
                    write_off(document, amount())
                elif chance.random() < 0.02:
                    issuing.cancel(invoice_id=document.pk, now=IN_NOVEMBER, by=None)
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
                done += 1
        except IssueRefusal:
            continue

        paid = Payment.objects.aggregate(sum=Sum("amount"))["sum"] or 0
        items = OpenItem.objects.aggregate(owed=Sum("outstanding"), credited=Sum("credited"))
        kept = OnAccount.objects.aggregate(sum=Sum("remaining"))["sum"] or 0
        assert items["owed"] - kept == 2 * TOTAL - items["credited"] - paid
        (balance,) = balances_of(organization, TODAY)
        assert balance.owed == items["owed"] - kept
        assert not OpenItem.objects.filter(outstanding__lt=0).exists()
    assert done > 60
