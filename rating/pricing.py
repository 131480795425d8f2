"""Calculate what cameras owe, by the rules of docs/pricing.md and nothing else.

Pure and exact: frozen values in, frozen values out; integers up to a single rounding; no database,
no clock, no settings. Instants are whole seconds since 1970 in UTC. Spans are half-open.

    Period, Calendar, Terms  ->  Schedule  ->  a stream of charges for any number of usage intervals
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rating.money import Amount, in_major_units
from rating.periods import Calendar, Period, next_month


class PriceVersion(NamedTuple):
    """An exact monthly price, valid from a date until the next version."""

    valid_from: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """The price terms of a tariff.

    `prices` are in order of date; `digits` is the number of decimal places in ISO 4217.
    """

    tariff_id: int
    currency: str
    digits: int
    by_day: bool
    prices: Sequence[PriceVersion]


# Compared by identity, a rate is a cheap dictionary key when millions of charges are added up.
@dataclass(frozen=True, slots=True, eq=False)
class Rate:
    """One tariff over `[starts_at, ends_at)`, within one month and at one price.

    `month_length` is in seconds or, if prorated by day, in days. `price` is None before the
    tariff's first version. `numerator / denominator` is the price of one unit of time in minor
    units. The denominator is even, and `half` is half of it. An amount is
    `numerator * billable / denominator`, rounded half up.
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
    half: int


class Charge(NamedTuple):
    """What one camera owes for one piece of time; docs/pricing.md, "Amount".

    `used` and `trial` are in the rate's unit. `minor` is the amount in minor units of the rate's
    currency, or None if there is no price.
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
        """The time to be paid for, in the rate's unit."""
        return self.used - self.trial

    @property
    def amount(self) -> Amount | None:
        """The amount, or None if there is no price."""
        if self.minor is None:
            return None
        return Amount(in_major_units(self.minor, self.rate.digits), self.rate.currency)


# A charge as a plain tuple, which takes half as long to create.
Piece = tuple[int, Rate, int, int, int, int, int | None]


class Usage(NamedTuple):
    """One camera on one tariff over `[started_at, ended_at)`; without an end, it is in use."""

    camera_id: int
    tariff_id: int
    started_at: int
    ended_at: int | None


class Schedule:
    """Hold everything that determines an organization's charges in a period, except usage."""

    def __init__(
        self,
        *,
        zone: ZoneInfo,
        period: Period,
        as_of: int,
        trial: Period | None,
        terms: Iterable[Terms],
    ) -> None:
        """Prepare the period. A tariff's rates are calculated when its first usage arrives.

        Rates end at `as_of`, so no usage after it is counted.
        """
        self.calendar = Calendar(zone, period)
        self.starts_at = self.calendar.start_of(period.start)
        self.ends_at = min(self.calendar.start_of(period.end), as_of)
        first, end = trial or Period(period.start, period.start)
        self._trial_instants = self.calendar.start_of(first), self.calendar.start_of(end)
        # Counted like the dates that have begun since the period's start: its first date is 1.
        before = period.start.toordinal() - 1
        self._trial_dates = first.toordinal() - before, end.toordinal() - before
        self._terms = {each.tariff_id: each for each in terms}
        self._cuts: dict[int, tuple[list[int], list[Rate]]] = {}

    def charges(
        self, usages: Iterable[Usage | tuple[int, int, int, int | None]]
    ) -> Iterator[Charge]:
        """Yield the charges of each usage interval in turn, in order of time.

        Raises:
            KeyError: the terms of an interval's tariff are missing.
        """
        return map(Charge._make, self.pieces(usages))

    def pieces(self, usages: Iterable[Usage | tuple[int, int, int, int | None]]) -> Iterator[Piece]:
        """Yield the same as `charges`, but as plain tuples, for adding up millions.

        For speed, no function is called per charge: neither `min` nor `max`, nor `rounded_half_up`,
        whose result is computed inline. This takes a third of the time;
        docs/decisions/pricing-speed.md.
        """
        starts_at, ends_at, dates = self.starts_at, self.ends_at, self.calendar.starts
        trial_instants, trial_dates = self._trial_instants, self._trial_dates
        for camera_id, tariff_id, started_at, ended_at in usages:
            start = started_at if started_at > starts_at else starts_at
            end = ends_at if ended_at is None or ended_at > ends_at else ended_at
            begins, rates = self._cuts.get(tariff_id) or self._cut(tariff_id)
            index = bisect_right(begins, start) - 1
            while start < end:
                rate = rates[index]
                stop = end if end < rate.ends_at else rate.ends_at
                if rate.by_day:
                    since, until = bisect_right(dates, start), bisect_right(dates, stop)
                    trial_since, trial_until = trial_dates
                else:
                    since, until = start, stop
                    trial_since, trial_until = trial_instants
                if used := until - since:
                    trial = 0
                    if since < trial_until and trial_since < until:
                        trial = (until if until < trial_until else trial_until) - (
                            since if since > trial_since else trial_since
                        )
                    minor = None
                    if rate.price is not None:
                        minor = (rate.numerator * (used - trial) + rate.half) // rate.denominator
                    yield camera_id, rate, start, stop, used, trial, minor
                start = stop
                index += 1

    def trial_part(self, charge: Charge) -> tuple[int, int]:
        """Return the start and end of the trial within a charge that includes trial time."""
        trial_since, trial_until = self._trial_instants
        return max(charge.started_at, trial_since), min(charge.ended_at, trial_until)

    def rates(self, tariff_id: int) -> list[Rate]:
        """Return a tariff's rates in order of time.

        Raises:
            KeyError: the tariff's terms are missing.
        """
        return self._cut(tariff_id)[1]

    def _cut(self, tariff_id: int) -> tuple[list[int], list[Rate]]:
        """Cut the period at the first instants of months and of a tariff's price versions.

        Return the first instants of the rates, and the rates.
        """
        if tariff_id not in self._cuts:
            terms, period = self._terms[tariff_id], self.calendar.period
            months = {day for day in self.calendar.dates if day.day == 1}
            changes = {version.valid_from for version in terms.prices}
            days = sorted({period.start, *months, *changes, period.end})
            rates = [
                rate
                for start, end in pairwise(day for day in days if period.start <= day <= period.end)
                if (rate := self._rate(terms, start, end)).starts_at < rate.ends_at
            ]
            self._cuts[tariff_id] = [rate.starts_at for rate in rates], rates
        return self._cuts[tariff_id]

    def _rate(self, terms: Terms, start: date, end: date) -> Rate:
        month, month_after = start.replace(day=1), next_month(start)
        begin_of = self.calendar.start_of
        if terms.by_day:
            month_length = (month_after - month).days
        else:
            month_length = begin_of(month_after) - begin_of(month)
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
            numerator=numerator * 10**terms.digits * 2,
            denominator=denominator * month_length * 2,
            half=denominator * month_length,
        )


def _price_on(versions: Sequence[PriceVersion], day: date) -> Decimal | None:
    """Return the price of the latest version not after `day`, or None before the first."""
    index = bisect_right(versions, day, key=lambda version: version.valid_from)
    return versions[index - 1].amount if index else None
