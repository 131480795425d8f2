"""The taxes of lines by their dates, and the taxes that documents state for them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import override

from invoices.differences.settlement import subtotals
from invoices.documents.document import DocumentLine, TaxSubtotal
from organizations.models import TaxCategory
from organizations.taxes.spans import TaxSpan, TaxTerms
from rating.money import in_major_units
from rating.periods import ONE_DAY

# Codes of VATEX, the standard's list of reasons why no tax is due (BT-121).
_REASON_CODES = {
    TaxCategory.REVERSE_CHARGE: "VATEX-EU-AE",
    TaxCategory.NONE: "VATEX-EU-O",
    TaxCategory.INTRA_EU: "VATEX-EU-IC",
    TaxCategory.EXPORT: "VATEX-EU-G",
}


class LineTax(NamedTuple):
    """The tax of a line. `reason` and `reason_code` say why none is due; else they are empty."""

    category: TaxCategory
    percent: Decimal
    reason: str
    reason_code: str


class Dated(Protocol):
    """Anything with a first date."""

    @property
    def period_from(self) -> date: ...


# Returns the tax in force on a date.
TaxOn = Callable[[date], LineTax]


def taxes_of(
    lines: Collection[DocumentLine], digits: int, tax_on: TaxOn
) -> tuple[TaxSubtotal, ...]:
    """Return the taxes on lines, with the reasons of their dates."""
    # Most lines end on the same date.
    ends = dict.fromkeys(line.period_until for line in lines)
    stated = _without_amounts((tax_on(end - ONE_DAY) for end in ends), digits)
    return subtotals(lines, stated, digits)


def stated_taxes(lines: Iterable[Dated], digits: int, tax_on: TaxOn) -> list[TaxSubtotal]:
    """Return the tax of each line's date, without amounts."""
    return _without_amounts((tax_on(line.period_from) for line in lines), digits)


def _without_amounts(taxes: Iterable[LineTax], digits: int) -> list[TaxSubtotal]:
    nothing = in_major_units(0, digits)
    # Few lines differ in their taxes, and subtotals take each reason once.
    return [TaxSubtotal(*tax, net=nothing, amount=nothing) for tax in dict.fromkeys(taxes)]


def taxes_by_date(spans: Sequence[TaxSpan], language: str) -> TaxOn:
    """Return the taxes of a period by date, with their texts in the language of its invoices.

    A document states each category and percentage once, so it states all reasons together.
    """
    with override(language):
        taxes = [_line_tax(span.terms) for span in spans]
    joined = [
        tax._replace(
            reason="; ".join(dict.fromkeys(each.reason for each in same)),
            reason_code=tax.reason_code if len({each.reason_code for each in same}) == 1 else "",
        )
        for tax in taxes
        if (same := [each for each in taxes if each[:2] == tax[:2]])
    ]
    starts = [span.start for span in spans]
    return lambda day: joined[bisect_right(starts, day) - 1]


def _line_tax(terms: TaxTerms | None) -> LineTax:
    """Return the tax of lines. Blockers refuse to issue them if none is chosen or has no rate."""
    if terms is None:
        return LineTax(TaxCategory.NONE, Decimal(0), _reason(TaxCategory.NONE), "")
    category = terms.category
    reason = terms.exemption_text or _reason(category)
    code = terms.exemption_code or _REASON_CODES.get(category, "")
    return LineTax(category, terms.percent or Decimal(0), reason, code)


def _reason(category: TaxCategory) -> str:
    match category:
        case TaxCategory.EXEMPT:
            return _("Exempt from tax")
        case TaxCategory.REVERSE_CHARGE:
            return _("Reverse charge: the recipient is liable for the tax")
        case TaxCategory.NONE:
            return _("Not subject to tax")
        case TaxCategory.INTRA_EU:
            return _("Intra-EU supply, exempt from tax")
        case TaxCategory.EXPORT:
            return _("Export, exempt from tax")
    return ""
