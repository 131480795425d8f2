"""Find the organizations whose individual price is higher than a new price of the list.

Individual prices belong to a higher layer, which calls `register` with a function that finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class DearerPrices:
    """The organizations that would pay more than the list: the titles of some, and their number."""

    titles: Sequence[str] = ()
    number: int = 0

    @property
    def unnamed(self) -> int:
        """The number of further organizations."""
        return self.number - len(self.titles)


Find = Callable[[int, Decimal, date, date | None], DearerPrices]
"""Takes the tariff, the amount of the list, and the dates from which on and up to which it applies;
None is without end.
"""

_finders: list[Find] = []


def register(find: Find) -> None:
    """Set the function that finds individual prices."""
    _finders[:] = [find]


def dearer_than(tariff_id: int, amount: Decimal, start: date, end: date | None) -> DearerPrices:
    """Return the organizations that pay more than an amount on some date of `[start, end)`."""
    return _finders[-1](tariff_id, amount, start, end) if _finders else DearerPrices()
