"""docs/pricing.md read a second time: date by date, slowly, in fractions.

It shares no code with `rating.pricing` and works another way round. It never asks a calendar
for an instant: it looks what date a zone's clock shows at an instant. It never cuts an interval:
it asks of each date how much of it an interval has used, and puts dates of one month and one
price together. What it has put together it rounds as the rules say: everything so far at a rate,
less everything before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from math import floor
from zoneinfo import ZoneInfo

QUARTER_HOUR, HOUR = 900, 3600
# A date and the zone from then on; the first one applies from the beginning.
Zones = tuple[tuple[date, str], ...]


@dataclass(frozen=True)
class Plan:
    """A tariff: `unit` is second, day or begun_day; prices by date, in order."""

    unit: str
    prices: tuple[tuple[date, Decimal], ...]


@dataclass(frozen=True)
class Case:
    """A question: dates inclusive as people say them, instants in seconds since 1970.

    `usages` are the intervals of one camera, in order: which of `plans`, from, to.
    """

    zones: Zones
    first: date
    last: date
    as_of: int
    trial: tuple[date, date] | None
    digits: int
    plans: tuple[Plan, ...]
    usages: tuple[tuple[int, int, int | None], ...]


@dataclass(frozen=True)
class ReferenceLine:
    """What one usage interval owes in one month at one price."""

    plan: int
    month: date
    used: int
    trial: int
    suspended: int
    month_length: int
    amount: Decimal | None


@cache
def clock_of(zone: str) -> ZoneInfo:
    """Return a time zone. Python itself remembers eight only."""
    return ZoneInfo(zone)


@lru_cache(maxsize=200_000)
def shown(day: date, zone: str) -> int:
    """Return the first instant at which the zone's clock shows `day` or a later date.

    Every quarter of an hour is looked at: since 2000, all offsets from UTC are whole ones. It is
    enough to begin some hours before the midnight of the zone's offset on that day.
    """
    clock = clock_of(zone)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    offset = midnight.astimezone(clock).utcoffset() or timedelta(0)
    instant = int((midnight - offset).timestamp()) - 4 * HOUR
    assert datetime.fromtimestamp(instant, clock).date() < day
    while datetime.fromtimestamp(instant, clock).date() < day:
        instant += QUARTER_HOUR
    return instant


@lru_cache(maxsize=200_000)
def begins(day: date, zones: Zones) -> int:
    """Return where a date begins: in its own zone, and not before any of the dates before it."""
    if len(zones) == 1:
        return shown(day, zones[0][1])
    week = [day - timedelta(days=number) for number in range(7)]
    return max(shown(each, [zone for since, zone in zones if since <= each][-1]) for each in week)


@lru_cache(maxsize=200_000)
def ends(day: date, zones: Zones) -> int:
    return begins(day + timedelta(days=1), zones)


def dates(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def days_of_month(day: date) -> list[date]:
    return days_from(day.replace(day=1))


@cache
def days_from(first: date) -> list[date]:
    return [each for each in dates(first, first + timedelta(days=31)) if each.month == first.month]


@lru_cache(maxsize=20_000)
def length_of(month: date, unit: str, zones: Zones) -> int:
    """Return the length of a month: in seconds, or in dates."""
    lengths = [ends(day, zones) - begins(day, zones) for day in days_of_month(month)]
    # A date that is left out, over the date line, does not count.
    return sum(lengths) if unit == "second" else len([each for each in lengths if each])


def price_on(day: date, prices: Sequence[tuple[date, Decimal]]) -> Decimal | None:
    """Return the price of the version with the latest date not after `day`."""
    before = [version for version in prices if version[0] <= day]
    return max(before, key=lambda version: version[0])[1] if before else None


def half_up(exact: Fraction, digits: int) -> Decimal:
    return Decimal(floor(exact * 10**digits + Fraction(1, 2))).scaleb(-digits)


class Answer:
    """The answer to one question, in the making."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.begun: set[date] = set()
        self.billable: dict[tuple[int, date, Fraction | None], int] = {}
        self.parts: dict[tuple[int, bool], list[list[date]]] = {}

    def lines(self) -> list[ReferenceLine]:
        """Return a line for each interval, month and price that has used something."""
        case, found = self.case, []
        month = case.first.replace(day=1)
        stop = min(case.as_of, ends(case.last, case.zones))
        # What comes before the period is added up too, but is not a line of the answer.
        before = dates(month, case.first - timedelta(days=1))
        for plan, started_at, ended_at in case.usages:
            end = stop if ended_at is None else min(ended_at, stop)
            for is_shown, days_of_part in (
                (False, before),
                (True, dates(case.first, case.last)),
            ):
                for days in self.same(plan, is_shown, days_of_part):
                    if ends(days[-1], case.zones) < started_at or begins(days[0], case.zones) > end:
                        continue
                    line = self.line(plan, days, started_at, end)
                    if line.used and is_shown:
                        found.append(line)
        return found

    def line(self, plan: int, days: list[date], start: int, end: int) -> ReferenceLine:
        """Add up what was used on dates of one month and one price."""
        case, unit = self.case, self.case.plans[plan].unit
        price, month = self.price(plan, days[0]), days[0].replace(day=1)
        used = trial = suspended = 0
        for day in days:
            time = self.used_on(day, start, end, unit)
            used += time
            if case.trial and case.trial[0] <= day <= case.trial[1]:
                trial += time
            elif self.is_suspended(day):
                suspended += time
        free = trial + suspended
        before = self.billable.get((plan, month, price), 0)
        after = self.billable[plan, month, price] = before + used - free
        length = length_of(month, unit, case.zones)
        digits = self.digits(plan)
        amount = None if used > free else Decimal(0).scaleb(-digits)
        if price is not None:
            first, second = (half_up(price * time / length, digits) for time in (before, after))
            amount = second - first
        return ReferenceLine(plan, month, used, trial, suspended, length, amount)

    def digits(self, plan: int) -> int:
        """Return the decimal places of the currency of a plan."""
        return self.case.digits

    def price(self, plan: int, day: date) -> Fraction | None:
        """Return the price of a date."""
        price = price_on(day, self.case.plans[plan].prices)
        return None if price is None else Fraction(price)

    def is_suspended(self, day: date) -> bool:
        """Return whether nothing is charged on a date."""
        return False

    def cuts_until(self, day: date) -> int:
        """Return how many further cuts there are up to a date."""
        return 0

    def same(self, plan: int, is_shown: bool, days: list[date]) -> list[list[date]]:
        """Part dates where their month or their price is another than that of the date before."""
        if (plan, is_shown) not in self.parts:
            self.parts[plan, is_shown] = self.parted(plan, days)
        return self.parts[plan, is_shown]

    def parted(self, plan: int, days: list[date]) -> list[list[date]]:
        """Do so for the first usage of a plan."""
        parts: list[list[date]] = []
        last: tuple[object, ...] | None = None
        for day in days:
            kind = day.month, self.price(plan, day), self.cuts_until(day)
            if kind != last:
                parts.append([])
            parts[-1].append(day)
            last = kind
        return parts

    def used_on(self, day: date, start: int, end: int, unit: str) -> int:
        """Return the time used on a date: seconds of it, its night, or the date once begun."""
        begin, stop = begins(day, self.case.zones), ends(day, self.case.zones)
        match unit:
            case "day":
                return 1 if max(start, begin) < stop <= end else 0
            case "begun_day":
                touched = max(start, begin) < min(end, stop)
                if day in self.begun or not touched:
                    return 0
                self.begun.add(day)
                return 1
        return max(0, min(end, stop) - max(start, begin))


def lines(case: Case) -> list[ReferenceLine]:
    """Answer a question."""
    return Answer(case).lines()
