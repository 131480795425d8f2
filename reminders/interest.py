"""Simple interest for days that are overdue."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from rating.money import minor_digits, to_places

_DAYS_A_YEAR = 365


def interest(amount: Decimal, currency: str, rate: Decimal, days: int) -> Decimal:
    """Return amount x rate / 100 x days / 365 in a currency, rounded once, halves up.

    `amount` and `days` are 0 or more; `rate` is in percent a year. docs/reminders.md, "Interest".
    """
    exact = Fraction(amount) * Fraction(rate) * days / (100 * _DAYS_A_YEAR)
    return to_places(exact, minor_digits(currency))
