"""Add up charges for the lines of an invoice: by segment, that is by tariff, price and dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from rating.money import quotient_to_places
from rating.pricing import Piece, Segment


@dataclass(slots=True)
class LineSum:
    """Hold the sum of the charges of one segment.

    `cameras` are those with billable time; each counts once. `billable` is in the rate's unit,
    `minor` in minor units of its currency. `unpriced` is the number of charges that have billable
    time and no price.
    """

    segment: Segment
    cameras: int = 0
    charges: int = 0
    unpriced: int = 0
    billable: int = 0
    minor: int = 0
    last_camera_id: int | None = None

    def camera_months(self, places: int) -> Decimal:
        """Return the billable time in months, rounded half up to decimal places."""
        return quotient_to_places(self.billable, self.segment.rate.month_length, places)


class LineSums(dict[Segment, LineSum]):
    """Build line sums by segment."""

    def add_all(self, pieces: Iterable[Piece]) -> None:
        """Add charges. All charges of one camera must be consecutive."""
        for camera_id, segment, _start, _stop, used, trial, suspended, _before, minor in pieces:
            line = self[segment]
            line.charges += 1
            if trial or suspended:
                used -= trial + suspended
                if not used:
                    continue
            if camera_id != line.last_camera_id:
                line.last_camera_id = camera_id
                line.cameras += 1
            line.billable += used
            if minor is None:
                line.unpriced += 1
            else:
                line.minor += minor

    def __missing__(self, segment: Segment) -> LineSum:
        line = self[segment] = LineSum(segment)
        return line

    def by_currency(self) -> dict[str, list[LineSum]]:
        """Return the sums by currency code."""
        sums = defaultdict[str, list[LineSum]](list)
        for line in self.values():
            sums[line.segment.rate.currency].append(line)
        return sums
