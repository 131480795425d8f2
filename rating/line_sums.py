"""Add up charges for the lines of an invoice: by tariff, price and month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from rating.pricing import Piece, Rate


@dataclass(slots=True)
class LineSum:
    """Hold the sum of the charges of one tariff, price and month; each camera counts once.

    `rate` gives the tariff, price and month. `billable` is in the rate's unit, `minor` in minor
    units of its currency. If the rate has no price, all charges are `unpriced`.
    """

    rate: Rate
    cameras: int = 0
    charges: int = 0
    billable: int = 0
    minor: int = 0
    last_camera_id: int | None = None

    @property
    def camera_months(self) -> Fraction:
        """The exact billable time in months."""
        return Fraction(self.billable, self.rate.month_length)

    @property
    def unpriced(self) -> int:
        """The number of charges without a price."""
        return self.charges if self.rate.price is None else 0


class LineSums(dict[Rate, LineSum]):
    """Build line sums by rate; rates of one tariff, month and price share one sum."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[int, date, Decimal | None], LineSum] = {}

    def add_all(self, pieces: Iterable[Piece]) -> None:
        """Add charges. All charges of one camera must be consecutive."""
        for camera_id, rate, _start, _stop, used, trial, minor in pieces:
            line = self[rate]
            if camera_id != line.last_camera_id:
                line.last_camera_id = camera_id
                line.cameras += 1
            line.charges += 1
            line.billable += used - trial
            if minor is not None:
                line.minor += minor

    def __missing__(self, rate: Rate) -> LineSum:
        key = rate.tariff_id, rate.month, rate.price
        found = self[rate] = self._by_key.setdefault(key, LineSum(rate))
        return found

    def by_currency(self) -> dict[str, list[LineSum]]:
        """Return the sums by currency code."""
        sums = defaultdict[str, list[LineSum]](list)
        for line in self._by_key.values():
            sums[line.rate.currency].append(line)
        return sums
