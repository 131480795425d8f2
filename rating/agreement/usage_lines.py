"""Lines for what cameras used: one for each segment, with the way its price comes about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import ClassVar

from rating.agreement.agreed import Agreed
from rating.agreement.lines import Section
from rating.agreement.price import Price
from rating.line_sums import LineSum
from rating.periods import Period

_ORDER = attrgetter("segment.rate.month", "segment.rate.tariff_id", "segment.starts_at")


@dataclass(frozen=True, slots=True)
class UsageLine:
    """The charges of a segment together, as `agreed` prices them."""

    section: ClassVar[Section] = Section.USAGE
    sum: LineSum
    agreed: Agreed = field(compare=False, repr=False)

    @property
    def currency(self) -> str:
        """The currency of the tariff."""
        return self.sum.segment.rate.currency

    @property
    def minor(self) -> int:
        """The sum of the charges that have a price."""
        return self.sum.minor

    @property
    def dates(self) -> Period:
        """The dates of the segment."""
        return self.sum.segment.period

    @property
    def prices(self) -> Sequence[tuple[Period, Price]]:
        """How the price comes about, by date. It is worked out when it is needed."""
        return self.agreed.prices_of(self.sum.segment).parts

    @property
    def month(self) -> date:
        """The month of the rate."""
        return self.sum.segment.rate.month

    @property
    def is_unpriced(self) -> bool:
        """Whether something is billable and has no price."""
        return self.sum.unpriced > 0

    @property
    def discounted(self) -> tuple[Decimal, Decimal] | None:
        """The gross price and the discount on it (BT-148, BT-147), if one applies to all dates."""
        return self.agreed.prices_of(self.sum.segment).discounted


def usage_lines(agreed: Agreed, sums: Iterable[LineSum]) -> Iterator[UsageLine]:
    """Yield a line for each sum of charges, by month, tariff and date."""
    for each in sorted(sums, key=_ORDER):
        yield UsageLine(each, agreed)
