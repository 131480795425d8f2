"""Aged receivables, as a list and as a file: what organizations owe by days overdue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.lists.exports import Cell
from foundation.lists.filters import search_filter
from foundation.lists.pages import ListTable
from invoices.tables import NUMBER
from organizations.filters import SEARCHED, SEARCHED_IN_SHORT
from organizations.models import Organization
from payments.models import Receivable
from payments.querysets import AGES, ReceivableQuerySet
from tariffs.money import exact, format_money

EXPORT_COLUMNS = (
    "as_of",
    "organization",
    "currency",
    "not_due",
    "overdue_1_to_30_days",
    "overdue_31_to_60_days",
    "overdue_61_to_90_days",
    "overdue_over_90_days",
    "credit",
    "total",
)


class ReceivableFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filter receivables by a search for organizations."""

    q = search_filter(SEARCHED, SEARCHED_IN_SHORT)

    class Meta:
        model = Receivable
        fields: ClassVar[list[str]] = []

    def search(self, receivables: ReceivableQuerySet, name: str, text: str) -> ReceivableQuerySet:
        """Keep the receivables of organizations that the search finds."""
        found = Organization.objects.search(text).order_by()
        return receivables.filter(organization__in=found.values("pk"))


class AmountColumn(tables.Column):  # type: ignore[misc]
    """An amount in the row's currency, or a dash for 0. Sorting groups rows by currency."""

    def __init__(self, name: str, verbose_name: object) -> None:
        order = ("currency", name, "title")
        super().__init__(verbose_name=verbose_name, order_by=order, attrs=NUMBER)

    def render(self, value: Decimal, record: dict[str, Any]) -> str:
        """Format the amount with its currency."""
        return format_money(value, record["currency"]) if value else "–"


class ReceivableTable(ListTable):
    """A table of the rows of `ReceivableQuerySet.by_organization`."""

    title = tables.Column(
        verbose_name=_("Organization"),
        linkify=("invoices:of_organization", [tables.A("organization")]),
        order_by=("title", "currency"),
        attrs={"td": {"class": "cell-title"}},
    )
    not_due = AmountColumn("not_due", _("Not yet due"))
    late_30 = AmountColumn("late_30", _("1–30 days"))
    late_60 = AmountColumn("late_60", _("31–60 days"))
    late_90 = AmountColumn("late_90", _("61–90 days"))
    later = AmountColumn("later", _("Over 90 days"))
    credit = AmountColumn("credit", pgettext_lazy("owed to a customer", "Credit"))
    total = AmountColumn("total", _("Total"))

    class Meta:
        order_by = "-total"
        order_by_field = "sort"
        empty_text = _("No receivables found")


def export_rows(receivables: Iterable[dict[str, Any]], today: date) -> Iterator[list[Cell]]:
    """Yield the rows of `ReceivableQuerySet.by_organization` as cells for `EXPORT_COLUMNS`."""
    for row in receivables:
        amounts = [exact(row[age], row["currency"]) for age in AGES]
        yield [today, row["title"], row["currency"], *amounts]
