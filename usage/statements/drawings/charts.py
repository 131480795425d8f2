"""Prepare charts of costs: a bar per tariff, and columns per day or month stacked by tariff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from babel.numbers import format_percent
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

from rating.daily_costs import Costs
from rating.money import in_major_units, minor_digits
from tariffs.money import format_money
from usage.statements.drawings.palette import OTHER, Key
from usage.statements.drawings.scale import Tick, day_ticks, month_ticks, percent

# The drawn share of a column's width; the rest is the gap.
COLUMN_SHARE = 0.8
# Even numbers, so that half of the top is a whole number of minor units too.
ROUND_TOPS = (2, 4, 6, 8, 10, 12, 16, 20, 24, 30, 40, 50, 60, 80)


@dataclass(frozen=True, slots=True)
class Series:
    """The costs drawn in one colour: of one tariff, or of all tariffs without their own colour.

    `minors` are the costs of each day or month in minor units.
    """

    name: str
    letter: str
    colour: int
    minors: Sequence[int]

    @property
    def minor(self) -> int:
        """The sum, in minor units."""
        return sum(self.minors)


class TariffBar(NamedTuple):
    """One bar of the costs by tariff; its width is its share of all."""

    series: Series
    amount: Decimal
    width: str
    share: str


class ColumnSegment(NamedTuple):
    """The part of a column that belongs to one series."""

    y: str
    height: str
    colour: int
    text: str


class Column(NamedTuple):
    """A day or a month: its segments from the bottom up, and its amounts for the table."""

    x: str
    width: str
    text: str
    total: Decimal
    amounts: list[Decimal]
    segments: list[ColumnSegment]


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that is drawn for one currency. `top` is the amount at the top of the scale."""

    currency: str
    by_month: bool
    total: Decimal
    series: list[Series]
    bars: list[TariffBar]
    columns: list[Column]
    ticks: list[Tick]
    top: Decimal
    middle: Decimal
    highest: Column


def charts_of(costs: Costs, keys: Mapping[int, Key]) -> list[Chart]:
    """Return a chart for each currency with an amount to pay, in order of its code."""
    minors = costs.by_tariff()
    currencies = sorted({keys[tariff_id].tariff.currency for tariff_id in minors})
    return [_chart(costs, currency, _series(currency, minors, keys)) for currency in currencies]


def _series(
    currency: str, minors: Mapping[int, list[int]], keys: Mapping[int, Key]
) -> list[Series]:
    """Return the series of a currency, the most expensive first, and one for all other tariffs."""
    own: list[Series] = []
    other: list[Series] = []
    for tariff_id, row in minors.items():
        key = keys[tariff_id]
        if key.tariff.currency == currency:
            series = Series(key.tariff.name, key.letter, key.colour, row)
            (other if key.colour == OTHER else own).append(series)
    own.sort(key=lambda series: (-series.minor, series.name))
    if len(other) > 1:
        name = ngettext("%(number)s other tariff", "%(number)s other tariffs", len(other))
        sums = [sum(each) for each in zip(*(series.minors for series in other), strict=True)]
        other = [Series(name % {"number": len(other)}, "…", OTHER, sums)]
    return own + other


def _chart(costs: Costs, currency: str, series: list[Series]) -> Chart:
    digits = minor_digits(currency)
    totals = [sum(each) for each in zip(*(each.minors for each in series), strict=True)]
    top = round_top(max(totals))
    columns = [
        _column(costs, index, currency, series, total, top) for index, total in enumerate(totals)
    ]
    return Chart(
        currency=currency,
        by_month=costs.by_month,
        total=in_major_units(sum(totals), digits),
        series=series,
        bars=list(_bars(series, digits)),
        columns=columns,
        ticks=_ticks(costs),
        top=in_major_units(top, digits),
        middle=in_major_units(top // 2, digits),
        highest=columns[totals.index(max(totals))],
    )


def _bars(series: Sequence[Series], digits: int) -> Iterable[TariffBar]:
    total = sum(each.minor for each in series)
    locale = to_locale(get_language() or "en")
    for each in series:
        share = each.minor / total
        text = format_percent(max(share, 0.01), locale=locale)
        yield TariffBar(
            each,
            in_major_units(each.minor, digits),
            percent(100 * share),
            text if share >= 0.01 else f"< {text}",
        )


def _column(
    costs: Costs, index: int, currency: str, series: Sequence[Series], total: int, top: int
) -> Column:
    digits = minor_digits(currency)
    width = 100 / len(costs.starts)
    text = _date_text(costs.starts[index], costs.by_month)
    minors = [each.minors[index] for each in series]
    segments = [
        ColumnSegment(
            y=percent(100 - 100 * until / top),
            height=percent(100 * minor / top),
            colour=each.colour,
            text=_("%(date)s, %(tariff)s: %(amount)s of %(total)s")
            % {
                "date": text,
                "tariff": each.name,
                "amount": format_money(in_major_units(minor, digits), currency),
                "total": format_money(in_major_units(total, digits), currency),
            },
        )
        for each, minor, until in zip(series, minors, accumulate(minors), strict=True)
        if minor
    ]
    return Column(
        x=percent(width * (index + (1 - COLUMN_SHARE) / 2)),
        width=percent(width * COLUMN_SHARE),
        text=text,
        total=in_major_units(total, digits),
        amounts=[in_major_units(minor, digits) for minor in minors],
        segments=segments,
    )


def _date_text(day: date, by_month: bool) -> str:
    # Translators: a month in a sentence or a table, in Django's notation: October 2026
    return date_format(day, _("F Y") if by_month else "DATE_FORMAT")


def _ticks(costs: Costs) -> list[Tick]:
    write = month_ticks if costs.by_month else day_ticks
    return write(costs.starts, lambda index: 100 * (index + 0.5) / len(costs.starts))


def round_top(minor: int) -> int:
    """Return a round even number of minor units, not less than `minor`."""
    scale = 1
    while ROUND_TOPS[-1] * scale < minor:
        scale *= 10
    return next(top * scale for top in ROUND_TOPS if top * scale >= minor)
