"""Payments in the history of their invoice."""

from django.db.models import F

from foundation.audit.history import HistoryPart
from invoices.history import amount_of

OF_INVOICE = HistoryPart(
    "payments.PaymentEvent",
    by="invoice",
    named_by="paid_on",
    annotations={"currency": F("invoice__currency")},
    shown={"amount": amount_of("amount")},
)
