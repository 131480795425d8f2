"""Join what holds for everybody, a schedule, with what was agreed with one organization."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from rating.agreement.prices import AgreedPrices, KnownPrices, SegmentPrices
from rating.agreement.terms import Agreement, Suspension
from rating.agreement.volume import CameraMonths
from rating.free_time import FreeTime
from rating.periods import Calendar, Period, months_of, next_month
from rating.pricing import Schedule, Segment


@dataclass(frozen=True)
class Agreed:
    """An organization's terms, and the schedule by which its usage is priced."""

    schedule: Schedule
    agreement: Agreement
    prices: AgreedPrices

    @classmethod
    def of(
        cls,
        shared: Schedule,
        *,
        trial: Period | None,
        agreement: Agreement,
        camera_months: CameraMonths | None = None,
        known: PricedSchedules | None = None,
    ) -> Agreed:
        """Apply terms to a schedule that other organizations may share.

        `camera_months` come from a `VolumeCount`, if `has_steps` says that it is needed. `known`
        are the schedules with prices that others share.
        """
        known = PricedSchedules() if known is None else known
        schedule, prices = known.of(shared, agreement, camera_months)
        suspensions = [each.dates for each in agreement.of(Suspension)]
        if trial or suspensions or schedule.free_time:
            schedule = schedule.with_free_time(FreeTime(shared.calendar, trial, suspensions))
        return cls(schedule, agreement, prices)

    @property
    def begun(self) -> Period:
        """The dates of the period that have begun, as of the schedule's instant."""
        return _begun(self.schedule.calendar, self.schedule.period, self.schedule.as_of)

    @property
    def spans(self) -> Sequence[Period]:
        """The dates that have begun, cut like charges: at months and at further dates."""
        schedule = self.schedule
        return _spans(schedule.calendar, schedule.period, schedule.as_of, schedule.dates_cut)

    def months_over(self) -> Iterator[Period]:
        """Yield the months that lie entirely in the period and are over."""
        for first in months_of(self.schedule.period):
            month = Period(first, next_month(first))
            is_over = self.schedule.calendar.start_of(month.end) <= self.schedule.as_of
            if month == month.within(self.schedule.period) and is_over:
                yield month

    def prices_of(self, segment: Segment) -> SegmentPrices:
        """Return how the price of a segment comes about. It can be in more than one way."""
        return self.prices.of(self.schedule.terms[segment.rate.tariff_id]).of_segment(segment)


class PricedSchedules:
    """Schedules with agreed prices, for the same price lists.

    Organizations whose prices were agreed alike share them, and those that agreed the same about
    one tariff share its segments: cutting it takes longer than pricing ten cameras.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Schedule, frozenset[object]], tuple[Schedule, AgreedPrices]] = {}
        self._of_tariffs: KnownPrices = {}

    def of(
        self, shared: Schedule, agreement: Agreement, camera_months: CameraMonths | None
    ) -> tuple[Schedule, AgreedPrices]:
        """Return a schedule with the prices of an agreement, and how they come about.

        Prices that depend on the volume of one organization are not shared.
        """
        key = shared, AgreedPrices.terms_of(agreement)
        found = self._known.get(key) if camera_months is None else None
        if found is None:
            period, known = shared.calendar.period, self._of_tariffs
            prices = AgreedPrices(period, agreement, camera_months, known)
            found = shared.with_prices(prices), prices
            if camera_months is None:
                self._known[key] = found
        return found


# These are the same for all organizations with the same time zone.


@lru_cache(maxsize=128)
def _begun(calendar: Calendar, period: Period, as_of: int) -> Period:
    number = bisect_left(calendar.starts, as_of)
    end = calendar.dates[number] if number < len(calendar.dates) else period.end
    return period.within(Period(period.start, max(period.start, end)))


@lru_cache(maxsize=128)
def _spans(
    calendar: Calendar, period: Period, as_of: int, dates_cut: frozenset[date]
) -> Sequence[Period]:
    start, end = begun = _begun(calendar, period, as_of)
    days = sorted({start, *filter(begun.includes, {*months_of(begun), *dates_cut}), end})
    return tuple(Period(*pair) for pair in pairwise(days))
