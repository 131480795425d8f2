"""The results of a simulation as a list, and as rows of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, ClassVar

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.db.models.functions import Abs
from django.utils.translation import gettext_lazy as _

from foundation.lists.exports import Cell
from foundation.lists.filters import search_filter
from foundation.lists.pages import CellColumn, CostlyRows, ListTable
from invoices.tables import NUMBER
from rating.money import minor_digits
from reports.simulation.models import SimulatedCost
from tariffs.money import format_money

EXPORT_COLUMNS = (
    "organization",
    "currency",
    "first_day",
    "last_day",
    "cameras_that_differ",
    "now",
    "with_change",
    "difference",
    "incomplete",
)


class CostFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filter by organization; without a choice, show those whose amount differs."""

    ALL = "all"
    q = search_filter(_("Organization, owner or contract number"), _("Organization"))
    show = django_filters.ChoiceFilter(
        label=_("Show"),
        empty_label=_("Those that differ"),
        choices=[(ALL, _("All"))],
        method="shown",
    )

    class Meta:
        model = SimulatedCost
        fields: ClassVar[list[str]] = []

    def search(self, costs: Any, name: str, text: str) -> Any:
        """Keep those of organizations that match."""
        return costs.search(text)

    def shown(self, costs: Any, name: str, choice: str) -> Any:
        """Keep all; see `filter_queryset`."""
        return costs

    def filter_queryset(self, queryset: Any) -> Any:
        """Leave out those that do not differ, unless all are asked for."""
        found = super().filter_queryset(queryset)
        return found if self.data.get("show") == self.ALL else found.exclude(difference=0)


class CostTable(ListTable):
    """The costs of organizations, the largest difference first."""

    organization = CellColumn(
        template_name="reports/simulation/_organization_cell.html",
        verbose_name=_("Organization"),
        order_by=("organization__title", "pk"),
        attrs={"td": {"class": "cell-title"}},
    )
    cameras = tables.Column(
        verbose_name=_("Cameras that differ"), order_by=("cameras", "pk"), attrs=NUMBER
    )
    before = tables.Column(
        verbose_name=_("Now"), order_by=("currency", "before", "pk"), attrs=NUMBER
    )
    after = tables.Column(
        verbose_name=_("With the change"), order_by=("currency", "after", "pk"), attrs=NUMBER
    )
    difference = CellColumn(
        template_name="reports/simulation/_difference_cell.html",
        verbose_name=_("Difference"),
        order_by=("currency", "difference", "pk"),
        attrs=NUMBER,
    )

    class Meta:
        model = SimulatedCost
        fields: ClassVar[tuple[str, ...]] = ()
        order_by_field = "sort"
        empty_text = _("No organizations found")

    def __init__(self, costs: QuerySet[SimulatedCost], *, is_forecast: bool, **kwargs: Any) -> None:
        rows = costs.select_related("organization").order_by(Abs("difference").desc(), "pk")
        super().__init__(CostlyRows(rows), **kwargs)
        if is_forecast:
            self.columns["before"].column.verbose_name = _("So far")
            self.columns["after"].column.verbose_name = _("At the end of the month")

    def render_before(self, value: Decimal, record: SimulatedCost) -> str:
        """Format the amount."""
        return format_money(value, record.currency)

    def render_after(self, value: Decimal, record: SimulatedCost) -> str:
        """Format the amount."""
        return format_money(value, record.currency)


def export_rows(costs: Iterable[SimulatedCost]) -> Iterator[list[Cell]]:
    """Yield the cells of `EXPORT_COLUMNS` for each result; amounts have the currency's decimals."""
    for each in costs:
        places = Decimal(1).scaleb(-minor_digits(each.currency))
        amounts = (each.before, each.after, each.difference)
        yield [
            each.organization.title,
            each.currency,
            each.simulation.period.start,
            each.simulation.period.last,
            each.cameras,
            *(amount.quantize(places) for amount in amounts),
            each.is_incomplete,
        ]
