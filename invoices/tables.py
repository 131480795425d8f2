"""The table of invoices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from foundation.lists.pages import CellColumn, CostlyRows, ListTable
from foundation.web.local_times import shown_date
from invoices.models import Invoice
from rating.periods import Period, month_of
from tariffs.money import format_money

# So many can be selected. Packed, they take some hundred megabytes; to request their emails takes a
# web request that is not too long.
MOST_DOCUMENTS = 10_000

NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}


class InvoiceTable(ListTable):
    """Invoices and credit notes with their outstanding amount and state.

    The invoices are read `with_difference` unless the column `differs` is excluded.
    """

    select = CellColumn(
        template_name="invoices/_select_cell.html",
        verbose_name=_("Select"),
        orderable=False,
        attrs={"th": {"class": "cell-select"}, "td": {"class": "cell-select"}},
    )
    # Sorting ends with the id to break ties, so that no invoice appears on two pages.
    number = CellColumn(template_name="invoices/_number_cell.html", order_by=("number",))
    organization = tables.Column(
        accessor="organization_title",
        verbose_name=_("Organization"),
        order_by=("organization_title", "-pk"),
        attrs={"td": {"class": "cell-title"}},
    )
    period = tables.Column(
        accessor="period", verbose_name=_("Period"), order_by=("period_from", "pk")
    )
    issued_on = tables.Column(verbose_name=_("Date"), order_by=("issued_on", "number"))
    due_on = tables.Column(verbose_name=_("Due"), order_by=("due_on", "pk"), default="")
    total = tables.Column(
        verbose_name=_("Total"), order_by=("currency", "total", "pk"), attrs=NUMBER
    )
    outstanding = tables.Column(
        verbose_name=_("Outstanding"), order_by=("currency", "outstanding", "pk"), attrs=NUMBER
    )
    state = CellColumn(
        template_name="invoices/_state.html",
        verbose_name=_("Status"),
        order_by=("state", "pk"),
        extra=lambda invoice, table: {"value": invoice.state},
    )
    differs = CellColumn(
        template_name="invoices/_differs_cell.html",
        verbose_name=_("Differs"),
        order_by=("currency", "differs_by", "pk"),
        attrs=NUMBER,
    )

    class Meta:
        model = Invoice
        fields: ClassVar[tuple[str, ...]] = ()
        order_by = "-issued_on"
        order_by_field = "sort"
        empty_text = _("No invoices found")
        template_name = "invoices/_invoice_table.html"

    most_at_once = MOST_DOCUMENTS

    def __init__(self, invoices: Any, *, of: int | None = None, **options: Any) -> None:
        """Show invoices, all or those `of` an organization."""
        self.organization_id = of
        super().__init__(CostlyRows(invoices), **options)

    def sort_by_indexes(self) -> None:
        """Leave out the ways to sort for which PostgreSQL would read and sort all invoices."""
        for column in self.columns.iterall():
            if column.name not in ("number", "period", "issued_on", "due_on"):
                column.column.orderable = False

    def render_period(self, value: Period) -> str:
        """Name a whole month, or format both dates, between which a line can break."""
        if value == month_of(value.start):
            month = capfirst(date_format(value.start, "F Y"))
            return format_html('<span class="text-nowrap">{}</span>', month)
        return format_html(
            '<span class="text-nowrap">{} –</span> <span class="text-nowrap">{}</span>',
            shown_date(value.start),
            shown_date(value.last),
        )

    def render_issued_on(self, value: date) -> str:
        """Format the date without line breaks."""
        return format_html('<span class="text-nowrap">{}</span>', shown_date(value))

    render_due_on = render_issued_on

    def render_total(self, value: Decimal, record: Invoice) -> str:
        """Format the amount with its currency, negative for a credit note."""
        return format_money(-value if record.is_credit_note else value, record.currency)

    def render_outstanding(self, value: Decimal, record: Any) -> str:
        """Format the amount with its currency, or a dash for 0."""
        return format_money(value, record.currency) if value else "–"
