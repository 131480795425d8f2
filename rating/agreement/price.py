"""Represent how the price of a date comes about, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from rating.periods import Period
from rating.pricing import Terms


@dataclass(frozen=True, slots=True)
class Price:
    """The monthly price of a tariff on a date; None without one.

    `basis` is the value that `gross` comes from: a price version of the list, a `VolumePrice` or an
    `IndividualPrice`. `percent` is the discount on it.
    """

    gross: Decimal | None = None
    basis: object = None
    percent: Decimal = Decimal(0)

    @property
    def net(self) -> Decimal | None:
        """What is charged for a month: exact, not rounded."""
        if self.gross is None or not self.percent:
            return self.gross
        return (self.gross * (100 - self.percent)).scaleb(-2)

    @property
    def discount(self) -> Decimal | None:
        """What the discount takes off the gross price, or None without a discount."""
        net = self.net
        return None if self.gross is None or net is None or not self.percent else self.gross - net


class PriceRule(Protocol):
    """One kind of term that determines prices."""

    def concerning(self, terms: Terms) -> Sequence[object]:
        """Return what can make the price of a tariff another than that of the list."""

    def changes(self, terms: Terms, period: Period) -> Iterable[date]:
        """Return the dates of a period on which a tariff's price may change, and perhaps others."""

    def applied(self, price: Price, terms: Terms, day: date) -> Price:
        """Return the price of a tariff on a date, from the one by the rules before."""
