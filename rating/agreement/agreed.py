"""Join what holds for everybody, a schedule, with what was agreed with one organization."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from rating.agreement.price import Price
from rating.agreement.prices import AgreedPrices
from rating.agreement.terms import Agreement, Suspension
from rating.agreement.volume import CameraMonths
from rating.free_time import FreeTime
from rating.periods import Period, months_of, next_month
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
    ) -> Agreed:
        """Apply terms to a schedule that other organizations may share.

        `camera_months` come from a `VolumeCount`, if `has_steps` says that it is needed.
        """
        calendar = shared.calendar
        suspensions = [each.dates for each in agreement.of(Suspension)]
        prices = AgreedPrices(calendar.period, agreement, camera_months)
        schedule = shared.with_prices(prices)
        free_time = FreeTime(calendar, trial, suspensions)
        return cls(schedule.with_free_time(free_time), agreement, prices)

    @property
    def begun(self) -> Period:
        """The dates of the period that have begun, as of the schedule's instant."""
        calendar, period = self.schedule.calendar, self.schedule.period
        number = bisect_left(calendar.starts, self.schedule.as_of)
        end = calendar.dates[number] if number < len(calendar.dates) else period.end
        return period.within(Period(period.start, max(period.start, end)))

    def spans(self) -> Iterator[Period]:
        """Yield the dates that have begun, cut like charges: at months and at further dates."""
        start, end = begun = self.begun
        cuts = {*months_of(begun), *self.schedule.dates_cut}
        if start < end:
            days = sorted({start, *filter(begun.includes, cuts), end})
            yield from (Period(*pair) for pair in pairwise(days))

    def months_over(self) -> Iterator[Period]:
        """Yield the months that lie entirely in the period and are over."""
        for first in months_of(self.schedule.period):
            month = Period(first, next_month(first))
            is_over = self.schedule.calendar.start_of(month.end) <= self.schedule.as_of
            if month == month.within(self.schedule.period) and is_over:
                yield month

    def prices_of(self, segment: Segment) -> list[tuple[Period, Price]]:
        """Return how the price of a segment comes about, by its dates.

        It is the same amount on all of them, but it can come about in more than one way.
        """
        return self.prices.within(self.schedule.terms[segment.rate.tariff_id], segment.period)
