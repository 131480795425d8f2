"""What cameras owe: the rules of docs/pricing.md, and nothing else.

Pure and exact: frozen values in, frozen values out, integers all the way to one rounding; no
database, no clock, no settings. Instants are whole seconds since 1970 in UTC. Spans are half-open.

    Period, Calendar, Terms  ->  Schedule  ->  charges of any number of usage intervals, streamed
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


class Period(NamedTuple):
    """The dates `[start, end)` of somebody's calendar."""

    start: date
    end: date

    @classmethod
    def inclusive(cls, first: date, last: date) -> Self:
        """Return the period whose last date is `last`, as people say it."""
        return cls(first, last + ONE_DAY)

    @property
    def last(self) -> date:
        """The last date in the period."""
        return self.end - ONE_DAY


class PriceVersion(NamedTuple):
    """A monthly price, exact, from a date on until the next version."""

    valid_from: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """What a tariff says of money: `prices` in order of date, `digits` as ISO 4217 has them."""

    tariff_id: int
    currency: str
    digits: int
    by_day: bool
    prices: Sequence[PriceVersion]


class Calendar:
    """The dates of a period in a time zone, as instants; docs/pricing.md, "Time"."""

    def __init__(self, zone: ZoneInfo, period: Period) -> None:
        """Lay out each date of `period` and the months it touches; time is a list as long."""
        self.period = period
        self._zone = zone
        self._first_ordinal = period.start.toordinal()
        days = range(self._first_ordinal, period.end.toordinal() + 1)
        self._starts = [self.start_of(date.fromordinal(day)) for day in days]

    def start_of(self, day: date) -> int:
        """Return the first instant of a date: midnight, or the clock change that skips it.

        Of a midnight that comes twice it is the first; one that is skipped is reckoned by the
        offset before the change, and so falls on its instant: no change since 1970 begins
        before the midnight that it skips.
        """
        return int(datetime.combine(day, time.min, self._zone).timestamp())

    def ordinal_at(self, instant: int) -> int:
        """Return the date, as an ordinal, in which an instant of the period lies.

        A date lasts until the next one begins, even where a clock set back shows its
        predecessor's again. The period's end lies in the date after it.
        """
        return self._first_ordinal + bisect_right(self._starts, instant) - 1


class Rate(NamedTuple):
    """One tariff over `[starts_at, ends_at)`, in which neither month nor price changes.

    `month_length` is in seconds or, by the day, in days; `price` is None before the tariff's
    first version. The last two are the price as a fraction of minor units, once for each unit
    of time: an amount is `numerator * billable / denominator`, rounded.
    """

    tariff_id: int
    currency: str
    digits: int
    by_day: bool
    month: date
    month_length: int
    price: Decimal | None
    starts_at: int
    ends_at: int
    numerator: int
    denominator: int


class Charge(NamedTuple):
    """What one camera owes for one piece of time; docs/pricing.md, "Amount".

    `used` and `trial` are in the rate's unit; `minor` is the amount in minor units of the
    rate's currency, None where there is no price.
    """

    camera_id: int
    rate: Rate
    started_at: int
    ended_at: int
    used: int
    trial: int
    minor: int | None

    @property
    def billable(self) -> int:
        """The time to be paid."""
        return self.used - self.trial

    @property
    def amount(self) -> Decimal | None:
        """The amount in the currency's major unit."""
        return None if self.minor is None else in_major_units(self.minor, self.rate.digits)


class Usage(NamedTuple):
    """One camera on one tariff over `[started_at, ended_at)`; no end: still in use."""

    camera_id: int
    tariff_id: int
    started_at: int
    ended_at: int | None


def in_major_units(minor: int, digits: int) -> Decimal:
    """Return `minor` units as an exact amount with `digits` decimal places."""
    return Decimal(minor).scaleb(-digits)


def rounded_half_up(numerator: int, denominator: int) -> int:
    """Round the non-negative fraction to a whole number, halves up: the one rounding there is."""
    return (2 * numerator + denominator) // (2 * denominator)


