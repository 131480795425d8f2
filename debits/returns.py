"""What a bank takes back: the collection is returned, and its mandate failed."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from debits.models import Collection, DebitBatch
from debits.recording import mark_returned
from payments.models import Payment, PaymentKind


def payment_reversed(payment: Payment, now: datetime, by: User | None) -> None:
    """Mark the collection and the mandate of a payment that is reversed, with the reason.

    The payment recorded the collection. Or the collection was recorded as collected without one,
    because this payment of the same amount was known. What is pending stays: it is at the bank.
    """
    reversal = Payment.objects.filter(reverses=payment).first()
    reason = reversal.reference if reversal else ""
    collection = _recorded_by(payment) or (_paid_by(payment) if reason else None)
    if collection is not None:
        mark_returned(collection, reason, now)


def _recorded_by(payment: Payment) -> Collection | None:
    return Collection.objects.filter(payment=payment, returned_at=None).first()


def _paid_by(payment: Payment) -> Collection | None:
    if payment.kind != PaymentKind.PAYMENT:
        return None
    paid = payment.allocations.filter(invoice__isnull=False).values("invoice")
    found = Collection.objects.filter(
        invoice__in=paid,
        is_pending=False,
        payment=None,
        amount=payment.amount,
        returned_at=None,
        batch__made_at__lte=payment.recorded_at,
    )
    return found.exclude(batch__state=DebitBatch.State.WITHDRAWN).order_by("-pk").first()
