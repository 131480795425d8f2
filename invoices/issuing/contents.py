"""What invoices of a statement state in each currency, apart from who sends and receives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    """The lines of an invoice and their sum; `charged` is what they come to before credits.

    `carried` is what is left of the credits with the ids in `carried_from`.
    """

    lines: tuple[DocumentLine, ...]
    net: Decimal
    charged: Decimal
    carried: tuple[CarriedCredit, ...] = ()
    carried_from: Sequence[int] = ()


def contents_of_all(
    statement: Statement, frozen: Mapping[str, ChargesFile], tax_on: TaxOn
) -> dict[str, Contents]:
    """Return what is charged by currency; `frozen` are the charges of the statement."""
    return {
        currency: _of_bill(statement, charges.bill, tax_on)
        if charges.bill
        else _of_usage(statement, currency, charges, tax_on)
        for currency, charges in frozen.items()
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
    net = sum_of(lines, digits)
    return Contents(lines, net=net, charged=net)


def sum_of(lines: Iterable[DocumentLine], digits: int) -> Decimal:
    """Return the sum of lines in a currency with so many digits."""
    return sum((line.amount for line in lines), in_major_units(0, digits))


def _of_bill(statement: Statement, bill: Bill, tax_on: TaxOn) -> Contents:
    digits = minor_digits(bill.currency)
    left = [line for line in bill.lines if isinstance(line, CreditLine) and line.left]
    lines = lines_of_bill(bill, statement.tariff_names, tax_on)
    return Contents(
        lines=lines,
        net=sum_of(lines, digits),
        charged=in_major_units(
            sum(minor for line in bill.lines if (minor := line.minor) > 0), digits
        ),
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
