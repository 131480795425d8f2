"""The lines of documents: from the sums of charges, and from bills if something was agreed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from operator import itemgetter

from invoices.differences.settlement import TaxKey
from invoices.documents.agreed_lines import other_lines
from invoices.documents.document import CAMERA_MONTH_PLACES, DocumentLine
from invoices.issuing.line_taxes import TaxOn
from rating.agreement.bills import Bill
from rating.agreement.credits import CreditLine
from rating.agreement.lines import Section
from rating.agreement.usage_lines import UsageLine
from rating.line_sums import LineSum
from rating.money import in_major_units, minor_digits
from rating.periods import ONE_DAY


def usage_lines(
    sums: Iterable[tuple[LineSum, Decimal | None]],
    digits: int,
    names: Mapping[int, str],
    tax_on: TaxOn,
) -> tuple[DocumentLine, ...]:
    """Return the lines for what is billable and priced in a currency, by month and tariff.

    `sums` are sums of charges with the gross price, if a discount on it is stated. `names` are
    tariff names by id.
    """
    lines = []
    for each, gross_price in sums:
        (start, end), rate = each.segment.period, each.segment.rate
        if rate.price is None or not each.billable:
            continue
        tax = tax_on(start)
        line = DocumentLine(
            item=names[rate.tariff_id],
            period_from=start,
            period_until=end,
            price=rate.price,
            cameras=each.cameras,
            quantity=each.camera_months(CAMERA_MONTH_PLACES),
            amount=in_major_units(each.minor, digits),
            tax_category=tax.category,
            tax_percent=tax.percent,
            gross_price=gross_price,
        )
        lines.append(((rate.month, line.item, start, rate.tariff_id), line))
    return tuple(line for _order, line in sorted(lines, key=itemgetter(0)))


def lines_of_bill(bill: Bill, names: Mapping[int, str], tax_on: TaxOn) -> tuple[DocumentLine, ...]:
    """Return the lines of a bill in the order of its sections; `names` are tariff names by id."""
    digits = minor_digits(bill.currency)
    used = [_with_gross_price(line) for line in bill.lines if isinstance(line, UsageLine)]
    lines = [*usage_lines(used, digits, names, tax_on)]
    lines += other_lines(bill, tax_on)
    for line in bill.lines:
        if isinstance(line, CreditLine):
            lines += _credited(line, lines, digits, tax_on)
    return tuple(lines)


def _with_gross_price(line: UsageLine) -> tuple[LineSum, Decimal | None]:
    discounted = line.discounted
    return line.sum, discounted[0] if discounted else None


def _credited(
    credit: CreditLine, before: Iterable[DocumentLine], digits: int, tax_on: TaxOn
) -> list[DocumentLine]:
    """Return the lines that take a credit off the lines before, first off those with its tax.

    So what is left with each tax is not below 0, and neither is the total with tax.
    """
    left: dict[TaxKey, Decimal] = defaultdict(Decimal)
    for line in before:
        left[line.tax_category, line.tax_percent] += line.amount
    day, rest = credit.credit.day, in_major_units(credit.deducted, digits)
    own = tax_on(day)[:2]
    parts: list[tuple[TaxKey, Decimal]] = []
    for tax in sorted(left, key=lambda each: (each != own, each)):
        if part := min(rest, left[tax]):
            parts.append((tax, part))
            rest -= part
    is_whole = len(parts) == 1 and not credit.left
    return [
        DocumentLine(
            item=credit.credit.text,
            period_from=day,
            period_until=day + ONE_DAY,
            price=credit.credit.each.number if is_whole else part,
            cameras=0,
            quantity=credit.credit.quantity if is_whole else Decimal(-1),
            amount=-part,
            tax_category=category,
            tax_percent=percent,
            section=Section.CREDITS,
        )
        for (category, percent), part in parts
    ]
