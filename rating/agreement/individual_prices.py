"""Individual prices: an organization's own price of a tariff, instead of that of the list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter

from rating.agreement.price import Price
from rating.agreement.terms import Agreement
from rating.periods import Period
from rating.pricing import Terms


@dataclass(frozen=True, slots=True)
class IndividualPrice:
    """An organization's monthly price of a tariff from a date on; None: the list price again."""

    tariff_id: int
    valid_from: date
    amount: Decimal | None


class IndividualPrices:
    """Replace the prices of the list, and their volume steps."""

    KINDS = (IndividualPrice,)

    def __init__(self, agreement: Agreement) -> None:
        """Take the versions from an agreement."""
        self._versions = sorted(agreement.of(IndividualPrice), key=attrgetter("valid_from"))

    def concerning(self, terms: Terms) -> list[IndividualPrice]:
        """Return the organization's own prices of a tariff, in order of date."""
        return [each for each in self._versions if each.tariff_id == terms.tariff_id]

    def changes(self, terms: Terms, period: Period) -> Iterable[date]:
        """Return the dates of the versions of a tariff."""
        return [each.valid_from for each in self.concerning(terms)]

    def applied(self, price: Price, terms: Terms, day: date) -> Price:
        """Return the individual price of a date, if there is one."""
        begun = [each for each in self.concerning(terms) if each.valid_from <= day]
        if not begun or begun[-1].amount is None:
            return price
        return Price(begun[-1].amount, begun[-1], price.percent)
