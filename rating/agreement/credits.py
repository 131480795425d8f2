"""Credits: one-off charges with a quantity below 0, deducted from what there is to pay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from rating.agreement.agreed import Agreed
from rating.agreement.lines import Line, Section
from rating.agreement.one_off import OneOffCharge, in_period
from rating.periods import Period


@dataclass(frozen=True, slots=True)
class CreditLine:
    """A credit: of `available` minor units, `deducted` are taken off; the rest is carried over.

    When an invoice is issued, what is `left` becomes a credit of its own, with the same text, of
    `carried_on`.
    """

    section: ClassVar[Section] = Section.CREDITS
    is_unpriced: ClassVar[bool] = False
    month: ClassVar[None] = None
    credit: OneOffCharge
    available: int
    deducted: int
    carried_on: date

    @property
    def currency(self) -> str:
        """The currency of the credit."""
        return self.credit.each.currency

    @property
    def dates(self) -> Period:
        """The date of the credit."""
        return Period.since(self.credit.day, self.credit.day)

    @property
    def minor(self) -> int:
        """What the credit takes off: 0 or less."""
        return -self.deducted

    @property
    def left(self) -> int:
        """What could not be deducted."""
        return self.available - self.deducted


def credit_lines(agreed: Agreed, before: Sequence[Line]) -> Iterator[CreditLine]:
    """Return a line for each credit, in order of date, as far as totals stay 0 or more."""
    credits = [each for each in in_period(agreed) if each.is_credit]
    totals = Counter[str]()
    for line in before if credits else ():
        totals[line.currency] += line.minor
    return deducted(credits, totals, agreed.schedule.period.end)


def deducted(
    credits: Iterable[OneOffCharge], totals: Counter[str], carried_on: date
) -> Iterator[CreditLine]:
    """Yield a line for each credit, in the order given, and reduce the `totals` by currency."""
    for credit in credits:
        currency, available = credit.each.currency, -credit.minor
        part = min(available, totals[currency])
        totals[currency] -= part
        yield CreditLine(credit, available, part, carried_on)
