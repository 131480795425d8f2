"""Record, allocate and reverse payments.

Each operation first locks the organization, as issuing and cancelling do. If two people record,
allocate, reverse or cancel at the same time, the second therefore sees what the first did. Triggers
keep what is outstanding and what is left of payments; docs/payments.md states the rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from invoices.models import Invoice
from organizations.models import Organization
from payments.allocating import allocate_oldest, allocate_parts, matched
from payments.books import closed_through, refuse_closed
from payments.followers import CHANGED, REVERSED
from payments.models import Allocation, Payment, PaymentKind
from payments.refusals import (
    AlreadyRecorded,
    AlreadyReversed,
    CancelledNotPaid,
    CreditNoteNotPaid,
    IsReversal,
    NotAllocated,
    NotPositive,
    OutstandingChanged,
    PaidInFuture,
    PaidTooEarly,
    RequestUsed,
    TakenBack,
    TooFine,
    WasPaidOut,
    WriteOffStays,
)
from rating.money import minor_digits
from tariffs.provider_calendar import provider_date

# Some customers pay before they are billed. An earlier date than this has a mistyped year.
_LONGEST_BEFORE = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A payment as it was received. `bank_fee` is what the bank kept of it, if anything.

    `request` identifies the request to record it: a repeated request records nothing. `again`
    confirms that it is another payment than an equal one.
    """

    paid_on: date
    amount: Decimal
    method: str
    reference: str
    kind: PaymentKind = PaymentKind.PAYMENT
    bank_fee: Decimal | None = None
    request: UUID | None = None
    again: bool = False


@transaction.atomic
def record_payment(
    *,
    invoice_id: int,
    now: datetime,
    by: User | None,
    shown: Decimal | None = None,
    **received: Any,
) -> Payment:
    """Record that a payment, `Received`, named an invoice; allocate it there.

    What exceeds the outstanding amount is left on account. `shown` is the outstanding amount that
    the person saw.

    Raises:
        Invoice.DoesNotExist: there is no such invoice.
        CreditNoteNotPaid, CancelledNotPaid: the document does not take payments.
        NotPositive, TooFine, PaidInFuture, PaidTooEarly: the amount or the date is not valid.
        BooksClosed: the date is in a month that is closed.
        OutstandingChanged: the outstanding amount differs from `shown`.
        RequestUsed: the same request has recorded another payment.
        AlreadyRecorded: an equal payment is recorded, and this is not said to be another one.
    """
    of = Received(**received)
    invoice = locked_invoice(invoice_id, now)
    if known := _recorded_before(of, organization=invoice.organization, invoice=invoice):
        return known
    check_payment(invoice=invoice, paid_on=of.paid_on, amount=of.amount, now=now)
    refuse_closed(of.paid_on, closed_through())
    if shown is not None and shown != invoice.outstanding:
        raise OutstandingChanged(outstanding=invoice.outstanding, currency=invoice.currency)
    payments = _record(
        of,
        organization=invoice.organization,
        currency=invoice.currency,
        owner_id=invoice.owner_id,
        invoice=invoice,
        now=now,
        by=by,
    )
    # Credit notes may come to more than the invoice: then less than nothing is outstanding.
    owed = max(invoice.outstanding, Decimal(0))
    parts = matched([(each.pk, each.amount) for each in payments], [(invoice.pk, owed)])
    Allocation.objects.bulk_create(
        Allocation(
            payment_id=payment, invoice_id=item, amount=amount, allocated_at=now, allocated_by=by
        )
        for payment, item, amount in parts
    )
    return payments[0]


@transaction.atomic
def record_on_account(
    *,
    organization_id: int,
    currency: str,
    automatically: bool,
    now: datetime,
    by: User | None,
    **received: Any,
) -> Payment:
    """Record a payment, `Received`, of an organization that names no invoice by itself.

    If it is to be allocated `automatically`, the invoices that its reference names are paid, then
    the others, those due first. A deposit is kept.

    Raises:
        Organization.DoesNotExist: there is no such organization.
        NotPositive, TooFine, PaidInFuture, BooksClosed, AlreadyRecorded, RequestUsed: as for
            `record_payment`.
    """
    of = Received(**received)
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    if known := _recorded_before(of, organization=organization, invoice=None):
        return known
    check_amount(of.amount, currency)
    check_date(of.paid_on, now)
    refuse_closed(of.paid_on, closed_through())
    payments = _record(
        of,
        organization=organization,
        currency=currency,
        owner_id=organization.owner_id,
        invoice=None,
        now=now,
        by=by,
    )
    if automatically and of.kind == PaymentKind.PAYMENT:
        allocate_oldest(payments, now=now, by=by, text=of.reference)
    return payments[0]


