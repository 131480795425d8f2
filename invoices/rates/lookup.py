"""Find the exchange rate that applies between two currencies on a date."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal

from invoices.documents.accounting_tax import AppliedRate
from invoices.rates.models import ExchangeRate

CROSS_DIGITS = 10
"""The significant digits of a cross rate. The tax is computed from the rate as it is stated."""

_CROSS = Context(prec=CROSS_DIGITS, rounding=ROUND_HALF_UP)


class RatesUpTo:
    """The latest rates on or before a date, at most some days older; read with one query."""

    def __init__(self, day: date, *, days: int) -> None:
        self._by_day: dict[date, dict[frozenset[str], ExchangeRate]] = defaultdict(dict)
        for each in ExchangeRate.objects.published(day, day - timedelta(days=days)):
            self._by_day[each.day][frozenset((each.base, each.currency))] = each

    def between(self, currency: str, other: str) -> AppliedRate | None:
        """Return the latest rate between two currencies, or None if there is none.

        Of one date, a rate between the two comes before a cross rate by a third currency, for
        example by the euro. A cross rate says what one unit of `currency` costs in `other`.
        """
        for rates in self._by_day.values():
            if found := rates.get(frozenset((currency, other))):
                return AppliedRate(
                    found.base, found.currency, _plain(found.rate), found.day, found.source
                )
            if crossed := _crossed(rates, currency, other):
                return crossed
        return None


def _crossed(
    rates: dict[frozenset[str], ExchangeRate], currency: str, other: str
) -> AppliedRate | None:
    """Return the rate by the first third currency, in order of its code, that has rates of both."""
    for base in sorted({each.base for each in rates.values()}):
        one, two = rates.get(frozenset((base, currency))), rates.get(frozenset((base, other)))
        if one and two and one.base == two.base == base:
            rate = _CROSS.divide(two.rate, one.rate)
            sources = ", ".join(dict.fromkeys((one.source, two.source)))
            return AppliedRate(currency, other, _plain(rate), one.day, sources)
    return None


def _plain(rate: Decimal) -> Decimal:
    """Return a rate without zeros at its end, which says the same in fewer digits."""
    rate = rate.normalize()
    return rate if rate.as_tuple().exponent <= 0 else rate.quantize(Decimal(1))  # type: ignore[operator]
