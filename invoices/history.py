"""Of what the histories of an invoice and of the provider consist."""

from typing import Any

from foundation.audit.history import HistoryPart
from tariffs.money import format_money


def amount_of(name: str) -> Any:
    return lambda event: format_money(getattr(event, name), event.currency)


PARTS = [
    HistoryPart(
        "invoices.InvoiceEvent",
        shown={name: amount_of(name) for name in ("net", "tax_amount", "total")},
    ),
    HistoryPart("invoices.InvoiceEvent", by="cancels", named_by="number"),
]
PROVIDER_PARTS = (HistoryPart("invoices.ProviderEvent"),)


def show_too(part: HistoryPart) -> None:
    """Show rows of an app above in the history of the invoice that they belong to."""
    PARTS.append(part)
