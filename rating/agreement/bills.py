"""Put the lines of all kinds of terms together: one bill for each currency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rating.agreement.agreed import Agreed
from rating.agreement.credits import CreditLine, credit_lines, deducted
from rating.agreement.fees import fee_lines
from rating.agreement.lines import Line, LineRule, Section
from rating.agreement.minimums import minimum_lines, months_with_minimum
from rating.agreement.one_off import one_off_lines
from rating.agreement.usage_lines import UsageLine, usage_lines
from rating.line_sums import LineSum
from rating.money import Amount
from rating.periods import next_month

# In this order: a minimum needs cameras and fees, and credits need everything.
_RULES: Sequence[LineRule] = (fee_lines, one_off_lines, minimum_lines, credit_lines)
_RECURRING = {Section.USAGE, Section.FEES, Section.MINIMUM}


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
        return Amount.of_minor(_sum(self.section(section)), self.currency)

    @property
    def total(self) -> Amount:
        """The sum of all lines that have a price."""
        return Amount.of_minor(self.minor, self.currency)

    @property
    def minor(self) -> int:
        """The same sum in minor units."""
        return _sum(self.lines)

    @property
    def charged(self) -> int:
        """The same sum before credits: a change of prices shows in it, even if credits pay all."""
        return _sum(line for line in self.lines if line.section is not Section.CREDITS)

    @property
    def recurring(self) -> int:
        """The sum of what recurs each month, in minor units: usage, fees and minimums."""
        return _sum(line for line in self.lines if line.section in _RECURRING)

    def by_month(self) -> dict[date, Bill]:
        """Return the bill of each calendar month, by its first date.

        Credits are deducted as if each month were invoiced on its own.
        """
        months: dict[date, list[Line]] = {}
        for line in self.lines:
            months.setdefault(line.dates.start.replace(day=1), []).append(line)
        return {month: self._of_month(month, months[month]) for month in sorted(months)}

    def _of_month(self, month: date, lines: Sequence[Line]) -> Bill:
        credits = [line.credit for line in lines if isinstance(line, CreditLine)]
        others = [line for line in lines if not isinstance(line, CreditLine)]
        totals = Counter({self.currency: _sum(others)})
        return Bill(self.currency, (*others, *deducted(credits, totals, next_month(month))))

    @property
    def is_complete(self) -> bool:
        """Whether everything has a price. Otherwise no invoice can be issued."""
        return not any(line.is_unpriced for line in self.lines)

    @property
    def unpriced(self) -> int:
        """The number of charges of cameras that have no price."""
        return sum(line.sum.unpriced for line in self.lines if isinstance(line, UsageLine))

    @property
    def has_charges(self) -> bool:
        """Whether there is anything to invoice, even if credits leave nothing to pay."""
        return any(line.minor > 0 for line in self.lines)


def _sum(lines: Iterable[Line]) -> int:
    return sum(line.minor for line in lines)


def bills_of(agreed: Agreed, sums: Iterable[LineSum]) -> list[Bill]:
    """Return the bills of a period, by currency code.

    `sums` are those of all charges that the schedule of `agreed` prices.
    """
    lines: list[Line] = list(usage_lines(agreed, sums))
    for rule in _RULES:
        lines.extend(rule(agreed, tuple(lines)))
    by_currency: dict[str, list[Line]] = {}
    for line in lines:
        by_currency.setdefault(line.currency, []).append(line)
    return [Bill(currency, tuple(by_currency[currency])) for currency in sorted(by_currency)]


def whole_months(agreed: Agreed) -> set[date]:
    """Return the months that can only be invoiced as a whole, by their first dates."""
    return {*months_with_minimum(agreed), *agreed.prices.months_by_volume(agreed.schedule.terms)}
