"""Of what the histories of an invoice and of the provider consist."""

from typing import Any

from django.db.models import F

from foundation.audit.history import Part
from tariffs.money import format_money


def _amount(name: str) -> Any:
    return lambda event: format_money(getattr(event, name), event.currency)


PARTS = (
    Part(
        "invoices.InvoiceEvent",
        shown={name: _amount(name) for name in ("net", "tax_amount", "total")},
    ),
    Part("invoices.InvoiceEvent", by="cancels", named_by="number"),
    Part(
        "invoices.PaymentEvent",
        by="invoice",
        named_by="paid_on",
        annotations={"currency": F("invoice__currency")},
        shown={"amount": _amount("amount")},
    ),
)
PROVIDER_PARTS = (Part("invoices.ProviderEvent"),)
