"""Work with dates, months and periods of a local calendar, and the instants at which they begin.

Instants are aware datetimes, or whole seconds since 1970 in UTC. Periods are half-open.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
# How many dates after a change of time zone may have to wait for those before it.
_LONGEST_CATCHING_UP = 2


class Period(NamedTuple):
    """The dates `[start, end)` of a local calendar."""

    start: date
    end: date

    @classmethod
    def inclusive(cls, first: date, last: date) -> Self:
        """Return the period from `first` to `last`, both included, the way people state it."""
        return cls(first, last + ONE_DAY)

    @classmethod
    def since(cls, first: date, last: date | None = None) -> Self:
        """Return the dates from `first` to `last`, both included; None leaves the end open."""
        return cls(first, date.max if last is None else last + ONE_DAY)

    @property
    def last(self) -> date:
        """The last date of the period."""
        return self.end - ONE_DAY

    @property
    def days(self) -> int:
        """The number of dates."""
        return (self.end - self.start).days

    def within(self, other: Period) -> Period:
        """Return the dates that both periods have; without any, an empty period."""
        start = max(self.start, other.start)
        return Period(start, max(start, min(self.end, other.end)))

    def includes(self, day: date) -> bool:
        """Return whether the period has a date."""
        return self.start <= day < self.end


def first_instant(day: date, zone: tzinfo) -> datetime:
    """Return, in UTC, the first instant of a date in a time zone.

    This is midnight. If midnight occurs twice, the first one counts; if a clock change skips it,
    the instant of the change counts. The standard library computes both this way by default
    (PEP 495), because no change since 1970 begins before the midnight that it skips.
    """
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def month_of(day: date, *, months_before: int = 0, months: int = 1) -> Period:
    """Return `months` whole months, starting `months_before` months before the month of `day`."""
    index = day.year * 12 + day.month - 1 - months_before
    return Period(_month_start(index), _month_start(index + months))


def next_month(day: date) -> date:
    """Return the first date of the month after the month of `day`."""
    return _month_start(day.year * 12 + day.month)


def months_of(period: Period) -> Iterator[date]:
    """Yield the first dates of the months of a period; the first may be before its start."""
    month = period.start.replace(day=1)
    while month < period.end:
        yield month
        month = next_month(month)


def _month_start(index: int) -> date:
    """Return the first date of a month, given as months since January of the year 0."""
    return date(index // 12, index % 12 + 1, 1)


def epoch(instant: datetime) -> int:
    """Return an aware datetime as whole seconds since 1970; drop fractions."""
    return int(instant.timestamp())


def instant_of(seconds: int, zone: ZoneInfo) -> datetime:
    """Return seconds since 1970 as a datetime in a time zone."""
    return datetime.fromtimestamp(seconds, zone)


class ZoneVersion(NamedTuple):
    """A time zone, from a date on until the next version."""

    valid_from: date
    zone: ZoneInfo

    @classmethod
    def always(cls, zone: ZoneInfo) -> tuple[Self, ...]:
        """Return the versions of somebody whose time zone has never changed."""
        return (cls(date.min, zone),)


class Calendar:
    """Convert between the dates of a period and instants; docs/pricing.md, "Time".

    `dates` are the dates of the period and the date after it; `starts` are their first instants, in
    seconds since 1970. `begins` are those of dates that have any time.

    A time zone applies from a date on. A date lasts until the next one begins, in whatever zone,
    and none begins before the one before it: every second belongs to exactly one date. A change of
    zone by a day or more, or of a zone's side of the date line, leaves out a date: it begins where
    the next one does, and has no time.
    """

    def __init__(self, zones: Sequence[ZoneVersion], period: Period) -> None:
        """Calculate the first instant of each date of `period` and of the date after it.

        `zones` are in order of their dates; the first one applies before everything else.
        """
        self.period = period
        self.zones = zones
        self._first_ordinal = period.start.toordinal()
        ordinals = range(self._first_ordinal, period.end.toordinal() + 1)
        self.dates = [date.fromordinal(ordinal) for ordinal in ordinals]
        self.starts: list[int] = []
        self.starts = [self.start_of(day) for day in self.dates]
        self.begins = sorted(set(self.starts))
        self._days: dict[Period, int] = {}

    def zone_on(self, day: date) -> ZoneInfo:
        """Return the time zone of a date."""
        index = bisect_right(self.zones, day, key=lambda version: version.valid_from)
        return self.zones[index - 1].zone

    def start_of(self, day: date) -> int:
        """Return the first instant of a date, in seconds since 1970. Known ones take no time."""
        index = day.toordinal() - self._first_ordinal
        if 0 <= index < len(self.starts):
            return self.starts[index]
        starts = epoch(first_instant(day, self.zone_on(day)))
        for changed_on, _zone in self.zones[1:]:
            # Zones are up to 26 hours apart: a date could begin before one of the old zone does.
            days_since = (day - changed_on).days
            if 0 <= days_since <= _LONGEST_CATCHING_UP:
                earlier = (day - ONE_DAY * number for number in range(1, days_since + 2))
                starts = max(starts, *(epoch(first_instant(d, self.zone_on(d))) for d in earlier))
        return starts

    def number_of(self, start: int) -> int:
        """Return the number of dates with any time up to one that starts at an instant.

        The calendar's first date is 1; dates outside the calendar count as those at its edges.
        """
        return bisect_left(self.begins, start) + 1

    def days_of(self, month: Period) -> int:
        """Return how many dates of a month, which may end after the calendar, have any time."""
        days = self._days.get(month)
        if days is None:
            dates = (month.start + ONE_DAY * number for number in range(month.days + 1))
            days = self._days[month] = len(set(map(self.start_of, dates))) - 1
        return days

    def ordinal_at(self, instant: int) -> int:
        """Return the ordinal of the date that contains an instant of the period.

        A date lasts until the next one begins, even if a clock that is set back shows the earlier
        date again. The period's end lies in the date after it.
        """
        return self._first_ordinal + bisect_right(self.starts, instant) - 1

    def zone_at(self, instant: int) -> ZoneInfo:
        """Return the time zone of the date in which an instant of the period lies."""
        return self.zone_on(date.fromordinal(self.ordinal_at(instant)))


@lru_cache(maxsize=128)
def calendar_of(zones: tuple[ZoneVersion, ...], period: Period) -> Calendar:
    """Return a calendar that others share: most organizations have few time zones and periods.

    Calculating it takes as long as pricing a dozen cameras.
    """
    return Calendar(zones, period)
