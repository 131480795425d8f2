"""Work out which time is free: the trial of an organization, and suspensions without charge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rating.periods import Calendar, Period

# Half-open: instants, or numbers of dates.
Span = tuple[int, int]


class FreeSpans(NamedTuple):
    """Free time in one unit; `around` begins with the first and ends with the last of it."""

    around: Span
    trial: Span
    suspended: Sequence[Span]

    def parts(self, since: int, until: int) -> tuple[int, int]:
        """Return how much of `[since, until)` is trial, and how much is suspended.

        This is called for each charge, so it calls neither `min` nor `max`.
        """
        trial = suspended = 0
        start, stop = self.trial
        if start < until and since < stop:
            trial = (until if until < stop else stop) - (since if since > start else start)
        for start, stop in self.suspended:
            if start < until and since < stop:
                suspended += (until if until < stop else stop) - (since if since > start else start)
        return trial, suspended


class FreeTime:
    """The trial and the suspensions of an organization, in a calendar; docs/pricing.md, "Amount".

    `suspensions` are apart and in order, within the calendar; `suspended` are their dates outside
    the trial, which count as suspended. `instants` are in seconds since 1970. `dates` are numbered
    by the calendar.
    """

    def __init__(
        self, calendar: Calendar, trial: Period | None, suspensions: Iterable[Period] = ()
    ) -> None:
        """Prepare. Dates of suspensions may repeat and are counted once."""
        start = calendar.period.start
        self.trial = trial or Period(start, start)
        self.suspensions = list(_joined(each.within(calendar.period) for each in suspensions))
        self.suspended = list(_outside(self.trial, self.suspensions))

        def instants(period: Period) -> Span:
            return calendar.start_of(period.start), calendar.start_of(period.end)

        def dates(span: Span) -> Span:
            return calendar.number_of(span[0]), calendar.number_of(span[1])

        trial_instants, suspended = instants(self.trial), list(map(instants, self.suspended))
        self.instants = _spans(trial_instants, suspended)
        self.dates = _spans(dates(trial_instants), list(map(dates, suspended)))

    def __bool__(self) -> bool:
        """Return whether anything is free."""
        return bool(self.suspensions) or self.trial.start < self.trial.end

    def charged_dates(self, period: Period, *, in_trial: bool = False) -> int:
        """Return the dates of a period, within the calendar, that are not free.

        With `in_trial`, those of the trial are charged, unless they are in a suspension.
        """
        if not self:
            return period.days
        free = self.suspensions if in_trial else [self.trial, *self.suspended]
        return period.days - sum(period.within(each).days for each in free)

    def within(self, since: int, until: int) -> Iterator[Span]:
        """Yield the free parts of the time between two instants."""
        for start, stop in (self.instants.trial, *self.instants.suspended):
            if start < until and since < stop:
                yield max(start, since), min(stop, until)


def _spans(trial: Span, suspended: Sequence[Span]) -> FreeSpans:
    spans = [trial, *suspended] if trial[0] < trial[1] else suspended or [trial]
    around = min(start for start, _ in spans), max(stop for _, stop in spans)
    return FreeSpans(around, trial, suspended)


def _joined(periods: Iterable[Period]) -> Iterator[Period]:
    """Yield periods in order; join those that overlap or touch, and leave out empty ones."""
    last: Period | None = None
    for period in sorted(each for each in periods if each.start < each.end):
        if last is not None and period.start <= last.end:
            last = Period(last.start, max(last.end, period.end))
            continue
        if last is not None:
            yield last
        last = period
    if last is not None:
        yield last


def _outside(hole: Period, periods: Iterable[Period]) -> Iterator[Period]:
    """Yield the parts of periods before and after another."""
    for start, end in periods:
        for part in (
            Period(start, min(end, hole.start)),
            Period(max(start, hole.end), end),
        ):
            if part.start < part.end:
                yield part
