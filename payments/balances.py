"""What an organization owes or is owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from accounts.models import User
from invoices.documents.document import Kind
from invoices.models import Invoice
from organizations.access import sees_all_of
from organizations.models import Organization
from payments.models import PaymentKind
from tariffs.provider_calendar import provider_date


@dataclass(frozen=True, slots=True)
class Balance:
    """The sums invoiced, credited and paid in one currency.

    `overdue` is the sum of the overdue amounts of single invoices. What is left of payments does
    not reduce it: `on_account` is usable credit, and `deposits` are kept.
    """

    currency: str
    invoiced: Decimal
    credited: Decimal
    paid: Decimal
    overdue: Decimal
    on_account: Decimal = Decimal(0)
    deposits: Decimal = Decimal(0)

    @property
    def owed(self) -> Decimal:
        """The amount that the organization owes, negative if the amount is owed to it."""
        return self.invoiced - self.credited - self.paid

    @property
    def credit(self) -> Decimal:
        """The amount owed to the organization, or 0."""
        return max(-self.owed, Decimal(0))


def balances_of(organization: Organization, today: date) -> Sequence[Balance]:
    """Return the balance in each currency that was billed or paid, by currency code."""
    invoices = Invoice.objects.filter(organization=organization).with_open_item(today)
    billed = _by_currency(
        invoices,
        invoiced=Sum("total", filter=Q(kind=Kind.INVOICE)),
        credited=Sum("total", filter=Q(kind=Kind.CREDIT_NOTE)),
        overdue=Sum("outstanding", filter=Q(outstanding__gt=0, due_on__lt=today)),
    )
    is_left, is_deposit = Q(on_account__remaining__gt=0), Q(kind=PaymentKind.DEPOSIT)
    received = _by_currency(
        organization.payments.all(),
        paid=Sum("amount"),
        # In this order: from then on `on_account` is the sum, and not the relation.
        deposits=Sum("on_account__remaining", filter=is_left & is_deposit),
        on_account=Sum("on_account__remaining", filter=is_left & ~is_deposit),
    )
    empty = {field.name: Decimal(0) for field in fields(Balance) if field.name != "currency"}
    return [
        Balance(currency, **empty | billed.get(currency, {}) | received.get(currency, {}))
        for currency in sorted({*billed, *received})
    ]


def _by_currency(rows: QuerySet[Any], **sums: Sum) -> dict[str, dict[str, Decimal]]:
    """Return the sums in each currency, 0 where there is nothing to add."""
    summed = rows.order_by("currency").values("currency").annotate(**sums)
    return {row["currency"]: {name: row[name] or Decimal(0) for name in sums} for row in summed}


def balances_today(user: User, organization: Organization, now: datetime) -> Sequence[Balance]:
    """Return the balances that the header of an organization shows; readers are shown none."""
    if not sees_all_of(user, organization):
        return []
    return balances_of(organization, provider_date(now))
