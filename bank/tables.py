"""The tables of lines and of files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from bank.models import BankLine
from foundation.lists.pages import CellColumn, ListTable
from invoices.tables import NUMBER
from tariffs.money import format_money


class LineTable(ListTable):
    """Lines of bank statements, the newest first."""

    booked_on = tables.Column(verbose_name=_("Date"), order_by=("booked_on", "pk"))
    name = CellColumn(
        template_name="bank/_line_cell.html",
        verbose_name=_("From or to"),
        order_by=("name", "pk"),
        attrs={"td": {"class": "cell-title"}},
    )
    amount = tables.Column(verbose_name=_("Amount"), order_by=("amount", "pk"), attrs=NUMBER)
    account = tables.Column(
        accessor="account__title", verbose_name=_("Bank account"), order_by=("account__title", "pk")
    )
    state = CellColumn(
        template_name="bank/_state_cell.html", verbose_name=_("State"), order_by=("state", "pk")
    )

    class Meta:
        model = BankLine
        fields: ClassVar[tuple[str, ...]] = ()
        order_by_field = "sort"
        empty_text = _("No lines found")

    def render_booked_on(self, value: date) -> str:
        """Format the date without line breaks."""
        return format_html('<span class="text-nowrap">{}</span>', date_format(value))

    def render_amount(self, value: Decimal, record: BankLine) -> str:
        """Format the amount in the currency of the account."""
        return format_money(value, record.account.currency)


class StatementTable(ListTable):
    """What files stated of accounts, the newest first."""

    file = CellColumn(
        template_name="bank/_file_cell.html",
        verbose_name=_("File"),
        attrs={"td": {"class": "cell-title"}},
        orderable=False,
    )
    account = tables.Column(
        accessor="account__title", verbose_name=_("Bank account"), orderable=False
    )
    days = CellColumn(template_name="bank/_days_cell.html", verbose_name=_("Days"), orderable=False)
    new = tables.Column(verbose_name=_("New lines"), attrs=NUMBER, orderable=False)
    known = tables.Column(verbose_name=_("Known before"), attrs=NUMBER, orderable=False)
    not_booked = tables.Column(verbose_name=_("Not booked yet"), attrs=NUMBER, orderable=False)
    closing = CellColumn(
        template_name="bank/_closing_cell.html",
        verbose_name=_("Closing balance"),
        attrs=NUMBER,
        orderable=False,
    )

    class Meta:
        fields: ClassVar[tuple[str, ...]] = ()
        orderable = False
        empty_text = _("No files yet")
