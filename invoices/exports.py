"""Export of the list of invoices."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import QuerySet

from foundation.lists.exports import ROWS_A_FETCH, Cell
from invoices.models import Invoice

EXPORT_COLUMNS = (
    "number",
    "kind",
    "cancels",
    "organization",
    "billed_to",
    "period_first",
    "period_last",
    "date",
    "due",
    "currency",
    "net",
    "tax_category",
    "tax_rate",
    "tax",
    "total",
    "paid",
    "outstanding",
    "state",
)


def export_rows(invoices: QuerySet[Invoice]) -> Iterator[list[Cell]]:
    """Yield invoices, read with their open items, as cells for `EXPORT_COLUMNS`.

    The amounts of credit notes are negative. Several taxes are separated by semicolons.
    """
    read = invoices.select_related("cancels").prefetch_related("taxes")
    for invoice in read.iterator(ROWS_A_FETCH):
        unit = Decimal(1).scaleb(-invoice.digits)
        taxes = invoice.taxes.all()
        net, tax, total = invoice.net, invoice.tax_amount, invoice.total
        if invoice.is_credit_note:
            net, tax, total = -net, -tax, -total
        yield [
            invoice.number,
            invoice.kind,
            invoice.cancels.number if invoice.cancels else None,
            invoice.organization_title,
            invoice.buyer_name,
            invoice.period.start,
            invoice.period.last,
            invoice.issued_on,
            invoice.due_on,
            invoice.currency,
            net.quantize(unit),
            "; ".join(tax.category for tax in taxes),
            taxes[0].percent if len(taxes) == 1 else "; ".join(str(tax.percent) for tax in taxes),
            tax.quantize(unit),
            total.quantize(unit),
            invoice.paid.quantize(unit),  # type: ignore[attr-defined]
            invoice.outstanding.quantize(unit),  # type: ignore[attr-defined]
            invoice.state,  # type: ignore[attr-defined]
        ]
