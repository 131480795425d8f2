"""Preview what an invoice run would issue, from the stored months without an invoice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from foundation.lists.pages import ROWS_A_PAGE, CellColumn
from invoices.differences.models import DeferredCorrection
from invoices.models import UninvoicedMonth
from invoices.runs import operations as runs
from invoices.tables import NUMBER
from invoices.uninvoiced.lists import UninvoicedFilter, UninvoicedTable
from organizations.models import Organization
from rating.money import Amount
from rating.periods import month_of

_NOT_SELECTED = ("month", "select")


class Correction(NamedTuple):
    """The sum of corrections in a currency, and whether they will be left out of the invoice.

    They are left out if nothing would remain to be paid, or nothing is charged in the currency.
    """

    amount: Amount
    is_left_out: bool


class NotOver(NamedTuple):
    """The organizations for which a month is not over: how many, and those that are shown.

    Each has the instant at which the month ends, and its time zone then.
    """

    number: int
    shown: Sequence[tuple[Organization, ZoneInfo, datetime]]


def not_over(month: date, now: datetime, asked: QueryDict) -> NotOver:
    """Return the organizations for which a month is not over, and of these what is asked for."""
    every = runs.not_over_in(month, now)
    number = every.count()
    if not number or asked.get("state") == "ready":
        return NotOver(number, ())
    query = asked.get("q", "").strip()
    found = (every.search(query) if query else every).order_by("title", "pk")
    some = found.prefetch_related("earlier_time_zones")[:ROWS_A_PAGE]
    ends = [(each, each.start_of(month_of(month).end)) for each in some]
    return NotOver(number, [(each, each.zone_at(end), end) for each, end in ends])


class PreviewFilter(UninvoicedFilter):
    """Filter the organizations of a run by search, currency, and whether they are ready."""

    month = None  # type: ignore[assignment]


class PreviewTable(UninvoicedTable):
    """What a run would issue to organizations, the blocked ones first."""

    select = CellColumn(
        template_name="invoices/runs/_select_cell.html",
        verbose_name=_("Select"),
        orderable=False,
        attrs={"th": {"class": "cell-select"}, "td": {"class": "cell-select"}},
    )
    amount = CellColumn(
        template_name="invoices/runs/_amount_cell.html",
        verbose_name=_("To be invoiced, before tax"),
        order_by=("currency", "amount", "pk"),
        attrs=NUMBER,
        extra=lambda month, table: {"corrections": table.corrections_of(month)},
    )

    class Meta(UninvoicedTable.Meta):
        order_by = "-state"
        sequence = ("select", "...")
        empty_text = _("No organizations found")
        template_name = "invoices/runs/_table.html"

    def __init__(self, months: Any, *, of: date, back: str, can_select: bool) -> None:
        """Show the months of a run for the month `of` this date."""
        self.month, self.can_select = of, can_select
        super().__init__(months, back=back, exclude=("month",) if can_select else _NOT_SELECTED)

    def corrections_of(self, month: UninvoicedMonth) -> list[Correction]:
        """Return the differences of earlier invoices that go onto the next invoice.

        They are as they were when these were last compared, and not included in the amount.
        """
        if not hasattr(self, "_corrections"):
            rows = [row.record for row in self.paginated_rows]
            self._corrections = _corrections_by_row(rows)
        return self._corrections[month.pk]


def _corrections_by_row(months: Collection[UninvoicedMonth]) -> dict[int, list[Correction]]:
    deferred = _deferred({each.organization_id for each in months})
    charged = {(each.organization_id, each.currency) for each in months}
    found: dict[int, list[Correction]] = defaultdict(list)
    for month in months:
        for each in deferred[month.organization_id]:
            is_own = each.currency == month.currency
            if is_own or (month.organization_id, each.currency) not in charged:
                is_left_out = not is_own or month.amount + each.number <= 0
                found[month.pk].append(Correction(each, is_left_out))
    return found


def _deferred(organizations: Collection[int]) -> dict[int, list[Amount]]:
    """Return the known differences that go onto the next invoice, by organization and currency."""
    rows: Any = (
        DeferredCorrection.objects.filter(organization__in=organizations)
        .order_by("organization", "invoice__currency")
        .values_list("organization", "invoice__currency")
        .annotate(Sum("invoice__difference__amount"))
    )
    found: dict[int, list[Amount]] = defaultdict(list)
    for organization, currency, amount in rows:
        if amount:
            found[organization].append(Amount(amount, currency))
    return found
