"""Represent money exactly, with its currency, and round it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rating.currencies import minor_digits

__all__ = ["minor_digits"]


class CurrencyMismatchError(ValueError):
    """Amounts in different currencies were added, subtracted or compared."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in a currency's major units; combining two currencies is an error."""

    number: Decimal
    currency: str

    @classmethod
    def of_minor(cls, minor: int, currency: str) -> Amount:
        """Return `minor` units of a currency, with the decimal places defined in ISO 4217."""
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
        """Return whether this amount is smaller. Raises: CurrencyMismatchError."""
        return self.number < self._number_of(other)

    def _number_of(self, other: Amount) -> Decimal:
        if other.currency != self.currency:
            raise CurrencyMismatchError(f"{self.currency} and {other.currency}")
        return other.number


def in_major_units(minor: int, digits: int) -> Decimal:
    """Return `minor` units as an exact amount with `digits` decimal places."""
    return Decimal(minor).scaleb(-digits)


def rounded_half_up(numerator: int, denominator: int) -> int:
    """Round a non-negative fraction to a whole number, halves up.

    `Schedule.pieces` repeats this inline for speed: change both.
    """
    return (2 * numerator + denominator) // (2 * denominator)


def quotient_to_places(numerator: int, denominator: int, places: int) -> Decimal:
    """Return a fraction, 0 or more, rounded to decimal places, halves up."""
    return in_major_units(rounded_half_up(numerator * 10**places, denominator), places)


def to_places(exact: Fraction, places: int) -> Decimal:
    """Round a number to decimal places, halves away from 0."""
    return in_major_units(in_minor_units(exact, places), places)


def in_minor_units(exact: Fraction, digits: int) -> int:
    """Return an amount with `digits` decimal places in minor units; halves away from 0."""
    minor = rounded_half_up(abs(exact.numerator) * 10**digits, exact.denominator)
    return minor if exact >= 0 else -minor


def share_in_minor_units(amount: Amount, part: int, whole: int) -> int:
    """Return `part / whole` of an amount, 0 or more, in minor units; halves up."""
    numerator, denominator = amount.number.as_integer_ratio()
    scale: int = 10 ** minor_digits(amount.currency)
    return rounded_half_up(numerator * scale * part, denominator * whole)
