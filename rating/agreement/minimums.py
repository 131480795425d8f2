"""Minimums: what cameras and fees of a month fall short of them is charged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import ClassVar

from rating.agreement.agreed import Agreed
from rating.agreement.lines import Line, Section
from rating.money import Amount, in_minor_units, minor_digits
from rating.periods import Period, months_of, next_month


@dataclass(frozen=True, slots=True)
class Minimum:
    """The least amount of a month, on these dates."""

    amount: Amount
    dates: Period


@dataclass(frozen=True, slots=True)
class MinimumLine:
    """What a month falls short of its minimum, 0 if it is reached.

    `parts` are the minimums of the month with the number of their dates; together they come to
    `minimum`. Cameras and fees come to `reached`. Both are in minor units.
    """

    section: ClassVar[Section] = Section.MINIMUM
    is_unpriced: ClassVar[bool] = False
    month: ClassVar[None] = None
    dates: Period
    parts: tuple[tuple[Minimum, int], ...]
    minimum: int
    reached: int

    @property
    def currency(self) -> str:
        """The currency of the minimum."""
        return self.parts[0][0].amount.currency

    @property
    def minor(self) -> int:
        """What is charged."""
        return max(0, self.minimum - self.reached)


def minimum_lines(agreed: Agreed, before: Sequence[Line]) -> Iterator[MinimumLine]:
    """Yield a line for each month of the period that is over and has a minimum, by currency."""
    minimums = sorted(
        agreed.agreement.of(Minimum), key=lambda each: (each.dates, each.amount.number)
    )
    if not minimums:
        return
    for month in agreed.months_over():
        for currency in sorted({each.amount.currency for each in minimums}):
            parts = [
                (each, days)
                for each in minimums
                if each.amount.currency == currency
                if (days := agreed.schedule.free_time.charged_dates(month.within(each.dates)))
            ]
            counted = [
                line for line in before if line.currency == currency and line.month == month.start
            ]
            if parts and not any(line.is_unpriced for line in counted):
                reached = sum(line.minor for line in counted)
                yield MinimumLine(month, tuple(parts), _together(parts, month), reached)


def _together(parts: Sequence[tuple[Minimum, int]], month: Period) -> int:
    """Return the minimums of a month in minor units, rounded once."""
    exact = sum(Fraction(each.amount.number) * days for each, days in parts) / Fraction(month.days)
    return in_minor_units(exact, minor_digits(parts[0][0].amount.currency))


def months_with_minimum(agreed: Agreed) -> Iterator[date]:
    """Yield the months of the period in which a minimum was agreed, however little of it."""
    minimums = agreed.agreement.of(Minimum)
    for first in months_of(agreed.schedule.period) if minimums else ():
        month = Period(first, next_month(first))
        if any(month.within(each.dates).days for each in minimums):
            yield first
