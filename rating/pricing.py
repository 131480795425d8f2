"""Calculate what cameras owe, by the rules of docs/pricing.md and nothing else.

Pure and exact: frozen values in, frozen values out; integers until an amount is rounded; no
database, no clock, no settings. Instants are whole seconds since 1970 in UTC. Spans are half-open.

    Period, Calendar, Terms  ->  Schedule  ->  a stream of charges for any number of usage intervals
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple, Protocol

from rating.free_time import FreeTime
from rating.money import Amount, in_major_units, rounded_half_up
from rating.periods import Period, ZoneVersion, calendar_of, months_of, next_month
from rating.price_versions import PriceVersion, changes, price_on


class Unit(StrEnum):
    """The unit in which a tariff charges part of a month; docs/pricing.md, "Amount"."""

    SECOND = "second"
    DAY = "day"
    BEGUN_DAY = "begun_day"


@dataclass(frozen=True, slots=True)
class Terms:
    """The price terms of a tariff.

    `prices` are in order of date; `digits` is the number of decimal places in ISO 4217.
    """

    tariff_id: int
    currency: str
    digits: int
    unit: Unit
    prices: Sequence[PriceVersion]


class Prices(Protocol):
    """What is paid for a tariff in a calendar: `versions` without steps, in order of date.

    They are compared by identity. Organizations with the same ones share the segments.
    """

    versions: Sequence[PriceVersion]
    is_list: bool
    """Whether nothing but the list determines them."""


class PriceSource(Protocol):
    """Determines what an organization pays for tariffs."""

    def of(self, terms: Terms) -> Prices:
        """Return the prices of a tariff."""


class VolumeNotCountedError(ValueError):
    """A price depends on the volume of a month, and the volume was not counted."""


# Compared by identity, a rate is a cheap dictionary key when millions of charges are added up.
@dataclass(frozen=True, slots=True, eq=False)
class Rate:
    """One price of one tariff in one calendar month.

    Time is counted in days if `by_day`, else in seconds; so is `month_length`. `price` is None
    before the tariff's first version. `numerator / denominator` is the price of one unit of time
    in minor units. The denominator is even, and `half` is half of it. Billable time comes to
    `numerator * billable / denominator`, rounded half up.
    """

    tariff_id: int
    currency: str
    digits: int
    unit: Unit
    by_day: bool
    month: date
    month_length: int
    price: Decimal | None
    numerator: int
    denominator: int
    half: int

    def minor(self, billable: int) -> int:
        """Return what billable time costs, in minor units, rounded."""
        return rounded_half_up(self.numerator * billable, self.denominator)


# Compared by identity, as a rate is.
@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """The dates of `period`, in which one rate applies to a tariff without a cut.

    Their instants are `[starts_at, ends_at)`; the last date may not be over. A rate has several
    segments if its price returns within a month, or if something else cuts it there.
    """

    starts_at: int
    ends_at: int
    period: Period
    rate: Rate


# What pricing takes from a segment and its rate, as a plain tuple, which is unpacked faster: where
# the segment ends, the segment, the rate, its unit, numerator (None without a price), half and
# denominator, and the instants at which the rate's first segment starts and its last one ends.
_Cut = tuple[int, Segment, Rate, Unit, int | None, int, int, int, int]
# The first instants of a tariff's segments, and what pricing takes from each.
_Cuts = tuple[list[int], list[_Cut]]


class Charge(NamedTuple):
    """What one camera owes for one piece of time; docs/pricing.md, "Amount".

    `used`, `trial`, `suspended` and `before` are in the rate's unit. `before` is what was already
    billable at the rate, from the month's first instant up to this piece. `minor` is the amount in
    minor units of the rate's currency, or None if something is billable and there is no price.
    """

    camera_id: int
    segment: Segment
    started_at: int
    ended_at: int
    used: int
    trial: int
    suspended: int
    before: int
    minor: int | None

    @property
    def rate(self) -> Rate:
        """The rate of the charge."""
        return self.segment.rate

    @property
    def billable(self) -> int:
        """The time to be paid for, in the rate's unit."""
        return self.used - self.trial - self.suspended

    @property
    def amount(self) -> Amount | None:
        """The amount, or None if the charge is unpriced."""
        if self.minor is None:
            return None
        return Amount(in_major_units(self.minor, self.rate.digits), self.rate.currency)


# A charge as a plain tuple, which takes half as long to create.
Piece = tuple[int, Segment, int, int, int, int, int, int, int | None]


class Usage(NamedTuple):
    """One camera on one tariff over `[started_at, ended_at)`; without an end, it is in use."""

    camera_id: int
    tariff_id: int
    started_at: int
    ended_at: int | None


@dataclass(slots=True)
class Counted:
    """What has already been counted for the current camera: billable time by rate, and begun days.

    Mostly a camera has one rate that usage cuts, so the last such rate is kept in `rate`, with its
    `rate_billable`, and only others in `billable`.

    The dates of the camera `days_of` up to the one numbered `days - 1` are counted, as numbered by
    the calendar. Pass the same object with every batch of usage, in order of camera and time.
    """

    camera_id: int | None = None
    rate: Rate | None = None
    rate_billable: int = 0
    billable: dict[Rate, int] = field(default_factory=dict)
    days_of: int | None = None
    days: int = 0


