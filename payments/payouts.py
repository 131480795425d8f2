"""Pay payments out, move them to another organization, and write amounts off.

`request` identifies the request to do so: a repeated request records nothing, and returns what the
first has recorded.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from accounts.models import User
from invoices.models import Invoice
from organizations.models import Organization
from payments.books import closed_through, refuse_closed
from payments.models import Allocation, Method, Payment, PaymentKind
from payments.operations import (
    check_amount,
    check_date,
    check_takes_payments,
    locked_invoice,
    locked_payment,
    recorded_by_request,
)
from payments.refusals import (
    NotAnIncoming,
    OtherOwner,
    PaidBackTooEarly,
    ReasonMissing,
    TooMuchAllocated,
    TooMuchForInvoice,
)
from tariffs.provider_calendar import provider_date


@transaction.atomic
def refund(
    *,
    payment_id: int,
    amount: Decimal,
    paid_on: date,
    method: str,
    reference: str,
    now: datetime,
    by: User | None,
    request: UUID | None = None,
) -> Payment:
    """Record that some of what is left of a payment was paid back; return the refund.

    Raises:
        Payment.DoesNotExist: there is no such payment.
        NotPositive, TooFine, PaidInFuture, PaidBackTooEarly, BooksClosed: the amount or the date
            is not valid.
        NotAnIncoming, TooMuchAllocated: less is left of the payment.
        ReasonMissing: the reference is empty.
        RequestUsed: the same request has recorded another payment.
    """
    payment = locked_payment(payment_id)
    if known := recorded_by_request(
        request,
        organization=payment.organization,
        amount=-amount,
        paid_on=paid_on,
        method=method,
        reference=reference,
    ):
        return known
    _check_left(payment, amount)
    check_date(paid_on, now)
    refuse_closed(paid_on, closed_through())
    if paid_on < payment.paid_on:
        raise PaidBackTooEarly(paid_on=payment.paid_on)
    if not reference:
        raise ReasonMissing
    paid_back = Payment.objects.create(
        organization=payment.organization,
        currency=payment.currency,
        kind=PaymentKind.REFUND,
        owner_id=payment.owner_id,
        paid_on=paid_on,
        amount=-amount,
        method=method,
        reference=reference,
        request=request,
        recorded_at=now,
        recorded_by=by,
    )
    _pay_out(payment, paid_back, now, by)
    return paid_back


@transaction.atomic
def transfer(
    *,
    payment_id: int,
    to: Organization,
    amount: Decimal,
    reference: str,
    now: datetime,
    by: User | None,
    request: UUID | None = None,
) -> Payment:
    """Move some of what is left of a payment to another organization of its owner.

    Return the incoming side, all of which is on account.

    Raises:
        Payment.DoesNotExist: there is no such payment.
        NotPositive, TooFine: the amount is not valid.
        NotAnIncoming, TooMuchAllocated: less is left of the payment.
        OtherOwner: the owners differ, or it is the same organization.
        RequestUsed: the same request has recorded another payment.
    """
    from_id = Payment.objects.values_list("organization_id", flat=True).get(pk=payment_id)
    both = Organization.objects.filter(pk__in=[from_id, to.pk]).order_by("pk")
    owners = {each.pk: each.owner_id for each in both.select_for_update(no_key=True)}
    if from_id == to.pk or owners[from_id] != owners.get(to.pk):
        raise OtherOwner
    payment = locked_payment(payment_id)
    if known := recorded_by_request(request, organization=to, amount=amount, reference=reference):
        return known
    _check_left(payment, amount)
    outgoing, incoming = (
        Payment(
            organization_id=organization_id,
            currency=payment.currency,
            kind=PaymentKind.TRANSFER,
            owner_id=owners[organization_id],
            paid_on=provider_date(now),
            amount=signed,
            method=Method.OTHER,
            reference=reference,
            recorded_at=now,
            recorded_by=by,
        )
        for organization_id, signed in ((from_id, -amount), (to.pk, amount))
    )
    outgoing.save()
    _pay_out(payment, outgoing, now, by)
    incoming.transferred_from, incoming.request = outgoing, request
    incoming.save()
    return incoming


@transaction.atomic
def write_off(
    *,
    invoice_id: int,
    amount: Decimal,
    reason: str,
    now: datetime,
    by: User | None,
    request: UUID | None = None,
) -> Payment:
    """Write off some of what is outstanding of an invoice, which then counts as paid.

    Raises:
        Invoice.DoesNotExist: there is no such invoice.
        CreditNoteNotPaid, CancelledNotPaid: the document does not take payments.
        NotPositive, TooFine, TooMuchForInvoice: the amount is wrong.
        ReasonMissing: there is no reason.
        RequestUsed: the same request has recorded another payment.
    """
    invoice = locked_invoice(invoice_id, now)
    if known := recorded_by_request(request, invoice=invoice, amount=amount, reference=reason):
        return known
    check_takes_payments(invoice)
    check_amount(amount, invoice.currency, invoice.digits)
    if amount > invoice.outstanding:
        raise TooMuchForInvoice(
            number=invoice.number, outstanding=invoice.outstanding, currency=invoice.currency
        )
    if not reason:
        raise ReasonMissing
    written_off = Payment.objects.create(
        organization=invoice.organization,
        currency=invoice.currency,
        kind=PaymentKind.WRITE_OFF,
        invoice=invoice,
        owner_id=invoice.owner_id,
        paid_on=provider_date(now),
        amount=amount,
        method=Method.OTHER,
        reference=reason,
        request=request,
        recorded_at=now,
        recorded_by=by,
    )
    _allocate(written_off, amount, now, by, invoice=invoice)
    return written_off


def _check_left(payment: Payment, amount: Decimal) -> None:
    check_amount(amount, payment.currency)
    remaining = payment.on_account.remaining
    if remaining <= 0:
        raise NotAnIncoming
    if amount > remaining:
        raise TooMuchAllocated(remaining=remaining, currency=payment.currency)


def _pay_out(payment: Payment, payout: Payment, now: datetime, by: User | None) -> None:
    _allocate(payment, -payout.amount, now, by, payout=payout)


def _allocate(
    payment: Payment,
    amount: Decimal,
    now: datetime,
    by: User | None,
    *,
    invoice: Invoice | None = None,
    payout: Payment | None = None,
) -> None:
    Allocation.objects.create(
        payment=payment,
        invoice=invoice,
        payout=payout,
        amount=amount,
        allocated_at=now,
        allocated_by=by,
    )
