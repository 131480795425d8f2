"""Discounts in percent, on one tariff or on all; the higher one counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain

from rating.agreement.price import Price
from rating.agreement.terms import Agreement
from rating.periods import Period
from rating.pricing import Terms


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount of 0 to 100 percent on one tariff, or on all."""

    percent: Decimal
    dates: Period
    tariff_id: int | None = None


@dataclass(frozen=True, slots=True)
class DiscountExemption:
    """Dates on which a discount on all tariffs does not apply to one of them."""

    tariff_id: int
    dates: Period


class Discounts:
    """Take the highest discount of a date off its price. Discounts do not add up."""

    KINDS = (Discount, DiscountExemption)

    def __init__(self, agreement: Agreement) -> None:
        """Take discounts and exemptions from an agreement."""
        self._discounts = agreement.of(Discount)
        self._exemptions = agreement.of(DiscountExemption)

    def concerning(self, terms: Terms) -> Sequence[object]:
        """Return the discounts on a tariff, with the exemptions from them."""
        scopes = None, terms.tariff_id
        discounts = [each for each in self._discounts if each.tariff_id in scopes]
        if not discounts or not self._exemptions:
            return discounts
        own = [each for each in self._exemptions if each.tariff_id == terms.tariff_id]
        return [*discounts, *own]

    def changes(self, terms: Terms, period: Period) -> Iterable[date]:
        """Return the dates on which a discount or an exemption starts or ends."""
        yield from chain.from_iterable(each.dates for each in self._discounts)
        yield from chain.from_iterable(each.dates for each in self._exemptions)

    def applied(self, price: Price, terms: Terms, day: date) -> Price:
        """Return the price with the discount of a date."""
        tariff_id = terms.tariff_id
        is_exempt = any(
            each.tariff_id == tariff_id and each.dates.includes(day) for each in self._exemptions
        )
        scopes = {tariff_id} if is_exempt else {tariff_id, None}
        percents = [
            each.percent
            for each in self._discounts
            if each.tariff_id in scopes and each.dates.includes(day)
        ]
        return Price(price.gross, price.basis, max(percents, default=Decimal(0)))
