"""Dates, months and periods of somebody's calendar, and the instants at which they begin.

Instants are aware datetimes, or whole seconds since 1970 in UTC. Periods are half-open.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta, tzinfo
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


def first_instant(day: date, zone: tzinfo) -> datetime:
    """Return, in UTC, the first instant of a date in a time zone.

    This is midnight. If midnight occurs twice, it is the first one; if a clock change skips it, it
    is the instant of the change. The standard library computes both this way by default
    (PEP 495), because no change since 1970 begins before the midnight that it skips.
    """
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def month_of(day: date, *, months_before: int = 0, months: int = 1) -> Period:
    """Return `months` whole months, starting `months_before` months before that of `day`."""
    index = day.year * 12 + day.month - 1 - months_before
    return Period(_month_start(index), _month_start(index + months))


def next_month(day: date) -> date:
    """Return the first date of the month after that of `day`."""
    return _month_start(day.year * 12 + day.month)


def _month_start(index: int) -> date:
    """Return the first date of a month, counted from January of the year 0."""
    return date(index // 12, index % 12 + 1, 1)


def epoch(instant: datetime) -> int:
    """Return an aware datetime as whole seconds since 1970, fractions dropped."""
    return int(instant.timestamp())


def instant_of(seconds: int, zone: ZoneInfo) -> datetime:
    """Return seconds since 1970 as a datetime in a time zone."""
    return datetime.fromtimestamp(seconds, zone)


class Calendar:
    """The dates of a period in a time zone, as instants; docs/pricing.md, "Time"."""

    def __init__(self, zone: ZoneInfo, period: Period) -> None:
        """Lay out the dates of `period` and the one after it, and where each `starts`."""
        self.period = period
        self._zone = zone
        self._first_ordinal = period.start.toordinal()
        ordinals = range(self._first_ordinal, period.end.toordinal() + 1)
        self.dates = [date.fromordinal(ordinal) for ordinal in ordinals]
        self.starts = [self.start_of(day) for day in self.dates]

    def start_of(self, day: date) -> int:
        """Return the first instant of a date: midnight, or the clock change that skips it.

        In seconds since 1970.
        """
        return epoch(first_instant(day, self._zone))

    def ordinal_at(self, instant: int) -> int:
        """Return the date, as an ordinal, in which an instant of the period lies.

        A date lasts until the next one begins, even where a clock set back shows its
        predecessor's again. The period's end lies in the date after it.
        """
        return self._first_ordinal + bisect_right(self.starts, instant) - 1
