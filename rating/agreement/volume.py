"""Prices of the list, which may depend on the volume of a calendar month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from sys import maxsize

from rating.agreement.price import Price
from rating.periods import Period, months_of, next_month
from rating.price_versions import PriceVersion, VolumeStep, version_on
from rating.pricing import Counted, Rate, Schedule, Terms, Usage, VolumeNotCountedError

CameraMonths = Mapping[tuple[int, date], Fraction]
"""What an organization used of tariffs, by tariff id and first date of the month."""


@dataclass(frozen=True, slots=True)
class VolumePrice:
    """A price of the list that depends on volume: its step in a month, None for the first one."""

    version: PriceVersion
    step: VolumeStep | None
    camera_months: Fraction


class ListPrices:
    """Take prices from the list, by the volume of the month if they have steps."""

    def __init__(self, camera_months: CameraMonths | None) -> None:
        """Prepare. `camera_months` are needed for tariffs with volume steps."""
        self._camera_months = camera_months

    def concerning(self, terms: Terms) -> Sequence[object]:
        """Return the list itself, with the volume of an organization, if a price depends on it."""
        return [self] if any(version.steps for version in terms.prices) else []

    def changes(self, terms: Terms, period: Period) -> Iterable[date]:
        """Return the dates of price versions; with steps, the price can change with the month."""
        yield from (version.valid_from for version in terms.prices)
        if has_steps([terms]):
            yield from months_of(period)

    def applied(self, price: Price, terms: Terms, day: date) -> Price:
        """Return the price of the list on a date."""
        version = version_on(terms.prices, day)
        if version is None:
            return price
        if not version.steps:
            return Price(version.amount, version, price.percent)
        if self._camera_months is None:
            raise VolumeNotCountedError(f"Tariff {terms.tariff_id} has volume steps.")
        used = self._camera_months.get((terms.tariff_id, day.replace(day=1)), Fraction(0))
        reached = [each for each in version.steps if Fraction(each.camera_months) <= used]
        step = max(reached, default=None)
        amount = step.amount if step else version.amount
        return Price(amount, VolumePrice(version, step, used), price.percent)


def has_steps(terms: Iterable[Terms]) -> bool:
    """Return whether the volume must be counted to price these tariffs."""
    return any(version.steps for each in terms for version in each.prices)


class VolumeCount:
    """Count the camera-months of an organization in all months of a schedule.

    All usage of these months is needed, also after the schedule's period: `[reads_from,
    reads_until)`. Free time counts. Use that is open as of the schedule's instant counts as if it
    continued, unless the schedule counts no usage until then.
    """

    def __init__(self, schedule: Schedule) -> None:
        """Prepare to count. Memory grows with tariffs and months, not with usage."""
        months = Period(schedule.calendar.period.start, next_month(schedule.period.last))
        self._until = schedule.used_until
        self._goes_on = schedule.used_until == schedule.as_of
        self._schedule = Schedule(
            zones=schedule.calendar.zones,
            period=months,
            as_of=maxsize,
            trial=None,
            terms=[replace(each, prices=()) for each in schedule.terms.values()],
        )
        self.reads_from, self.reads_until = self._schedule.starts_at, self._schedule.ends_at
        self._counted = Counted()
        self._used: dict[Rate, int] = {}

    def add_all(self, usages: Iterable[Usage | tuple[int, int, int, int | None]]) -> None:
        """Count usage; all of one camera together, in order of time."""
        used = self._used
        for piece in self._schedule.pieces(self._continued(usages), self._counted):
            rate = piece[1].rate
            used[rate] = used.get(rate, 0) + piece[4]

    def _continued(
        self, usages: Iterable[Usage | tuple[int, int, int, int | None]]
    ) -> Iterator[tuple[int, int, int, int | None]]:
        for camera_id, tariff_id, started_at, ended_at in usages:
            if started_at < self._until:
                if ended_at is None or ended_at > self._until:
                    ended_at = None if self._goes_on else self._until
                yield camera_id, tariff_id, started_at, ended_at

    def camera_months(self) -> CameraMonths:
        """Return what was counted."""
        return {
            (rate.tariff_id, rate.month): Fraction(used, rate.month_length)
            for rate, used in self._used.items()
        }
