"""What an organization owes or is owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from invoices.documents.document import Kind
from invoices.models import Invoice
from invoices.querysets import NOTHING
from organizations.access import sees_all_of
from organizations.models import Organization
from tariffs.provider_calendar import provider_date


@dataclass(frozen=True, slots=True)
class Balance:
    """The sums invoiced, credited and paid in one currency.

    `overdue` is the sum of the overdue amounts of single invoices. Overpaid invoices do not
    reduce it.
    """

    currency: str
    invoiced: Decimal
    credited: Decimal
    paid: Decimal
    overdue: Decimal

    @property
    def owed(self) -> Decimal:
        """The amount that the organization owes, negative if the amount is owed to it."""
        return self.invoiced - self.credited - self.paid

    @property
    def credit(self) -> Decimal:
        """The amount owed to the organization, or 0."""
        return max(-self.owed, Decimal(0))


def balances_of(organization: Organization, today: date) -> Sequence[Balance]:
    """Return the balance in each currency that the organization was billed in, by currency code."""
    invoices = Invoice.objects.filter(organization=organization).with_open_item(today)
    sums = (
        invoices.order_by("currency")
        .values("currency")
        .annotate(
            invoiced=Coalesce(Sum("total", filter=Q(kind=Kind.INVOICE)), NOTHING),
            credited=Coalesce(Sum("total", filter=Q(kind=Kind.CREDIT_NOTE)), NOTHING),
            received=Sum("paid"),
            late=Coalesce(
                Sum("outstanding", filter=Q(outstanding__gt=0, due_on__lt=today)), NOTHING
            ),
        )
    )
    return [
        Balance(
            each["currency"], each["invoiced"], each["credited"], each["received"], each["late"]
        )
        for each in sums
    ]


def balances_today(user: User, organization: Organization, now: datetime) -> Sequence[Balance]:
    """Return the balances that the header of an organization shows; readers are shown none."""
    if not sees_all_of(user, organization):
        return []
    return balances_of(organization, provider_date(now))
