"""What invoices of a statement state in each currency, apart from who sends and receives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from invoices.documents.document import CarriedCredit, DocumentLine
from invoices.issuing.line_taxes import TaxOn
from invoices.issuing.lines import lines_of_bill, usage_lines
from invoices.models import InvoicedPeriod
from rating.agreement.bills import Bill, whole_months
from rating.agreement.credits import CreditLine
from rating.money import in_major_units, minor_digits
from rating.periods import month_of
from usage.statements.freezing import ChargesFile
from usage.statements.statement import Statement


@dataclass(frozen=True, slots=True)
class Contents:
    """The lines of an invoice; `charged` is what they come to before credits.

    `carried` is what is left of the credits with the ids in `carried_from`.
    """

    lines: tuple[DocumentLine, ...]
    charged: Decimal
    carried: tuple[CarriedCredit, ...] = ()
    carried_from: Sequence[int] = ()


def contents_of_all(
    statement: Statement, frozen: Mapping[str, ChargesFile], tax_on: TaxOn
) -> dict[str, Contents]:
    """Return what is charged by currency; `frozen` are the charges of the statement."""
    if not statement.has_terms:
        return {
            currency: _of_usage(statement, currency, charges, tax_on)
            for currency, charges in frozen.items()
        }
    sums = [each for charges in frozen.values() for each in charges.sums]
    return {
        bill.currency: _of_bill(statement, bill, tax_on)
        for bill in statement.bills(sums)
        if bill.has_charges or bill.currency in frozen
    }


def cut_months(statement: Statement) -> list[date]:
    """Return the months, by first dates, that can only be invoiced as a whole but are cut."""
    if not statement.has_terms:
        return []
    months = sorted(whole_months(statement.agreed))
    return [each for each in months if month_of(each).within(statement.period) != month_of(each)]


def first_free_date(organization_id: int, currency: str, day: date) -> date:
    """Return the first date from `day` on that no invoice in force of a currency contains."""
    periods = InvoicedPeriod.objects.filter(organization=organization_id, period_until__gt=day)
    later = periods.filter(invoice__currency=currency).order_by("period_from")
    for start, end in later.values_list("period_from", "period_until"):
        if day < start:
            break
        day = end
    return day


def _of_usage(statement: Statement, currency: str, charges: ChargesFile, tax_on: TaxOn) -> Contents:
    digits = minor_digits(currency)
    lines = usage_lines(
        ((each, None) for each in charges.sums), digits, statement.tariff_names, tax_on
    )
    return Contents(lines, sum((line.amount for line in lines), in_major_units(0, digits)))


def _of_bill(statement: Statement, bill: Bill, tax_on: TaxOn) -> Contents:
    digits = minor_digits(bill.currency)
    left = [line for line in bill.lines if isinstance(line, CreditLine) and line.left]
    return Contents(
        lines=lines_of_bill(bill, statement.tariff_names, tax_on),
        charged=in_major_units(sum(max(line.minor, 0) for line in bill.lines), digits),
        carried=_carried(statement, left, digits),
        carried_from=[line.credit.id for line in left],
    )


def _carried(
    statement: Statement, left: Sequence[CreditLine], digits: int
) -> tuple[CarriedCredit, ...]:
    """Return what is left of credits, by the first date after the period that is not invoiced."""
    if not left:
        return ()
    currency, day = left[0].currency, left[0].carried_on
    day = first_free_date(statement.organization.pk, currency, day)
    return tuple(
        CarriedCredit(line.credit.text, day, in_major_units(line.left, digits)) for line in left
    )
