"""The parts of the history of an invoice and of the provider."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

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


def _month(event: Any) -> str:
    return date_format(event.month, _("F Y"))


OF_ORGANIZATION = HistoryPart(
    "invoices.RunExclusionEvent", by="organization", named_by="month", shown={"month": _month}
)
PROVIDER_PARTS = (
    HistoryPart("invoices.ProviderEvent"),
    HistoryPart("invoices.DesignEvent", named_by="provider"),
    HistoryPart("invoices.DocumentTermsEvent"),
    HistoryPart("invoices.CurrencyAccountEvent", by="provider", named_by="currency"),
)
TERMS_OF_ORGANIZATION = HistoryPart("invoices.OrganizationTermsEvent", by="organization")


def parts_of_run(month: date) -> list[HistoryPart]:
    """Return the parts of the history of a month's run: itself, and what it leaves out."""
    return [
        HistoryPart("invoices.InvoiceRunEvent", shown={"month": _month}),
        HistoryPart("invoices.RunExclusionEvent", by="month", key=month, named_by="organization"),
    ]


def add_part(part: HistoryPart) -> None:
    """Add rows of an app in a higher layer to the history of their invoice."""
    PARTS.append(part)
