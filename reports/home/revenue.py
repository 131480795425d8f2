"""The monthly recurring revenue by currency, and how it changed, as Home draws it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rating.money import in_major_units, minor_digits
from rating.periods import month_of
from reports.figures.drawing import Drawing, Number, Row, Series, places_of, rectangles_of, top_of
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
    """The revenue in one currency: in the last month, by month, and its changes by month."""

    currency: str
    last: MonthSum
    by_month: Drawing
    changes: Drawing


class Revenues(NamedTuple):
    """What Home shows of revenue. `as_of` is None while nothing has been added up.

    `is_behind` says that some changes are not included yet.
    """

    of_currency: list[Revenue]
    last_month: date
    as_of: datetime | None
    is_behind: bool


def revenues(today: date) -> Revenues:
    """Return the revenue of the last `MONTHS_SHOWN` months that are over."""
    months = months_before(today)
    found = MonthSum.objects.by_currency(months)
    sums = [each for of_month in found.values() for each in of_month.values()]
    return Revenues(
        [_revenue(currency, of_month, months) for currency, of_month in found.items()],
        months[-1],
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
    return Revenue(
        currency,
        sums[-1],
        _drawing(
            f"revenue-{currency}",
            _("Monthly recurring revenue, %(currency)s") % {"currency": currency},
            amounts,
            months,
            currency,
        ),
        _drawing(
            f"changes-{currency}",
            _("Change of monthly recurring revenue, %(currency)s") % {"currency": currency},
            changes,
            months,
            currency,
        ),
    )


def _drawing(
    slug: str, title: str, series: Sequence[Series], months: list[date], currency: str
) -> Drawing:
    texts = [date_format(month, _("F Y")) for month in months]
    top = top_of(series, in_major_units(1, minor_digits(currency)))
    is_signed = any(each.is_lost for each in series)

    def write(value: Number) -> str:
        return format_money(Decimal(value), currency)

    def written(each: Series, index: int) -> str:
        value = each.values[index]
        return write(-value if each.is_lost else value) if value else "–"

    middle, bottom = (Decimal(0), -top) if is_signed else (top / 2, Decimal(0))
    return Drawing(
        slug,
        title,
        series if len(series) > 1 else [],
        rectangles_of(series, texts, top, write),
        # Half of them, because amounts leave less width than the costs on Usages do.
        month_ticks(months, places_of(months))[::2],
        (write(top), write(middle), write(bottom)),
        _("Month"),
        [each.name for each in series],
        [Row(text, [written(each, index) for each in series]) for index, text in enumerate(texts)],
    )
