"""The parts of the history of an invoice and of the provider."""

from typing import Any

from foundation.audit.history import HistoryPart
from tariffs.money import format_money


def amount_of(name: str) -> Any:
    """Return a function that formats the amount in field `name` of an event."""
    return lambda event: format_money(getattr(event, name), event.currency)


PARTS = [
    HistoryPart(
        "invoices.InvoiceEvent",
        shown={name: amount_of(name) for name in ("net", "tax_amount", "total")},
    ),
    HistoryPart("invoices.InvoiceEvent", by="cancels", named_by="number"),
    HistoryPart("invoices.DeferredCorrectionEvent", by="invoice", named_by="invoice"),
]
PROVIDER_PARTS = (HistoryPart("invoices.ProviderEvent"),)


def add_part(part: HistoryPart) -> None:
    """Add rows of an app in a higher layer to the history of their invoice."""
    PARTS.append(part)
