"""What a bank takes back: the collection is returned, and its mandate failed."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from debits.models import Collection, DebitBatch, Mandate
from payments.models import Payment, PaymentKind


def payment_reversed(payment: Payment, now: datetime, by: User | None) -> None:
    """Mark the collection and the mandate of a payment that is reversed, with the reason.

    The payment was recorded by the batch, or by the bank's statement: then it paid the invoice the
    amount that was collected.
    """
    collection = _of_payment(payment)
    if collection is None:
        return
    reversal = Payment.objects.filter(reverses=payment).first()
    Collection.objects.filter(pk=collection.pk).update(returned_at=now, is_pending=False)
    Mandate.objects.filter(pk=collection.mandate_id, ended_at=None).update(
        failed_at=now, failure=reversal.reference if reversal else ""
    )


def _of_payment(payment: Payment) -> Collection | None:
    collections = Collection.objects.filter(returned_at=None)
    recorded = collections.filter(payment=payment).first()
    if recorded or payment.kind != PaymentKind.PAYMENT:
        return recorded
    paid = payment.allocations.filter(invoice__isnull=False).values("invoice")
    by_statement = collections.filter(invoice__in=paid, payment=None, amount=payment.amount)
    return by_statement.exclude(batch__state=DebitBatch.State.WITHDRAWN).order_by("-pk").first()
