"""Calculate what each day or month of a period costs by spreading charges over their time.

Pure and exact, like rating.pricing. Amounts are in minor units.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import accumulate, pairwise
from operator import attrgetter
from sys import maxsize

from rating.money import rounded_half_up
from rating.pricing import Charge, Rate, Schedule, Unit

# The daily columns of a longer period would be too thin to see.
MAX_DAYS = 93


class Costs:
    """Add up the costs of a schedule's charges by date and tariff.

    A period of up to `MAX_DAYS` is split into days, a longer one into months; `by_month` says
    which, and `starts` lists the first date of each. A charge lies within one month, so months need
    no spreading. Over days, the charges of one rate (one tariff, month and price) are spread
    together: their sum is divided in proportion to their total billable time on each day.
    Cumulative rounding distributes the remainders: a day costs the rounded share of all time up to
    its end, less the cost of the days before it. Each day is therefore within one minor unit of its
    exact share, and the days add up to the total of the statement.
    """

    def __init__(self, schedule: Schedule) -> None:
        """Prepare for charges of this schedule; memory grows with days and rates, not charges."""
        self._schedule = schedule
        period, calendar = schedule.period, schedule.calendar
        days = (period.end - period.start).days
        self.by_month = days > MAX_DAYS
        dates = [date.fromordinal(period.start.toordinal() + day) for day in range(days)]
        self.starts = [
            day for day in dates if not self.by_month or day.day == 1 or day == period.start
        ]
        self._begins = [calendar.start_of(day) for day in (*self.starts, period.end)]
        self._rates: dict[Rate, _RateCosts] = {}

    def add(self, charge: Charge) -> None:
        """Add a charge. A charge that is unpriced or has nothing billable changes nothing."""
        if charge.minor is None or not charge.billable:
            return
        rate = charge.rate
        costs = self._rates.get(rate)
        if costs is None:
            costs = self._rates[rate] = _RateCosts(rate, self._begins)
        costs.minor += charge.minor
        if self.by_month:
            return
        started_at, ended_at = self._counted(charge)
        costs.count(started_at, ended_at, 1)
        if charge.used > charge.billable:
            for since, until in self._schedule.free_time.within(started_at, ended_at):
                costs.count(since, until, -1)

    def _counted(self, charge: Charge) -> tuple[int, int]:
        """Return the instants between which a charge's time is counted.

        A begun day counts as a whole, unless an earlier charge has counted it.
        """
        if charge.rate.unit is not Unit.BEGUN_DAY:
            return charge.started_at, charge.ended_at
        begins = self._schedule.calendar.begins
        end = bisect_left(begins, charge.ended_at)
        return begins[end - charge.used], begins[end]

    def by_tariff(self) -> dict[int, list[int]]:
        """Return a list of costs for each tariff id: one per day or month, in order of `starts`."""
        sums: dict[int, list[int]] = {}
        for costs in filter(attrgetter("minor"), self._rates.values()):
            row = sums.setdefault(costs.rate.tariff_id, [0] * len(self.starts))
            if self.by_month:
                row[self._month_of(costs.rate)] += costs.minor
            else:
                for day, minor in enumerate(costs.spread()):
                    row[day] += minor
        return sums

    def _month_of(self, rate: Rate) -> int:
        """Return which of `starts` a rate's month is; the first may be a part of its month."""
        return max(bisect_right(self.starts, rate.month) - 1, 0)


class _RateCosts:
    """Keep the sum of one rate's charges, and their billable time on each day."""

    def __init__(self, rate: Rate, begins: Sequence[int]) -> None:
        self.rate = rate
        self.minor = 0
        self._begins = begins
        # A date that a change of time zone leaves out has no time.
        most = 1 if rate.by_day else maxsize
        self._lengths = [min(end - start, most) for start, end in pairwise(begins)]
        # At the start of each day, the change in the number of cameras in use; and within each day,
        # the time used after starts, less the time not used after ends.
        self._whole = [0] * (len(begins) + 1)
        self._parts = [0] * len(begins)
        # Most charges begin and end where days do.
        self._at_begins = dict.fromkeys(begins, 0)

    def count(self, started_at: int, ended_at: int, number: int) -> None:
        """Count the time between two instants of the rate, `number` times."""
        for instant, change in ((started_at, number), (ended_at, -number)):
            if instant in self._at_begins:
                self._at_begins[instant] += change
            else:
                self._step(instant, change)

    def _step(self, instant: int, number: int) -> None:
        """Count all time from an instant on; if prorated by day, from the start of its day."""
        day = bisect_right(self._begins, instant) - 1
        if day < len(self._lengths):
            left = 1 if self.rate.by_day else self._begins[day + 1] - instant
            self._parts[day] += number * left
            self._whole[day + 1] += number

    def spread(self) -> list[int]:
        """Return the sum spread over all days, as `Costs` describes."""
        for instant, number in self._at_begins.items():
            self._step(instant, number)
            self._at_begins[instant] = 0
        running = accumulate(self._whole)
        times = (
            number * length + part
            for number, length, part in zip(running, self._lengths, self._parts, strict=False)
        )
        until = list(accumulate(times, initial=0))
        shares = [rounded_half_up(self.minor * time, until[-1]) for time in until]
        return [after - before for before, after in pairwise(shares)]
