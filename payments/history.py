"""Payments and what they pay in the history of their invoice, and the history of a payment."""

from django.db.models import F

from foundation.audit.history import HistoryPart
from invoices.history import amount_of

_AMOUNT = {"amount": amount_of("amount")}
_OF_PAYMENT = {"currency": F("payment__currency")}

OF_INVOICE = (
    HistoryPart("payments.PaymentEvent", by="invoice", named_by="paid_on", shown=_AMOUNT),
    HistoryPart(
        "payments.AllocationEvent",
        by="invoice",
        named_by="payment",
        annotations=_OF_PAYMENT,
        shown=_AMOUNT,
    ),
)
PARTS = (
    HistoryPart("payments.PaymentEvent", shown=_AMOUNT),
    HistoryPart("payments.PaymentEvent", by="reverses", named_by="paid_on", shown=_AMOUNT),
    HistoryPart(
        "payments.AllocationEvent",
        by="payment",
        named_by="invoice",
        annotations=_OF_PAYMENT,
        shown=_AMOUNT,
    ),
)
