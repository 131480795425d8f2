"""One-off charges: a quantity of something on a date. Below 0 it is a credit; see `credits`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import ClassVar

from rating.agreement.agreed import Agreed
from rating.agreement.lines import Line, Section
from rating.money import Amount, in_minor_units, minor_digits
from rating.periods import Period


@dataclass(frozen=True, slots=True)
class OneOffCharge:
    """A quantity of something on a date, for an amount each, 0 or more."""

    id: int
    text: str
    day: date
    quantity: Decimal
    each: Amount

    @property
    def is_credit(self) -> bool:
        """Whether it is deducted."""
        return self.quantity < 0

    @property
    def minor(self) -> int:
        """What it comes to, in minor units, halves away from 0."""
        exact = Fraction(self.quantity) * Fraction(self.each.number)
        return in_minor_units(exact, minor_digits(self.each.currency))


@dataclass(frozen=True, slots=True)
class OneOffLine:
    """A one-off charge. It does not count towards a minimum."""

    section: ClassVar[Section] = Section.ONE_OFF
    is_unpriced: ClassVar[bool] = False
    month: ClassVar[None] = None
    charge: OneOffCharge

    @property
    def currency(self) -> str:
        """The currency of the charge."""
        return self.charge.each.currency

    @property
    def dates(self) -> Period:
        """The date of the charge."""
        return Period.since(self.charge.day, self.charge.day)

    @property
    def minor(self) -> int:
        """What the charge comes to."""
        return self.charge.minor


def in_period(agreed: Agreed) -> list[OneOffCharge]:
    """Return the charges and credits whose dates have begun, in order of date."""
    charges = agreed.agreement.of(OneOffCharge)
    if not charges:
        return []
    begun = agreed.begun
    found = [each for each in charges if begun.includes(each.day)]
    return sorted(found, key=attrgetter("day", "id"))


def one_off_lines(agreed: Agreed, before: Sequence[Line]) -> Iterator[OneOffLine]:
    """Yield a line for each charge that is not a credit."""
    for charge in in_period(agreed):
        if not charge.is_credit:
            yield OneOffLine(charge)
