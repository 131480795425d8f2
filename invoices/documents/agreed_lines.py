"""The lines of documents for what was agreed beside prices: fees, one-off charges, minimums."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from invoices.documents.document import CAMERA_MONTH_PLACES, DocumentLine
from organizations.models import TaxCategory
from rating.agreement.bills import Bill
from rating.agreement.fees import FeeLine
from rating.agreement.lines import Line, Section
from rating.agreement.minimums import MinimumLine
from rating.agreement.one_off import OneOffLine
from rating.money import in_major_units, minor_digits, quotient_to_places
from rating.periods import ONE_DAY, Period

# Returns the category and the percentage of the tax on a date, and perhaps more about it.
TaxOn = Callable[[date], tuple[TaxCategory, Decimal, *tuple[Any, ...]]]

SECTIONS = (Section.FEES, Section.ONE_OFF, Section.MINIMUM)


def other_lines(bill: Bill, tax_on: TaxOn) -> Iterator[DocumentLine]:
    """Yield the lines of a bill in these `SECTIONS`, without minimums that are reached."""
    digits = minor_digits(bill.currency)
    for line in bill.lines:
        match line:
            case FeeLine():
                yield _fee(line, digits, tax_on)
            case OneOffLine():
                yield _one_off(line, digits, tax_on)
            case MinimumLine() if line.minor:
                yield _minimum(line, digits, tax_on)


def _fee(line: FeeLine, digits: int, tax_on: TaxOn) -> DocumentLine:
    return _line(
        line,
        item=line.fee.name,
        dates=line.dates,
        taxed_on=line.dates.start,
        price=line.fee.amount.number,
        quantity=quotient_to_places(line.days, line.month_days, CAMERA_MONTH_PLACES),
        digits=digits,
        tax_on=tax_on,
        days=line.days,
    )


def _one_off(line: OneOffLine, digits: int, tax_on: TaxOn) -> DocumentLine:
    charge = line.charge
    return _line(
        line,
        item=charge.text,
        dates=Period(charge.day, charge.day + ONE_DAY),
        taxed_on=charge.day,
        price=charge.each.number,
        quantity=charge.quantity,
        digits=digits,
        tax_on=tax_on,
    )


def _minimum(line: MinimumLine, digits: int, tax_on: TaxOn) -> DocumentLine:
    return _line(
        line,
        item="",
        dates=line.dates,
        # What a month falls short of its minimum is known at its end.
        taxed_on=line.dates.last,
        price=in_major_units(line.minor, digits),
        quantity=Decimal(1),
        digits=digits,
        tax_on=tax_on,
        gross_price=in_major_units(line.minimum, digits),
        days=sum(days for _minimum, days in line.parts),
    )


def _line(
    line: Line,
    *,
    item: str,
    dates: Period,
    taxed_on: date,
    price: Decimal,
    quantity: Decimal,
    digits: int,
    tax_on: TaxOn,
    gross_price: Decimal | None = None,
    days: int | None = None,
) -> DocumentLine:
    category, percent, *_more = tax_on(taxed_on)
    return DocumentLine(
        item=item,
        period_from=dates.start,
        period_until=dates.end,
        price=price,
        cameras=0,
        quantity=quantity,
        amount=in_major_units(line.minor, digits),
        tax_category=category,
        tax_percent=percent,
        section=line.section,
        gross_price=gross_price,
        days=days,
    )
