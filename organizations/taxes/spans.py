"""Which tax applies when: pure functions of the versions of rates and billing details."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from organizations.taxes.models import TaxCategory

# The date from which rates apply that were entered before rates had dates.
BEGINNING = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class TaxTerms:
    """A tax as it applies on some dates.

    `percent` is 0 for categories without rates, and None on dates before the first rate.
    """

    name: str
    category: TaxCategory
    percent: Decimal | None
    exemption_text: str
    exemption_code: str

    def is_same(self, other: TaxTerms | None) -> bool:
        """Return whether invoices state both in the same way."""
        return other is not None and self._stated == other._stated

    @property
    def _stated(self) -> tuple[TaxCategory, Decimal | None, str, str]:
        return self.category, self.percent, self.exemption_text, self.exemption_code


@dataclass(frozen=True, slots=True)
class TaxSpan:
    """The dates from `start` until `end` (excluded), and the tax on them; None: not chosen."""

    start: date
    end: date
    terms: TaxTerms | None


@dataclass(frozen=True, slots=True)
class DatedTax:
    """A tax and the versions of its rate, in order of their dates."""

    name: str
    category: TaxCategory
    exemption_text: str
    exemption_code: str
    percents: Sequence[tuple[date, Decimal]]

    def on(self, day: date) -> TaxTerms:
        """Return the tax as it applies on a date."""
        percent: Decimal | None = Decimal(0)
        if self.category is TaxCategory.STANDARD:
            begun = [percent for valid_from, percent in self.percents if valid_from <= day]
            percent = begun[-1] if begun else None
        return TaxTerms(self.name, self.category, percent, self.exemption_text, self.exemption_code)


def spans_of(
    choices: Sequence[tuple[date | None, DatedTax | None]], start: date, end: date
) -> list[TaxSpan]:
    """Return the taxes from `start` until `end` (excluded), cut where what is stated changes.

    `choices` are dates, in order, and the tax chosen from each on; the first date can be None, for
    the beginning. Before the first no tax is chosen.
    """
    spans: list[TaxSpan] = []
    days = [start, *sorted(_changes(choices, start, end)), end]
    for first, until in pairwise(days):
        terms = _on(choices, first)
        last = spans[-1] if spans else None
        if last and (last.terms.is_same(terms) if last.terms else terms is None):
            spans[-1] = TaxSpan(last.start, until, last.terms)
        else:
            spans.append(TaxSpan(first, until, terms))
    return spans


def _changes(
    choices: Iterable[tuple[date | None, DatedTax | None]], start: date, end: date
) -> set[date]:
    days = {day for day, _tax in choices if day}
    days.update(day for _from, tax in choices if tax for day, _percent in tax.percents)
    return {day for day in days if start < day < end}


def _on(choices: Sequence[tuple[date | None, DatedTax | None]], day: date) -> TaxTerms | None:
    for valid_from, tax in reversed(choices):
        if valid_from is None or valid_from <= day:
            return tax.on(day) if tax else None
    return None
