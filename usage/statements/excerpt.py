"""Read a statement once, for the totals of all charges and a page of some."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from heapq import nlargest, nsmallest
from typing import Any, NamedTuple

from rating.agreement.bills import Bill
from rating.daily_costs import Costs
from rating.pricing import Charge
from rating.totals import Totals

Wanted = Callable[[Charge], bool]
"""Selects charges."""


class Order(NamedTuple):
    """An order of charges: by a key, then by camera and time."""

    key: Callable[[Charge], Any]
    is_descending: bool

    def first(self, number: int, charges: Iterable[Charge]) -> list[Charge]:
        """Return the first charges in this order, up to `number` of them."""
        choose = nlargest if self.is_descending else nsmallest
        return choose(
            number, charges, key=lambda each: (self.key(each), each.camera_id, each.started_at)
        )


class Excerpt(NamedTuple):
    """The result of reading a statement once.

    `totals` and `costs` are those of all charges of cameras; `bills` are what is owed by currency,
    in sections. `shown` are some of the wanted charges; `wanted` adds up all of them.
    """

    totals: Totals
    costs: Costs
    bills: Sequence[Bill]
    shown: list[Charge]
    wanted: Totals

    @property
    def found(self) -> int:
        """The number of wanted charges."""
        return self.wanted.all.charges


class Page:
    """Choose charges, and keep those of a page; while sorting them, no more than twice as many."""

    def __init__(self, wanted: Wanted | None, first: int, number: int, order: Order | None) -> None:
        """Prepare a page of `number` of the wanted charges, from index `first` on."""
        self.totals = Totals()
        self._wanted, self._order = wanted, order
        self._first, self._until = first, first + number
        self._kept: list[Charge] = []
        self._count = 0

    def add(self, charge: Charge) -> None:
        """Take a charge, if it is wanted. `totals` adds up the wanted ones, unless all are."""
        if self._wanted is not None:
            if not self._wanted(charge):
                return
            self.totals.add(charge)
        if self._order is None:
            if self._first <= self._count < self._until:
                self._kept.append(charge)
            self._count += 1
            return
        self._kept.append(charge)
        if len(self._kept) >= 2 * self._until + 1_000:
            self._kept = self._order.first(self._until, self._kept)

    @property
    def shown(self) -> list[Charge]:
        """The charges of the page, in its order."""
        if self._order is None:
            return self._kept
        return self._order.first(self._until, self._kept)[self._first :]
