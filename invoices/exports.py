"""Export of the list of invoices."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet

from foundation.lists.exports import ROWS_A_FETCH, Cell
from invoices.models import Correction, Invoice

EXPORT_COLUMNS = (
    "number",
    "kind",
    "cancels",
    "corrects",
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
# For staff. An invoice that is being checked has no difference yet.
DIFFERENCE_COLUMNS = ("differs_by", "cameras_differ", "being_checked")


def export_rows(invoices: QuerySet[Invoice], *, with_differences: bool) -> Iterator[list[Cell]]:
    """Yield invoices, read with their open items, as cells for `EXPORT_COLUMNS`.

    The amounts of credit notes are negative. Several taxes, and several corrected invoices, are
    separated by semicolons. Cells for
    `DIFFERENCE_COLUMNS` follow if asked for.
    """
    read = invoices.select_related("cancels").prefetch_related(
        "taxes", Prefetch("corrections", Correction.objects.named())
    )
    for invoice in read.iterator(ROWS_A_FETCH):
        unit = Decimal(1).scaleb(-invoice.digits)
        taxes = invoice.taxes.all()
        net, tax, total = invoice.net, invoice.tax_amount, invoice.total
        if invoice.is_credit_note:
            net, tax, total = -net, -tax, -total
        cells: list[Cell] = [
            invoice.number,
            invoice.kind,
            invoice.cancels.number if invoice.cancels else None,
            "; ".join(each.corrects.number for each in invoice.corrections.all()) or None,
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
        yield cells + _difference(invoice, unit) if with_differences else cells


def _difference(invoice: Any, unit: Decimal) -> list[Cell]:
    differs = not invoice.is_being_checked and invoice.cameras_differ is not None
    return [
        invoice.differs_by.quantize(unit) if differs else None,
        invoice.cameras_differ if differs else None,
        invoice.is_being_checked,
    ]
