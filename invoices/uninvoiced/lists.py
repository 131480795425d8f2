"""The list of months without an invoice: its filter, table and export."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from foundation.lists.exports import ROWS_A_FETCH, Cell, Month
from foundation.lists.filters import search_filter
from foundation.lists.pages import CellColumn, ListTable
from invoices.filters import MonthFilter
from invoices.issuing.refusals import recall
from invoices.models import UninvoicedMonth
from invoices.tables import NUMBER
from invoices.uninvoiced.fixes import Fixes
from invoices.uninvoiced.models import UninvoicedQuerySet
from organizations.filters import SEARCHED, SEARCHED_IN_SHORT
from tariffs.models import Tariff
from tariffs.money import exact, format_money

EXPORT_COLUMNS = (
    "organization",
    "month",
    "currency",
    "amount",
    "unpriced",
    "blocked",
    "blockers",
    "as_of",
)
STATES = (("blocked", _("Blocked")), ("ready", _("Ready")))


def _currencies() -> list[tuple[str, str]]:
    used = Tariff.objects.order_by("currency").values_list("currency", flat=True).distinct()
    return [(code, code) for code in used]


class UninvoicedFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filter months by organization, month, currency, and whether they are ready."""

    q = search_filter(SEARCHED, SEARCHED_IN_SHORT)
    month = MonthFilter(label=_("Month"))
    currency = django_filters.ChoiceFilter(
        label=_("Currency"), empty_label=_("All"), choices=_currencies
    )
    state = django_filters.ChoiceFilter(
        label=_("Status"), empty_label=_("All"), choices=STATES, method="in_state"
    )

    class Meta:
        model = UninvoicedMonth
        fields: ClassVar[list[str]] = []

    def search(self, months: UninvoicedQuerySet, name: str, text: str) -> UninvoicedQuerySet:
        """Keep the months of organizations that the search finds."""
        return months.search(text)

    def in_state(self, months: UninvoicedQuerySet, name: str, state: str) -> UninvoicedQuerySet:
        """Keep months that are blocked, or those that are ready."""
        return months.filter(is_blocked=state == "blocked")


class UninvoicedTable(ListTable):
    """A table of months without an invoice, the latest first."""

    title = CellColumn(
        template_name="invoices/uninvoiced/_organization_cell.html",
        verbose_name=_("Organization"),
        order_by=("title", "-month", "pk"),
        attrs={"td": {"class": "cell-title"}},
    )
    month = tables.Column(
        verbose_name=_("Month"),
        order_by=("month", "pk"),
        attrs={"td": {"class": "text-nowrap"}},
    )
    amount = tables.Column(
        verbose_name=_("Amount before tax"), order_by=("currency", "amount", "pk"), attrs=NUMBER
    )
    state = CellColumn(
        template_name="invoices/uninvoiced/_state_cell.html",
        verbose_name=_("Status"),
        order_by=("is_blocked", "pk"),
        extra=lambda month, table: {"blockers": list(table.fixes.of_month(month))},
    )

    class Meta:
        order_by = "-month"
        order_by_field = "sort"
        empty_text = _("No months found")

    def __init__(self, months: Any, *, back: str, **options: Any) -> None:
        self._back = back
        super().__init__(months, **options)

    @property
    def fixes(self) -> Fixes:
        """The blockers of the rows of the page, read once."""
        if not hasattr(self, "_fixes"):
            rows = [row.record for row in self.paginated_rows]
            blocked = {each.organization for each in rows if each.is_blocked}
            self._fixes = Fixes(blocked, self._back)
        return self._fixes

    def render_month(self, value: date) -> str:
        """Name the month."""
        return capfirst(date_format(value, "F Y"))

    def render_amount(self, value: Decimal, record: UninvoicedMonth) -> str:
        """Format the amount with its currency."""
        return format_money(value, record.currency)


def export_rows(months: QuerySet[Any]) -> Iterator[list[Cell]]:
    """Yield months as cells for `EXPORT_COLUMNS`. Blockers are texts separated by semicolons."""
    for each in months.iterator(ROWS_A_FETCH):
        refusals = [recall(name, details) for name, details in each.blockers]
        yield [
            each.title,
            Month(each.month.year, each.month.month, 1),
            each.currency,
            exact(each.amount, each.currency),
            each.unpriced,
            each.is_blocked,
            "; ".join(str(refusal) for refusal in refusals if refusal) or None,
            each.as_of,
        ]
