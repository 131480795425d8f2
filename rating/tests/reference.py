"""Implement docs/pricing.md a second time: date by date, slowly, in fractions.

This shares no code with `rating.pricing` and works in the opposite direction. It never calculates
the instant at which a date begins; it checks which date a zone's clock shows at an instant. It
never cuts an interval; it measures how much of each date the interval uses, and groups the dates of
one month and one price.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import floor
from zoneinfo import ZoneInfo

QUARTER_HOUR = 900


@dataclass(frozen=True)
class Case:
    """The input of a calculation: inclusive dates, and instants in seconds since 1970."""

    zone: str
    first: date
    last: date
    as_of: int
    trial: tuple[date, date] | None
    by_day: bool
    digits: int
    prices: tuple[tuple[date, Decimal], ...]
    usages: tuple[tuple[int, int | None], ...]


@dataclass(frozen=True)
class ReferenceLine:
    """What one usage interval owes in one month at one price."""

    usage: int
    month: date
    used: int
    trial: int
    month_length: int
    amount: Decimal | None


@lru_cache(maxsize=100_000)
def begins(day: date, zone: str) -> int:
    """Return the first instant at which the zone's clock shows `day` or a later date.

    Check every quarter of an hour: since 2000, all offsets from UTC are multiples of it.
    """
    clock = ZoneInfo(zone)
    noon_before = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=36)
    instant = int(noon_before.timestamp())
    while datetime.fromtimestamp(instant, clock).date() < day:
        instant += QUARTER_HOUR
    return instant


def ends(day: date, zone: str) -> int:
    return begins(day + timedelta(days=1), zone)


def dates(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def days_of_month(day: date) -> list[date]:
    return [
        each
        for each in dates(day.replace(day=1), day.replace(day=28) + timedelta(days=4))
        if each.month == day.month
    ]


def price_on(day: date, prices: Sequence[tuple[date, Decimal]]) -> tuple[date, Decimal] | None:
    """Return the version with the latest date not after `day`."""
    before = [version for version in prices if version[0] <= day]
    return max(before, key=lambda version: version[0]) if before else None


def used_on(day: date, start: int, end: int, case: Case) -> int:
    """Return the time used on a date: in seconds, or 1 for the night in which the date ends."""
    if case.by_day:
        return 1 if start < ends(day, case.zone) <= end else 0
    return max(0, min(end, ends(day, case.zone)) - max(start, begins(day, case.zone)))


def half_up(exact: Fraction, digits: int) -> Decimal:
    return Decimal(floor(exact * 10**digits + Fraction(1, 2))).scaleb(-digits)


def lines(case: Case) -> list[ReferenceLine]:
    """Return a line for each interval, month and price version with any usage."""
    found = []
    for number, (started_at, ended_at) in enumerate(case.usages):
        end = case.as_of if ended_at is None else min(ended_at, case.as_of)
        end = min(end, ends(case.last, case.zone))
        start = max(started_at, begins(case.first, case.zone))
        groups: dict[tuple[date, date | None], list[date]] = {}
        for day in dates(case.first, case.last):
            version = price_on(day, case.prices)
            groups.setdefault((day.replace(day=1), version and version[0]), []).append(day)
        for (month, _), days in groups.items():
            line = line_of(number, month, days, start, end, case)
            if line.used:
                found.append(line)
    return found


def line_of(
    number: int, month: date, days: list[date], start: int, end: int, case: Case
) -> ReferenceLine:
    """Add up the usage on dates of one month and one price."""
    used = trial = 0
    for day in days:
        time = used_on(day, start, end, case)
        used += time
        if case.trial and case.trial[0] <= day <= case.trial[1]:
            trial += time
    whole = days_of_month(month)
    length = (
        len(whole)
        if case.by_day
        else sum(ends(day, case.zone) - begins(day, case.zone) for day in whole)
    )
    version = price_on(days[0], case.prices)
    amount = (
        half_up(Fraction(version[1]) * (used - trial) / length, case.digits) if version else None
    )
    return ReferenceLine(number, month, used, trial, length, amount)
