"""Record what was received for many invoices at once, or reverse it, with few statements."""

from __future__ import annotations

from collections.abc import Collection as Ids
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from accounts.models import User
from foundation.bulk import forget_plans
from invoices.models import Invoice, OpenItem
from organizations.models import Organization
from payments.books import closed_through, refuse_closed
from payments.followers import CHANGED, REVERSED
from payments.models import Allocation, Payment
from payments.operations import (
    check_amount,
    check_can_be_reversed,
    check_date,
    unsaved_reversal,
)
from payments.refusals import AlreadyRecorded, WasPaidOut


@dataclass(frozen=True, slots=True)
class ForInvoice:
    """A positive amount that was received for an invoice; each invoice is there once.

    `request` identifies what was received, so that it is recorded once.
    """

    invoice_id: int
    amount: Decimal
    request: UUID


def lock_organizations(invoice_ids: Sequence[int]) -> None:
    """Lock the organizations of invoices in the order in which everybody does."""
    owing = Invoice.objects.filter(pk__in=invoice_ids).order_by().values("organization")
    organizations = Organization.objects.filter(pk__in=owing).order_by("pk")
    # Evaluate the query to take the locks.
    list(organizations.select_for_update(no_key=True).values_list("pk"))


@transaction.atomic
def record_for_invoices(
    received: Sequence[ForInvoice], *, paid_on: date, method: str, now: datetime, by: User | None
) -> list[Payment]:
    """Record payments that name invoices, and allocate them there; return them in the same order.

    What exceeds the outstanding amount is left on account, as is what was received for an invoice
    that is cancelled. The reference of a payment is the number of its invoice.

    Raises:
        NotPositive, TooFine, PaidInFuture, BooksClosed: as for `record_payment`.
        AlreadyRecorded: one of them is recorded.
    """
    check_date(paid_on, now)
    refuse_closed(paid_on, closed_through())
    ids = [each.invoice_id for each in received]
    lock_organizations(ids)
    if Payment.objects.filter(request__in=[each.request for each in received]).exists():
        raise AlreadyRecorded
    forget_plans()
    items = OpenItem.objects.select_related("invoice", "organization").in_bulk(ids)
    payments = []
    for each in received:
        item = items[each.invoice_id]
        invoice = item.invoice
        check_amount(each.amount, invoice.currency, invoice.digits)
        payments.append(
            Payment(
                organization_id=invoice.organization_id,
                currency=invoice.currency,
                invoice=None if item.is_cancelled else invoice,
                owner_id=item.organization.owner_id if item.is_cancelled else invoice.owner_id,
                paid_on=paid_on,
                amount=each.amount,
                method=method,
                reference=invoice.number,
                request=each.request,
                recorded_at=now,
                recorded_by=by,
            )
        )
    Payment.objects.bulk_create(payments)
    Allocation.objects.bulk_create(
        Allocation(
            payment=payment,
            invoice_id=each.invoice_id,
            amount=min(each.amount, items[each.invoice_id].outstanding),
            allocated_at=now,
            allocated_by=by,
        )
        for payment, each in zip(payments, received, strict=True)
        if payment.invoice_id and items[each.invoice_id].outstanding > 0
    )
    CHANGED.tell({each.organization_id for each in payments})
    return payments


@transaction.atomic
def reverse_payments(payment_ids: Ids[int], *, now: datetime, by: User | None) -> None:
    """Reverse payments that were received, because they were none; transfers are not among them.

    Raises:
        IsReversal, AlreadyReversed, TakenBack, WasPaidOut: one cannot be reversed.
    """
    payments = Payment.objects.filter(pk__in=payment_ids).order_by("pk")
    owning = Organization.objects.filter(pk__in=payments.order_by().values("organization"))
    list(owning.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    found = list(payments.select_related("reversal"))
    for payment in found:
        check_can_be_reversed(payment)
    paid_out = Allocation.objects.filter(payment__in=payment_ids, payout__isnull=False)
    if paid_out.in_force().exists():
        raise WasPaidOut
    forget_plans()
    Payment.objects.bulk_create(unsaved_reversal(each, "", now, by) for each in found)
    for payment in found:
        REVERSED.tell(payment, now, by)
    CHANGED.tell({each.organization_id for each in found})
