"""What keeps an organization's invoices of a period from being issued."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from invoices.issuing.refusals import (
    AlreadyInvoiced,
    DetailsMissing,
    IssueRefusal,
    NothingToBill,
    PeriodNotOver,
    Unpriced,
)
from invoices.models import Invoice
from invoices.provider.models import Provider
from invoices.provider.parties import missing_details
from organizations.models import Organization
from rating.periods import Period, first_instant


def blockers_of(
    provider: Provider,
    organization: Organization,
    period: Period,
    now: datetime,
    unpriced: int,
) -> list[IssueRefusal]:
    """Return what keeps all currencies back; `unpriced` is how many charges have no price.

    Whatever their currency: a statement that is incomplete is none to invoice from.
    """
    blockers: list[IssueRefusal] = []
    if first_instant(period.end, organization.zone) > now:
        blockers.append(PeriodNotOver())
    if missing := missing_details(provider, organization):
        blockers.append(DetailsMissing(missing=missing))
    if unpriced:
        blockers.append(Unpriced(number=unpriced))
    return blockers


def currency_blocker(
    currency: str, net: Decimal, overlapping: Collection[Invoice]
) -> AlreadyInvoiced | NothingToBill | None:
    """Return what keeps one currency back; `overlapping` are the standing invoices of the time."""
    taken = [invoice for invoice in overlapping if invoice.currency == currency]
    if taken:
        return AlreadyInvoiced.by(taken)
    return None if net else NothingToBill()
