"""Find credits that no invoice will deduct as things are, because their months have no charges.

A credit belongs to the period that contains its date, and only an invoice carries the rest of one
over; docs/pricing.md, "What was agreed". So a month without charges keeps its credits.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncMonth

from invoices.models import InvoicedPeriod
from invoices.uninvoiced.models import CountedMonths, UninvoicedMonth
from organizations.agreement.described import one_off_total
from organizations.models import OneOffCharge
from rating.money import Amount
from rating.periods import month_of

MOST_SHOWN = 100


class WaitingCredit(NamedTuple):
    """A credit and what it comes to, above 0."""

    charge: OneOffCharge
    amount: Amount

    @property
    def month(self) -> date:
        """The first date of its month, from which on a period can contain it."""
        return month_of(self.charge.day).start


def waiting_credits(organization_id: int, before: date | None = None) -> list[WaitingCredit]:
    """Return the first credits of months that are over and have neither charges nor an invoice.

    `before` keeps those dated before it.
    """
    counted = CountedMonths.objects.filter(pk=organization_id).values("until")
    credits = OneOffCharge.objects.filter(
        organization=organization_id, quantity__lt=0, day__lt=Subquery(counted)
    )
    found: QuerySet[OneOffCharge] = credits.alias(month=TruncMonth("day")).exclude(
        Exists(_including()) | Exists(_with_charges())
    )
    if before is not None:
        found = found.filter(day__lt=before)
    rows = found.order_by("day", "pk")[:MOST_SHOWN]
    return [WaitingCredit(each, -one_off_total(each)) for each in rows]


def _including() -> QuerySet[InvoicedPeriod]:
    return InvoicedPeriod.objects.filter(
        organization=OuterRef("organization"),
        period_from__lte=OuterRef("day"),
        period_until__gt=OuterRef("day"),
        invoice__currency=OuterRef("currency"),
    )


def _with_charges() -> QuerySet[UninvoicedMonth]:
    return UninvoicedMonth.objects.filter(
        organization=OuterRef("organization"),
        currency=OuterRef("currency"),
        month=OuterRef("month"),
    )