class Schedule:
    """All that decides an organization's charges in a period, but the usage itself."""

    def __init__(
        self,
        *,
        zone: ZoneInfo,
        period: Period,
        as_of: int,
        trial: Period | None,
        terms: Iterable[Terms],
    ) -> None:
        """Lay out the period. Each tariff's rates are cut when its first usage comes.

        Time after `as_of` is left out of every rate, so no use is counted past it.
        """
        self.calendar = Calendar(zone, period)
        self.starts_at = self.calendar.start_of(period.start)
        self.ends_at = min(self.calendar.start_of(period.end), as_of)
        self._trial_days = _ordinals(trial)
        self._trial_seconds = _instants(trial, self.calendar)
        self._terms = {each.tariff_id: each for each in terms}
        self._rates: dict[int, list[Rate]] = {}

    def charges(
        self, usages: Iterable[Usage | tuple[int, int, int, int | None]]
    ) -> Iterator[Charge]:
        """Yield the charges of each usage interval in turn, in order of time.

        Raises:
            KeyError: an interval has a tariff that the schedule was not given.
        """
        for camera_id, tariff_id, started_at, ended_at in usages:
            start = max(started_at, self.starts_at)
            end = self.ends_at if ended_at is None else min(ended_at, self.ends_at)
            if start >= end:
                continue
            rates = self._rates.get(tariff_id)
            if rates is None:
                rates = self._rates[tariff_id] = self._cut(self._terms[tariff_id])
            for index in range(_last_begun(rates, start), len(rates)):
                rate = rates[index]
                if rate.starts_at >= end:
                    break
                charge = self._charge(
                    camera_id, rate, max(start, rate.starts_at), min(end, rate.ends_at)
                )
                if charge.used:
                    yield charge

    def _charge(self, camera_id: int, rate: Rate, start: int, end: int) -> Charge:
        if rate.by_day:
            since, until = self.calendar.ordinal_at(start), self.calendar.ordinal_at(end)
            trial_since, trial_until = self._trial_days
        else:
            since, until = start, end
            trial_since, trial_until = self._trial_seconds
        used = until - since
        trial = max(0, min(until, trial_until) - max(since, trial_since))
        minor = (
            None
            if rate.price is None
            else rounded_half_up(rate.numerator * (used - trial), rate.denominator)
        )
        return Charge(camera_id, rate, start, end, used, trial, minor)

    def _cut(self, terms: Terms) -> list[Rate]:
        """Cut the period at the first instants of months and of the tariff's price versions."""
        period = self.calendar.period
        changes = {version.valid_from for version in terms.prices}
        cuts = sorted({*_month_starts(period), *changes})
        days = [period.start, *(day for day in cuts if period.start < day < period.end), period.end]
        return [
            rate
            for start, end in pairwise(days)
            if (rate := self._rate(terms, start, end)).starts_at < rate.ends_at
        ]

    def _rate(self, terms: Terms, start: date, end: date) -> Rate:
        month, next_month = start.replace(day=1), _next_month(start)
        begin_of = self.calendar.start_of
        if terms.by_day:
            month_length = (next_month - month).days
        else:
            month_length = begin_of(next_month) - begin_of(month)
        price = _price_on(terms.prices, start)
        numerator, denominator = (price or Decimal(0)).as_integer_ratio()
        return Rate(
            tariff_id=terms.tariff_id,
            currency=terms.currency,
            digits=terms.digits,
            by_day=terms.by_day,
            month=month,
            month_length=month_length,
            price=price,
            starts_at=begin_of(start),
            ends_at=min(begin_of(end), self.ends_at),
            numerator=numerator * 10**terms.digits,
            denominator=denominator * month_length,
        )


def _last_begun(rates: Sequence[Rate], instant: int) -> int:
    """Return the index of the last rate begun at `instant`, which the first one has."""
    return bisect_right(rates, instant, key=_begins) - 1


def _begins(rate: Rate) -> int:
    return rate.starts_at


def _price_on(versions: Sequence[PriceVersion], day: date) -> Decimal | None:
    """Return the price of the latest version not after `day`; None before the first."""
    index = bisect_right(versions, day, key=lambda version: version.valid_from)
    return versions[index - 1].amount if index else None


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _month_starts(period: Period) -> Iterator[date]:
    """Yield the first date of each month that begins in the period after its start."""
    month = _next_month(period.start)
    while month < period.end:
        yield month
        month = _next_month(month)


def _ordinals(trial: Period | None) -> tuple[int, int]:
    return (trial.start.toordinal(), trial.end.toordinal()) if trial else (0, 0)


def _instants(trial: Period | None, calendar: Calendar) -> tuple[int, int]:
    return (calendar.start_of(trial.start), calendar.start_of(trial.end)) if trial else (0, 0)


def epoch(instant: datetime) -> int:
    """Return an aware datetime as whole seconds since 1970, fractions dropped."""
    return int(instant.timestamp() // 1)


def instant_of(seconds: int, zone: ZoneInfo) -> datetime:
    """Return seconds since 1970 as a datetime in a time zone."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(zone)