@transaction.atomic
def allocate(
    *, payment_id: int, parts: Mapping[int, Decimal], now: datetime, by: User | None
) -> None:
    """Allocate parts of what is left of a payment to invoices, which are given by their ids.

    Raises:
        Payment.DoesNotExist: there is no such payment.
        NothingToAllocate, NotAnIncoming, NotPositive, TooFine: the payment or an amount is wrong.
        TooMuchAllocated, TooMuchForInvoice: more than is left, or than is outstanding.
    """
    payment = locked_payment(payment_id)
    for amount in parts.values():
        check_amount(amount, payment.currency)
    allocate_parts(payment, parts, now=now, by=by)


@transaction.atomic
def undo_allocation(*, payment_id: int, invoice_id: int, now: datetime, by: User | None) -> Decimal:
    """Take back all that a payment pays of an invoice; return the amount, which is credit again.

    Raises:
        Payment.DoesNotExist: there is no such payment.
        NotAllocated: it does not pay the invoice.
        WriteOffStays: it is a write-off.
    """
    payment = locked_payment(payment_id)
    if payment.kind == PaymentKind.WRITE_OFF:
        raise WriteOffStays
    pairs = Allocation.objects.filter(payment=payment, invoice=invoice_id).in_force()
    found: list[Decimal] = list(pairs.values_list("allocated", flat=True))
    if not found:
        raise NotAllocated
    (amount,) = found
    Allocation.objects.create(
        payment=payment, invoice_id=invoice_id, amount=-amount, allocated_at=now, allocated_by=by
    )
    return amount


@transaction.atomic
def reverse_payment(*, payment_id: int, reason: str, now: datetime, by: User | None) -> Payment:
    """Reverse a payment; return the reversal.

    The reversal has the negated amount and today's date, and `reason` as its reference. What the
    payment paid is outstanding again. Both sides of a transfer are reversed.

    Raises:
        Payment.DoesNotExist: there is no such payment.
        IsReversal, AlreadyReversed, TakenBack, WasPaidOut: the payment cannot be reversed.
    """
    payment = locked_payment(payment_id)
    check_can_be_reversed(payment)
    sides = [payment]
    if other := other_side(payment):
        sides.append(other)
    # The incoming side goes first: it must have been used by nothing else.
    sides.sort(key=lambda side: side.amount, reverse=True)
    for side in sides:
        _check_not_paid_out(side)
    reversals = {side.pk: _reverse(side, reason, now, by) for side in sides}
    return reversals[payment_id]


def _reverse(payment: Payment, reason: str, now: datetime, by: User | None) -> Payment:
    reversal = unsaved_reversal(payment, reason, now, by)
    reversal.save()
    REVERSED.tell(payment, now, by)
    CHANGED.tell([payment.organization_id])
    return reversal


def unsaved_reversal(payment: Payment, reason: str, now: datetime, by: User | None) -> Payment:
    """Return what reverses a payment once it is stored."""
    return Payment(
        organization_id=payment.organization_id,
        currency=payment.currency,
        kind=payment.kind,
        invoice_id=payment.invoice_id,
        owner_id=payment.owner_id,
        paid_on=provider_date(now),
        amount=-payment.amount,
        method=payment.method,
        reference=reason,
        reverses=payment,
        recorded_at=now,
        recorded_by=by,
    )


def other_side(payment: Payment) -> Payment | None:
    """Return the other side of a transfer, or None."""
    return payment.transferred_from or getattr(payment, "transferred_to", None)


def check_can_be_reversed(payment: Payment) -> None:
    """Check that a payment can be reversed. It must be read with its `reversal`.

    Raises:
        IsReversal, AlreadyReversed, TakenBack: the payment cannot be reversed.
    """
    if payment.reverses_id is not None:
        raise IsReversal
    if hasattr(payment, "reversal"):
        raise AlreadyReversed
    if payment.kind == PaymentKind.WRITE_OFF and payment.amount < 0:
        raise TakenBack


def _check_not_paid_out(payment: Payment) -> None:
    if payment.allocations.filter(payout__isnull=False).in_force().exists():
        raise WasPaidOut


def check_payment(*, invoice: Invoice, paid_on: date, amount: Decimal, now: datetime) -> None:
    """Check a payment of `invoice`, which must be read with its `credit_note`.

    Raises:
        CreditNoteNotPaid, CancelledNotPaid, NotPositive, TooFine, PaidInFuture, PaidTooEarly: as
            for `record_payment`.
    """
    check_takes_payments(invoice)
    check_amount(amount, invoice.currency, invoice.digits)
    check_date(paid_on, now)
    if paid_on < invoice.issued_on - _LONGEST_BEFORE:
        raise PaidTooEarly(issued_on=invoice.issued_on)


