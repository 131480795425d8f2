"""The changes that can be simulated, as values that replace prices or terms.

A change applies to all months that are computed, as if it had been in force from the first of their
dates. What is in force on these dates in the same scope is replaced.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, ClassVar

from cattrs import Converter
from cattrs.strategies import configure_tagged_union

from rating.agreement.discounts import Discount
from rating.agreement.individual_prices import IndividualPrice
from rating.agreement.terms import Agreement
from rating.periods import Period
from rating.price_versions import PriceVersion, VolumeStep
from usage.statements.price_list import Tariffs


class _Nothing:
    """What a change leaves as it is."""

    __slots__ = ()
    is_forecast: ClassVar[bool] = False

    def tariffs(self, tariffs: Tariffs, period: Period) -> Tariffs:
        """Return the tariffs of a period."""
        return tariffs

    def agreement(self, agreement: Agreement, period: Period) -> Agreement:
        """Return the terms of an organization in a period."""
        return agreement


@dataclass(frozen=True, slots=True)
class Unchanged(_Nothing):
    """No change: what the present month comes to at its end, if cameras stay as they are now."""

    is_forecast: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class ListPriceChange(_Nothing):
    """Another price of a tariff; `steps` are pairs of camera-months and the price from there on."""

    tariff_id: int
    amount: Decimal
    steps: tuple[tuple[Decimal, Decimal], ...] = ()

    def tariffs(self, tariffs: Tariffs, period: Period) -> Tariffs:
        """Return the tariffs of a period, one of them with this price."""
        steps = tuple(VolumeStep(*each) for each in self.steps)
        price = PriceVersion(period.start, self.amount, steps)
        terms = [
            replace(each, prices=[price]) if each.tariff_id == self.tariff_id else each
            for each in tariffs.terms
        ]
        return tariffs._replace(terms=terms)


@dataclass(frozen=True, slots=True)
class IndividualPriceChange(_Nothing):
    """An organization's own price of a tariff; None is the price of the list."""

    tariff_id: int
    amount: Decimal | None

    def agreement(self, agreement: Agreement, period: Period) -> Agreement:
        """Return the terms of an organization in a period, with this price."""
        return _with(agreement, IndividualPrice(self.tariff_id, period.start, self.amount))


@dataclass(frozen=True, slots=True)
class DiscountChange(_Nothing):
    """An organization's discount on a tariff, or on all if it is None; 0 percent is none."""

    tariff_id: int | None
    percent: Decimal

    def agreement(self, agreement: Agreement, period: Period) -> Agreement:
        """Return the terms of an organization in a period, with this discount."""
        return _with(agreement, Discount(self.percent, period, self.tariff_id))


Change = Unchanged | ListPriceChange | IndividualPriceChange | DiscountChange


def _with(agreement: Agreement, new: IndividualPrice | Discount) -> Agreement:
    """Return the terms with a new one instead of those of its kind on the same tariff."""
    kept = [
        term
        for term in agreement.terms
        if not (isinstance(term, type(new)) and term.tariff_id == new.tariff_id)
    ]
    return Agreement([*kept, new])


def _converter() -> Converter:
    converter = Converter()
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    configure_tagged_union(Change, converter)
    return converter


_CONVERTER = _converter()


def stored(change: Change) -> dict[str, Any]:
    """Return a change as plain values for a JSON column."""
    values: dict[str, Any] = _CONVERTER.unstructure(change, Change)
    return values


def read(values: Any) -> Change:
    """Return the change that `stored` has written."""
    change: Change = _CONVERTER.structure(values, Change)  # type: ignore[arg-type]
    return change
