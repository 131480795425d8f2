"""Sums of issued documents by month, currency and tax."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Case, Count, DecimalField, F, Sum, Value, When
from django.db.models.functions import TruncMonth

from accounting.models import tax_label
from foundation.lists.exports import Cell, Month
from invoices.documents.document import Kind
from invoices.models import InvoiceTax
from rating.periods import Period
from tariffs.money import exact

COLUMNS = ("month", "currency", "tax_category", "tax_percent", "documents", "net", "tax", "gross")


class TaxSum(NamedTuple):
    """What was charged with a tax in a month, less credit notes. `documents` counts both."""

    month: Month
    currency: str
    category: str
    percent: Decimal
    documents: int
    net: Decimal
    tax: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax

    @property
    def label(self) -> str:
        """The tax as people name it."""
        return tax_label(self.category, self.percent)

    @property
    def cells(self) -> list[Cell]:
        """The cells of `COLUMNS`."""
        sums = (exact(each, self.currency) for each in (self.net, self.tax, self.gross))
        return [self.month, self.currency, self.category, self.percent, self.documents, *sums]


def tax_sums(period: Period) -> Iterator[TaxSum]:
    """Yield the sums of documents issued in a period, by month, currency, category and percent."""
    sign = Case(
        When(invoice__kind=Kind.CREDIT_NOTE.value, then=Value(-1)),
        default=Value(1),
        output_field=DecimalField(max_digits=2, decimal_places=0),
    )
    rows = (
        InvoiceTax.objects.order_by()
        .filter(invoice__issued_on__gte=period.start, invoice__issued_on__lt=period.end)
        .annotate(month=TruncMonth("invoice__issued_on"))
        .values("month", "invoice__currency", "category", "percent")
        .annotate(
            documents=Count("pk"), net_sum=Sum(sign * F("net")), tax_sum=Sum(sign * F("amount"))
        )
        .order_by("month", "invoice__currency", "category", "-percent")
    )
    for row in rows.values_list(
        "month",
        "invoice__currency",
        "category",
        "percent",
        "documents",
        "net_sum",
        "tax_sum",
    ):
        month, *others = row
        yield TaxSum(Month(month.year, month.month, 1), *others)