def check_amount(amount: Decimal, currency: str, digits: int | None = None) -> None:
    """Check an amount of money; `digits` are the decimals of the currency, if they are known.

    Raises:
        NotPositive, TooFine: the amount is not above 0, or has too many decimals.
    """
    if amount <= 0:
        raise NotPositive
    digits = minor_digits(currency) if digits is None else digits
    if amount != amount.quantize(Decimal(1).scaleb(-digits)):
        raise TooFine(currency=currency, digits=digits)


def check_date(paid_on: date, now: datetime) -> None:
    """Check that a date is not after today in the provider's time zone.

    Raises:
        PaidInFuture: it is.
    """
    if paid_on > provider_date(now):
        raise PaidInFuture


def check_takes_payments(invoice: Invoice) -> None:
    """Check that a document takes payments. It must be read with its `credit_note`.

    Raises:
        CreditNoteNotPaid, CancelledNotPaid: the document does not take payments.
    """
    if invoice.is_credit_note:
        raise CreditNoteNotPaid
    if hasattr(invoice, "credit_note"):
        raise CancelledNotPaid(credit_note=invoice.credit_note.number)


def locked_payment(payment_id: int) -> Payment:
    """Lock the organizations of a payment; return it with its reversal and what is left of it.

    Raises:
        Payment.DoesNotExist: there is no such payment.
    """
    sides = Payment.objects.filter(
        Q(pk=payment_id) | Q(transferred_from=payment_id) | Q(transferred_to=payment_id)
    )
    organizations = Organization.objects.filter(pk__in=sides.values("organization"))
    # Organizations of a transfer are locked in one order.
    list(organizations.select_for_update(no_key=True).order_by("pk"))
    payments = Payment.objects.select_related(
        "organization", "reversal", "on_account", "transferred_from", "transferred_to"
    )
    return payments.get(pk=payment_id)


def _record(
    of: Received,
    *,
    organization: Organization,
    currency: str,
    owner_id: int,
    invoice: Invoice | None,
    now: datetime,
    by: User | None,
) -> Sequence[Payment]:
    """Store a payment and, if the bank kept a fee, another for that."""
    if of.bank_fee is not None:
        check_amount(of.bank_fee, currency)
    equal = Payment.objects.filter(
        organization=organization,
        currency=currency,
        kind=of.kind,
        invoice=invoice,
        paid_on=of.paid_on,
        amount=of.amount,
        reference=of.reference,
        reverses=None,
        reversal=None,
    )
    # Without an id of the request, nothing would tell a second click from a second payment.
    if not (of.again and of.request) and equal.exists():
        raise AlreadyRecorded
    amounts = [(of.kind, of.amount, of.request)]
    if of.bank_fee is not None:
        amounts.append((PaymentKind.BANK_FEE, of.bank_fee, None))
    CHANGED.tell([organization.pk])
    return [
        Payment.objects.create(
            organization=organization,
            currency=currency,
            kind=kind,
            invoice=invoice,
            owner_id=owner_id,
            paid_on=of.paid_on,
            amount=amount,
            method=of.method,
            reference=of.reference,
            request=request,
            recorded_at=now,
            recorded_by=by,
        )
        for kind, amount, request in amounts
    ]


def _recorded_before(
    of: Received, *, organization: Organization, invoice: Invoice | None
) -> Payment | None:
    return recorded_by_request(
        of.request,
        organization=organization,
        invoice=invoice,
        kind=of.kind,
        paid_on=of.paid_on,
        amount=of.amount,
        method=of.method,
        reference=of.reference,
    )


def recorded_by_request(request: UUID | None, **values: Any) -> Payment | None:
    """Return the payment that the same request has recorded before, if any.

    Raises:
        RequestUsed: that payment has other values, as if somebody went back to a form.
    """
    known = Payment.objects.filter(request=request).first() if request else None
    if known and any(getattr(known, name) != value for name, value in values.items()):
        raise RequestUsed(amount=known.amount, currency=known.currency)
    return known


def locked_invoice(invoice_id: int, now: datetime) -> Any:
    """Lock an invoice's organization; return the invoice with its open item after the lock.

    Raises:
        Invoice.DoesNotExist: there is no such invoice.
    """
    # The invoice itself never changes, so it needs no lock.
    organization_id = Invoice.objects.values_list("organization_id", flat=True).get(pk=invoice_id)
    Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    invoices = Invoice.objects.with_open_item(provider_date(now)).select_related(
        "credit_note", "organization"
    )
    return invoices.get(pk=invoice_id)
