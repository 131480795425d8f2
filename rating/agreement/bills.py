"""Put the lines of all kinds of terms together: one bill for each currency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rating.agreement.agreed import Agreed
from rating.agreement.credits import credit_lines
from rating.agreement.fees import fee_lines
from rating.agreement.lines import Line, LineRule, Section
from rating.agreement.minimums import minimum_lines, months_with_minimum
from rating.agreement.one_off import one_off_lines
from rating.agreement.usage_lines import usage_lines
from rating.line_sums import LineSum
from rating.money import Amount

# In this order: a minimum needs cameras and fees, and credits need everything.
_RULES: Sequence[LineRule] = (fee_lines, one_off_lines, minimum_lines, credit_lines)


@dataclass(frozen=True, slots=True)
class Bill:
    """What an organization owes in a currency, in sections; `total` is never below 0."""

    currency: str
    lines: tuple[Line, ...]

    def section(self, section: Section) -> list[Line]:
        """Return the lines of a section."""
        return [line for line in self.lines if line.section is section]

    def sum_of(self, section: Section) -> Amount:
        """Return the sum of a section."""
        return self._amount(self.section(section))

    @property
    def total(self) -> Amount:
        """The sum of all lines that have a price."""
        return self._amount(self.lines)

    def _amount(self, lines: Iterable[Line]) -> Amount:
        return Amount.of_minor(sum(line.minor for line in lines), self.currency)

    @property
    def is_complete(self) -> bool:
        """Whether everything has a price. Otherwise no invoice can be issued."""
        return not any(line.is_unpriced for line in self.lines)

    @property
    def has_charges(self) -> bool:
        """Whether there is anything to invoice, even if credits leave nothing to pay."""
        return any(line.minor > 0 for line in self.lines)


def bills_of(agreed: Agreed, sums: Iterable[LineSum]) -> list[Bill]:
    """Return the bills of a period, by currency code.

    `sums` are those of all charges that the schedule of `agreed` prices.
    """
    lines: list[Line] = list(usage_lines(agreed, sums))
    for rule in _RULES:
        lines.extend(rule(agreed, tuple(lines)))
    currencies = sorted({line.currency for line in lines})
    return [
        Bill(currency, tuple(line for line in lines if line.currency == currency))
        for currency in currencies
    ]


def whole_months(agreed: Agreed) -> set[date]:
    """Return the months that can only be invoiced as a whole, by their first dates."""
    return {*months_with_minimum(agreed), *agreed.prices.months_by_volume(agreed.schedule.terms)}