class Schedule:
    """Hold everything that determines an organization's charges in a period, except usage.

    Usage is needed from `reads_from` on, the first instant of the month in which the period starts:
    charges are rounded cumulatively from there.
    """

    def __init__(
        self,
        *,
        zones: Sequence[ZoneVersion],
        period: Period,
        as_of: int,
        trial: Period | None,
        terms: Iterable[Terms],
        cuts: Iterable[date] = (),
    ) -> None:
        """Prepare the period. A tariff's segments are calculated when its first usage arrives.

        Segments end at `as_of`, so no usage after it is counted. `cuts` are dates at which charges
        are cut although no price changes, for example because the tax does.
        """
        self.period, self.as_of, self.used_until = period, as_of, as_of
        self.calendar = calendar_of(tuple(zones), Period(period.start.replace(day=1), period.end))
        self.reads_from = self.calendar.starts[0]
        self.starts_at = self.calendar.start_of(period.start)
        self.ends_at = min(self.calendar.start_of(period.end), as_of)
        self.free_time = FreeTime(self.calendar, trial)
        self.terms = {each.tariff_id: each for each in terms}
        self.dates_cut = frozenset(cuts)
        first, end = dates = self.calendar.period
        further = filter(dates.includes, {*months_of(dates), *self.dates_cut})
        self._always_cut = {first, period.start, *further, end}
        self._prices: PriceSource | None = None
        self._by_list: Schedule | None = None
        self._cuts: dict[int, _Cuts] = {}
        self._cuts_of_prices: dict[Prices, _Cuts] = {}

    def with_trial(self, trial: Period | None) -> Schedule:
        """Return a schedule for another trial. Both share the calendar and the segments."""
        return self.with_free_time(FreeTime(self.calendar, trial))

    def with_free_time(self, free_time: FreeTime) -> Schedule:
        """Return a schedule for other free time. Both share the calendar and the segments."""
        other = copy(self)
        other.free_time = free_time
        return other

    def with_usage_until(self, instant: int) -> Schedule:
        """Return a schedule that counts no usage after an instant, but all dates until `as_of`."""
        other = copy(self)
        other.used_until = min(self.used_until, instant)
        other.ends_at = min(self.ends_at, instant)
        # Segments end there too.
        other._cuts, other._cuts_of_prices = {}, {}
        return other

    def with_prices(self, prices: PriceSource) -> Schedule:
        """Return a schedule with other prices. Both share the calendar.

        They also share the segments of tariffs whose prices are those of the list, and all
        schedules made from this one share those of tariffs with the same prices.
        """
        other = copy(self)
        other._prices, other._by_list, other._cuts = prices, self, {}
        return other

    def charges(
        self, usages: Iterable[Usage | tuple[int, int, int, int | None]]
    ) -> Iterator[Charge]:
        """Yield the charges of each usage interval in turn, in order of time.

        The intervals of one camera come together, in order of time.

        Raises:
            KeyError: the terms of an interval's tariff are missing.
            VolumeNotCountedError: its price depends on a volume that was not counted.
        """
        return map(Charge._make, self.pieces(usages, Counted()))

    def pieces(
        self, usages: Iterable[Usage | tuple[int, int, int, int | None]], counted: Counted
    ) -> Iterator[Piece]:
        """Yield the same as `charges`, but as plain tuples, for adding up millions.

        For speed, no function is called per charge: neither `min` nor `max`, nor `Rate.minor`,
        whose result is computed inline. This takes a third of the time;
        docs/decisions/pricing-speed.md.
        """
        starts_at, ends_at, reads_from = self.starts_at, self.ends_at, self.reads_from
        dates, second, day = self.calendar.begins, Unit.SECOND, Unit.DAY
        free_instants, free_dates = self.free_time.instants, self.free_time.dates
        instants_around, dates_around = free_instants.around, free_dates.around
        is_suspended = bool(self.free_time.suspended)
        last_camera, billable = counted.camera_id, counted.billable
        last_rate, last_billable = counted.rate, counted.rate_billable
        for camera, tariff_id, started_at, ended_at in usages:
            if camera != last_camera:
                last_camera, last_rate = camera, None
                if billable:
                    billable.clear()
            start = started_at if started_at > reads_from else reads_from
            end = ends_at if ended_at is None or ended_at > ends_at else ended_at
            begins, cuts = self._cuts.get(tariff_id) or self._cut(tariff_id)
            index = bisect_right(begins, start) - 1
            while start < end:
                stop, segment, rate, unit, numerator, half, denominator, first, last = cuts[index]
                if stop > end:
                    stop = end
                if unit is second:
                    since, until = start, stop
                    free_since, free_until = instants_around
                else:
                    if unit is day:
                        since, until = bisect_right(dates, start), bisect_right(dates, stop)
                    else:
                        since, until = _begun(dates, start, stop, camera, counted)
                    free_since, free_until = dates_around
                if used := until - since:
                    payable, trial, suspended = used, 0, 0
                    if since < free_until and free_since < until:
                        if is_suspended:
                            free = free_instants if unit is second else free_dates
                            trial, suspended = free.parts(since, until)
                        else:
                            trial = (until if until < free_until else free_until) - (
                                since if since > free_since else free_since
                            )
                        payable -= trial + suspended
                    # A rate has nothing before its first instant, and nothing after its last.
                    before = 0
                    if start > first:
                        if rate is last_rate:
                            before = last_billable
                        elif billable:
                            before = billable.get(rate, 0)
                    after = before + payable
                    if stop < last:
                        if last_rate is not None and last_rate is not rate:
                            billable[last_rate] = last_billable
                        last_rate, last_billable = rate, after
                    if start >= starts_at:
                        minor: int | None
                        if numerator is None:
                            minor = None if payable else 0
                        else:
                            minor = (numerator * after + half) // denominator
                            if before:
                                minor -= (numerator * before + half) // denominator
                        yield camera, segment, start, stop, used, trial, suspended, before, minor
                start = stop
                index += 1
        counted.camera_id, counted.rate = last_camera, last_rate
        counted.rate_billable = last_billable

    def segments(self, tariff_id: int) -> list[Segment]:
        """Return a tariff's segments in order of time, those before the period included.

        Raises:
            KeyError: the tariff's terms are missing.
        """
        _begins, cuts = self._cut(tariff_id)
        return [cut[1] for cut in cuts]

    def _cut(self, tariff_id: int) -> _Cuts:
        known = self._cuts.get(tariff_id)
        if known is None:
            known = self._cuts[tariff_id] = self._cut_first(self.terms[tariff_id])
        return known

    def _cut_first(self, terms: Terms) -> _Cuts:
        if self._prices is None or self._by_list is None:
            if any(version.steps for version in terms.prices):
                raise VolumeNotCountedError(f"Tariff {terms.tariff_id} has volume steps.")
            return self._cuts_by_date(terms, terms.prices)
        prices, shared = self._prices.of(terms), self._by_list._cuts_of_prices
        if prices.is_list:
            return self._by_list._cut(terms.tariff_id)
        known = shared.get(prices)
        if known is None:
            known = shared[prices] = self._cuts_by_date(terms, prices.versions)
        return known

    def _cuts_by_date(self, terms: Terms, prices: Sequence[PriceVersion]) -> _Cuts:
        """Cut the calendar at the period's start, months, further dates, and changes of price."""
        includes = self.calendar.period.includes
        days = {*self._always_cut, *filter(includes, changes(prices))}
        rates: dict[tuple[date, Decimal | None], Rate] = {}
        segments: list[Segment] = []
        for start, stop in pairwise(sorted(days)):
            key = start.replace(day=1), price_on(prices, start)
            rate = rates.get(key) or rates.setdefault(key, self._rate(terms, *key))
            starts_at = self.calendar.start_of(start)
            ends_at = min(self.calendar.start_of(stop), self.ends_at)
            if starts_at < ends_at:
                segments.append(Segment(starts_at, ends_at, Period(start, stop), rate))
        return [each.starts_at for each in segments], _cuts_of(segments)

    def _rate(self, terms: Terms, month: date, price: Decimal | None) -> Rate:
        month_after, start_of = next_month(month), self.calendar.start_of
        if terms.unit is Unit.SECOND:
            month_length = start_of(month_after) - start_of(month)
        else:
            month_length = self.calendar.days_of(Period(month, month_after))
        numerator, denominator = (price or Decimal(0)).as_integer_ratio()
        return Rate(
            tariff_id=terms.tariff_id,
            currency=terms.currency,
            digits=terms.digits,
            unit=terms.unit,
            by_day=terms.unit is not Unit.SECOND,
            month=month,
            month_length=month_length,
            price=price,
            numerator=numerator * 10**terms.digits * 2,
            denominator=denominator * month_length * 2,
            half=denominator * month_length,
        )


def _cuts_of(segments: Sequence[Segment]) -> list[_Cut]:
    first_of = {each.rate: each.starts_at for each in reversed(segments)}
    last_of = {each.rate: each.ends_at for each in segments}
    return [
        (
            each.ends_at,
            each,
            each.rate,
            each.rate.unit,
            None if each.rate.price is None else each.rate.numerator,
            each.rate.half,
            each.rate.denominator,
            first_of[each.rate],
            last_of[each.rate],
        )
        for each in segments
    ]


def _begun(
    dates: Sequence[int], start: int, stop: int, camera_id: int, counted: Counted
) -> tuple[int, int]:
    """Return the dates `[since, until)` that a piece begins, counted from the calendar's first."""
    since, until = bisect_right(dates, start), bisect_left(dates, stop) + 1
    if counted.days_of == camera_id:
        since = max(since, counted.days)
    until = max(since, until)
    counted.days_of, counted.days = camera_id, until
    return since, until
