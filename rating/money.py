"""Amounts of money: exact numbers with their currency, and the one rounding there is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from iso4217 import Currency


class CurrencyMismatchError(ValueError):
    """Amounts of different currencies cannot be added or compared."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of a currency's major units; adding amounts of two currencies is an error."""

    number: Decimal
    currency: str

    @classmethod
    def of_minor(cls, minor: int, currency: str) -> Amount:
        """Return `minor` units of a currency, with the decimal places that ISO 4217 gives it."""
        return cls(in_major_units(minor, minor_digits(currency)), currency)

    def __bool__(self) -> bool:
        return bool(self.number)

    def __neg__(self) -> Amount:
        return Amount(-self.number, self.currency)

    def __add__(self, other: Amount) -> Amount:
        """Return the sum. Raises: CurrencyMismatchError."""
        return Amount(self.number + self._number_of(other), self.currency)

    def __sub__(self, other: Amount) -> Amount:
        """Return the difference. Raises: CurrencyMismatchError."""
        return Amount(self.number - self._number_of(other), self.currency)

    def __lt__(self, other: Amount) -> bool:
        """Compare. Raises: CurrencyMismatchError."""
        return self.number < self._number_of(other)

    def _number_of(self, other: Amount) -> Decimal:
        if other.currency != self.currency:
            raise CurrencyMismatchError(f"{self.currency} and {other.currency}")
        return other.number


@cache
def minor_digits(code: str) -> int:
    """Return how many decimal places an amount in currency `code` has: 0 to 4.

    Raises:
        ValueError: `code` is no ISO 4217 currency that money is counted in.
    """
    digits = Currency(code).exponent
    if digits is None:
        raise ValueError(f"{code} has no minor unit.")
    return digits


def in_major_units(minor: int, digits: int) -> Decimal:
    """Return `minor` units as an exact amount with `digits` decimal places."""
    return Decimal(minor).scaleb(-digits)


def rounded_half_up(numerator: int, denominator: int) -> int:
    """Round the non-negative fraction to a whole number, halves up: the one rounding there is."""
    return (2 * numerator + denominator) // (2 * denominator)
