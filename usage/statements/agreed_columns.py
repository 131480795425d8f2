"""The last columns of usages.csv: how a price comes about, and what is not for cameras."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from foundation.lists.exports import Cell, Month, trimmed
from rating.agreement.bills import Bill
from rating.agreement.credits import CreditLine
from rating.agreement.fees import FeeLine
from rating.agreement.individual_prices import IndividualPrice
from rating.agreement.lines import Line, Section
from rating.agreement.minimums import MinimumLine
from rating.agreement.one_off import OneOffCharge, OneOffLine
from rating.agreement.price import Price
from rating.agreement.volume import VolumePrice
from rating.money import Amount, in_major_units, minor_digits
from rating.periods import Calendar, instant_of
from rating.pricing import Segment
from usage.statements.price_texts import in_places
from usage.statements.statement import Statement

AGREED_COLUMNS = (
    "suspended",
    "gross_price",
    "discount_percent",
    "price_source",
    "camera_months",
    "section",
    "text",
    "quantity",
    "reached",
)
LIST, INDIVIDUAL, VOLUME = "list", "individual", "volume"
_OF_THE_LIST: Sequence[Cell] = (None, None, "", None, Section.USAGE.value, "", None, None)


def agreed_cells(statement: Statement, segment: Segment) -> Sequence[Cell]:
    """Return the cells of charges of a segment under `AGREED_COLUMNS`, after the first.

    Those about its price are empty if it is that of the list. If it comes about in more than one
    way, all sources are named, and only what they have in common is stated.
    """
    if not statement.has_terms:
        return _OF_THE_LIST
    prices = [price for _dates, price in statement.agreed.prices_of(segment).parts]
    sources = list(dict.fromkeys(map(_source, prices)))
    grosses = {(price.gross, price.percent) for price in prices}
    bases = [price.basis for price in prices if isinstance(price.basis, VolumePrice)]
    volumes = {basis.camera_months for basis in bases}
    gross, percent = next(iter(grosses)) if len(grosses) == 1 else (None, Decimal(0))
    return (
        trimmed(gross, segment.rate.digits) if gross is not None and percent else None,
        trimmed(percent, 0) if percent else None,
        "" if sources == [LIST] else "; ".join(sources),
        in_places(next(iter(volumes))) if len(volumes) == 1 else None,
        Section.USAGE.value,
        "",
        None,
        None,
    )


def _source(price: Price) -> str:
    match price.basis:
        case IndividualPrice():
            return INDIVIDUAL
        case VolumePrice():
            return VOLUME
    return LIST


def section_rows(
    statement: Statement, bills: Iterable[Bill], columns: Sequence[str]
) -> Iterator[list[Cell]]:
    """Yield a row for each line that is not for cameras, so that all amounts add up to the total.

    The first column is the title of the organization.
    """
    title, calendar = statement.organization.title, statement.schedule.calendar
    for bill in bills:
        for line in bill.lines:
            if line.section is not Section.USAGE:
                yield [title, *section_row(calendar, line, columns[1:])]


def section_row(calendar: Calendar, line: Line, columns: Sequence[str]) -> list[Cell]:
    """Return the cells of a line that is not for cameras; those that it does not have are empty."""
    cells = _common(calendar, line) | _CELLS[type(line)](line)
    return [*map(cells.get, columns)]


def _common(calendar: Calendar, line: Line) -> dict[str, Cell]:
    dates = line.dates
    start, end = (_start_of(calendar, day) for day in dates)
    return {
        "currency": line.currency,
        "month": Month(dates.start.year, dates.start.month, 1),
        "from": start,
        "to": end,
        "amount": in_major_units(line.minor, minor_digits(line.currency)),
        "section": line.section.value,
    }


@lru_cache(maxsize=1024)
def _start_of(calendar: Calendar, day: date) -> datetime:
    """Return the start of a date. Lines of many statements begin and end on the same dates."""
    instant = calendar.start_of(day)
    return instant_of(instant, calendar.zone_at(instant))


def _fee(line: FeeLine) -> dict[str, Cell]:
    return {
        "text": line.fee.name,
        "price": _number(line.fee.amount),
        "used": line.dates.days,
        "billable": line.days,
        "billable_before": line.before,
        "month_length": line.month_days,
        "unit": "day",
    }


def _one_off(line: OneOffLine) -> dict[str, Cell]:
    return _charge(line.charge)


def _credit(line: CreditLine) -> dict[str, Cell]:
    return _charge(line.credit)


def _charge(charge: OneOffCharge) -> dict[str, Cell]:
    return {
        "text": charge.text,
        "price": _number(charge.each),
        "quantity": trimmed(charge.quantity, 0),
    }


def _minimum(line: MinimumLine) -> dict[str, Cell]:
    month, digits = line.dates.days, minor_digits(line.currency)
    cells: dict[str, Cell] = {
        "used": month,
        "billable": sum(days for _minimum, days in line.parts),
        "month_length": month,
        "unit": "day",
        "reached": in_major_units(line.reached, digits),
    }
    if len(line.parts) == 1:
        return cells | {"price": _number(line.parts[0][0].amount)}
    parts = (f"{_number(each.amount):f} × {days}/{month}" for each, days in line.parts)
    return cells | {"text": " + ".join(parts)}


def _number(amount: Amount) -> Decimal:
    return trimmed(amount.number, minor_digits(amount.currency))


_CELLS: Mapping[type, Callable[[Any], dict[str, Cell]]] = {
    FeeLine: _fee,
    OneOffLine: _one_off,
    MinimumLine: _minimum,
    CreditLine: _credit,
}
