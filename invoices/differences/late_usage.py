"""Find usage of a month that no invoice includes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from invoices.models import Invoice
from organizations.models import Organization
from rating.money import in_major_units, minor_digits
from rating.periods import Period, month_of
from usage.statements.price_list import Tariffs, all_tariffs
from usage.statements.statement import statement_for


class Uninvoiced(NamedTuple):
    """What dates without an invoice come to, and the number of their charges without a price.

    `charged` is what they come to before credits, which can leave nothing to pay.
    """

    currency: str
    amount: Decimal
    unpriced: int
    charged: Decimal


def late_usage_of(
    organization: Organization, month: date, in_force: Collection[Invoice], now: datetime
) -> Iterator[Uninvoiced]:
    """Yield what a month comes to in each currency, on the dates that no invoice in force includes.

    `in_force` are the organization's invoices in force that overlap the month, and maybe others.
    """
    whole, tariffs = month_of(month), all_tariffs()
    sums = {whole: _sums(organization, whole, now, tariffs)}
    for currency in sums[whole][0]:
        taken = [invoice.period for invoice in in_force if invoice.currency == currency]
        minor = unpriced = charged = 0
        for gap in _gaps(whole, taken):
            if gap not in sums:
                sums[gap] = _sums(organization, gap, now, tariffs)
            minor += sums[gap][0][currency]
            unpriced += sums[gap][1][currency]
            charged += sums[gap][2][currency]
        if charged or unpriced:
            digits = minor_digits(currency)
            amounts = (in_major_units(each, digits) for each in (minor, charged))
            yield Uninvoiced(currency, next(amounts), unpriced, next(amounts))


def _sums(
    organization: Organization, period: Period, now: datetime, tariffs: Tariffs
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Return by currency what is owed, the number of charges without a price, and what is charged.

    Amounts are in minor units; what is charged is before credits.
    """
    statement = statement_for(organization=organization, period=period, as_of=now, tariffs=tariffs)
    minor, unpriced, charged = Counter[str](), Counter[str](), Counter[str]()
    for bill in statement.bills():
        minor[bill.currency] = bill.minor
        unpriced[bill.currency] = bill.unpriced
        charged[bill.currency] = bill.charged
    return minor, unpriced, charged


def _gaps(whole: Period, taken: Collection[Period]) -> list[Period]:
    """Return the parts of a period that are in none of others, which do not overlap."""
    gaps, start = [], whole.start
    for period in sorted(taken):
        if period.end <= start or whole.end <= period.start:
            continue
        if start < period.start:
            gaps.append(Period(start, period.start))
        start = period.end
    if start < whole.end:
        gaps.append(Period(start, whole.end))
    return gaps
