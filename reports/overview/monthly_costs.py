"""What an organization cost in each of the last months, before tax.

Months that are invoiced show what their documents charge. Only the others are priced, and only if
that is quick: an organization with very many cameras shows them as not known here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Case, F, Sum, When
from django.db.models.functions import TruncMonth

from accounts.models import User
from invoices.documents.document import Kind
from invoices.models import Invoice, InvoicedPeriod, InvoiceLine
from organizations.models import Organization
from rating.periods import Period, month_of
from usage.models import UsageInterval
from usage.statements.drawings.scale import percent
from usage.statements.forms import as_query
from usage.statements.statement import statement_for

MONTHS = 13
MOST_PRICED = 20_000
"""The maximum number of usage intervals, times months, that are priced for the page."""

Nets = dict[str, dict[date, Decimal]]
"""Sums before tax, by currency and month."""


class MonthCost(NamedTuple):
    """The cost of a month, the length of its bar, and the query of its Usages page."""

    month: date
    net: Decimal
    width: str
    is_invoiced: bool
    query: dict[str, str]


@dataclass(frozen=True)
class CurrencyCosts:
    """The months of a currency that have costs, the latest first."""

    currency: str
    months: Sequence[MonthCost]


@dataclass(frozen=True)
class MonthlyCosts:
    """The costs by currency, and the months that are not invoiced and would take long to price."""

    currencies: Sequence[CurrencyCosts]
    not_priced: Sequence[date]


def monthly_costs(user: User, organization: Organization, now: datetime) -> MonthlyCosts:
    """Return what an organization cost in each of the last `MONTHS` months, this one included."""
    period = month_of(organization.date_at(now), months_before=MONTHS - 1, months=MONTHS)
    invoiced = _invoiced_months(organization, period)
    nets = _invoiced(user, organization, period)
    others = [month for month in _months(period) if month not in invoiced]
    not_priced: Sequence[date] = []
    if others and _is_quick(organization, span := _span(others)):
        for currency, by_month in _priced(organization, span, now).items():
            nets[currency] |= {month: net for month, net in by_month.items() if month in others}
    else:
        not_priced = others
    return MonthlyCosts(
        [_of_currency(*each, invoiced) for each in sorted(nets.items())], not_priced
    )


def _invoiced_months(organization: Organization, period: Period) -> set[date]:
    """Return the months of which some dates are invoiced."""
    periods = InvoicedPeriod.objects.filter(organization=organization).overlapping(
        period.start, period.end
    )
    return {
        month
        for start, end in periods.values_list("period_from", "period_until")
        for month in _months(Period(max(start, period.start), min(end, period.end)))
    }


def _invoiced(user: User, organization: Organization, period: Period) -> Nets:
    """Return the sums of the lines of documents in force, by the month that a line is for."""
    documents = Invoice.objects.visible_to(user).filter(
        organization=organization, cancels=None, credit_note=None, period_until__gt=period.start
    )
    signed = Case(When(invoice__kind=Kind.CREDIT_NOTE, then=-F("amount")), default=F("amount"))
    lines = InvoiceLine.objects.filter(
        invoice__in=documents.order_by(),
        period_from__gte=period.start,
        period_from__lt=period.end,
    )
    sums = (
        lines.order_by()
        .annotate(month=TruncMonth("period_from"))
        .values_list("invoice__currency", "month")
        .annotate(net=Sum(signed))
    )
    nets: Nets = defaultdict(dict)
    for currency, month, net in sums:
        nets[currency][month] = net
    return nets


def _is_quick(organization: Organization, span: Period) -> bool:
    """Return whether the usage in a period can be priced while somebody waits for a page."""
    most = MOST_PRICED // len(_months(span))
    used = UsageInterval.objects.filter(organization=organization).overlapping(
        organization.start_of(span.start), organization.start_of(span.end)
    )
    return used.order_by()[: most + 1].count() <= most


def _priced(organization: Organization, span: Period, now: datetime) -> Nets:
    statement = statement_for(organization=organization, period=span, as_of=now)
    nets: Nets = defaultdict(dict)
    for bill in statement.bills():
        for month, of_month in bill.by_month().items():
            nets[bill.currency][month] = of_month.total.number
    return nets


def _of_currency(
    currency: str, nets: dict[date, Decimal], invoiced: Collection[date]
) -> CurrencyCosts:
    most = max(max(nets.values()), Decimal(0))
    return CurrencyCosts(
        currency,
        [
            MonthCost(
                month=month,
                net=net,
                width=percent(float(100 * net / most)) if net > 0 else "0%",
                is_invoiced=month in invoiced,
                query=as_query(month_of(month)),
            )
            for month, net in sorted(nets.items(), reverse=True)
        ],
    )


def _months(period: Period) -> list[date]:
    """Return the first date of each month that a period overlaps."""
    first, last = (day.year * 12 + day.month - 1 for day in (period.start, period.last))
    return [date(index // 12, index % 12 + 1, 1) for index in range(first, last + 1)]


def _span(months: Sequence[date]) -> Period:
    """Return the shortest period with all of these months."""
    return Period(months[0], month_of(months[-1]).end)
