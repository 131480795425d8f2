"""Add up charges for the lines of an invoice: by tariff, price and month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from rating.pricing import Piece, Rate


@dataclass(slots=True)
class LineSum:
    """Hold the sum of the charges of one rate; each camera counts once.

    `billable` is in the rate's unit, `minor` in minor units of its currency. `unpriced` is the
    number of charges that have billable time and no price.
    """

    rate: Rate
    cameras: int = 0
    charges: int = 0
    unpriced: int = 0
    billable: int = 0
    minor: int = 0
    last_camera_id: int | None = None

    @property
    def camera_months(self) -> Fraction:
        """The exact billable time in months."""
        return Fraction(self.billable, self.rate.month_length)


class LineSums(dict[Rate, LineSum]):
    """Build line sums by rate."""

    def add_all(self, pieces: Iterable[Piece]) -> None:
        """Add charges. All charges of one camera must be consecutive."""
        for camera_id, rate, _start, _stop, used, trial, _before, minor in pieces:
            line = self[rate]
            if camera_id != line.last_camera_id:
                line.last_camera_id = camera_id
                line.cameras += 1
            line.charges += 1
            line.billable += used - trial
            if minor is None:
                line.unpriced += 1
            else:
                line.minor += minor

    def __missing__(self, rate: Rate) -> LineSum:
        line = self[rate] = LineSum(rate)
        return line

    def by_currency(self) -> dict[str, list[LineSum]]:
        """Return the sums by currency code."""
        sums = defaultdict[str, list[LineSum]](list)
        for line in self.values():
            sums[line.rate.currency].append(line)
        return sums
