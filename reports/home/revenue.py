"""The monthly recurring revenue by currency, and how it changed, as Home draws it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rating.money import in_major_units, minor_digits
from rating.periods import month_of
from reports.figures.drawing import Columns, Drawing, Series, drawing_of, places_of
from reports.figures.models import ChangedDates, ChangedMonth, MonthSum
from reports.figures.revenue import MONTHS_SHOWN
from tariffs.money import format_money
from usage.statements.drawings.scale import month_ticks

_NOTHING = MonthSum(
    amount=Decimal(0),
    new=Decimal(0),
    expansion=Decimal(0),
    contraction=Decimal(0),
    churn=Decimal(0),
)


class Revenue(NamedTuple):
    """The revenue in one currency by month, and its changes."""

    currency: str
    by_month: Drawing
    changes: Drawing


class Revenues(NamedTuple):
    """What Home shows of revenue. `as_of` is None while nothing has been added up.

    `is_behind` says that some changes are not included yet.
    """

    of_currency: list[Revenue]
    as_of: datetime | None
    is_behind: bool


def revenues(today: date) -> Revenues:
    """Return the revenue of the last `MONTHS_SHOWN` months that are over."""
    months = months_before(today)
    found = MonthSum.objects.by_currency(months)
    sums = [each for of_month in found.values() for each in of_month.values()]
    return Revenues(
        [_revenue(currency, of_month, months) for currency, of_month in found.items()],
        max((each.summed_at for each in sums), default=None),
        ChangedDates.objects.exists() or ChangedMonth.objects.exists(),
    )


def months_before(today: date) -> list[date]:
    """Return the first dates of the last `MONTHS_SHOWN` months that are over."""
    return [month_of(today, months_before=number).start for number in range(MONTHS_SHOWN, 0, -1)]


def _revenue(currency: str, of_month: Mapping[date, MonthSum], months: list[date]) -> Revenue:
    sums = [of_month.get(month, _NOTHING) for month in months]
    amounts = [Series(_("Revenue"), "", 1, [each.amount for each in sums])]
    changes = [
        Series(pgettext("revenue", "New"), "1", 3, [each.new for each in sums]),
        Series(_("Expansion"), "2", 1, [each.expansion for each in sums]),
        Series(_("Contraction"), "3", 2, [each.contraction for each in sums], is_lost=True),
        Series(_("Churn"), "4", 6, [each.churn for each in sums], is_lost=True),
    ]
    columns = Columns(
        _("Month"),
        [date_format(month, _("F Y")) for month in months],
        # Half of them, because amounts leave less width than the costs on Usages do.
        month_ticks(months, places_of(months))[::2],
    )
    unit = in_major_units(1, minor_digits(currency))
    title = _("Monthly recurring revenue, %(currency)s") % {"currency": currency}
    of_changes = _("Change of monthly recurring revenue, %(currency)s") % {"currency": currency}

    def write(value: Decimal) -> str:
        return format_money(value, currency)

    return Revenue(
        currency,
        drawing_of(f"revenue-{currency}", title, columns, amounts, unit, write),
        drawing_of(f"changes-{currency}", of_changes, columns, changes, unit, write),
    )
