"""The currencies in which there can be reminders."""

from __future__ import annotations

from collections.abc import Collection

from invoices.models import OpenItem
from organizations.models import Organization
from tariffs.models import Tariff


def owed_first(organization: Organization) -> str | None:
    """Return the currency of what an organization has to pay first; None if it owes nothing."""
    unpaid = OpenItem.objects.filter(
        organization=organization, is_cancelled=False, outstanding__gt=0
    )
    return unpaid.order_by("due_on", "pk").values_list("currency", flat=True).first()


def used_currencies(*others: Collection[str]) -> list[str]:
    """Return the currencies of tariff plans, of what is unpaid, and `others`, sorted."""
    unpaid = OpenItem.objects.filter(is_cancelled=False, outstanding__gt=0).order_by()
    found = {
        *Tariff.objects.order_by().values_list("currency", flat=True).distinct(),
        *unpaid.values_list("currency", flat=True).distinct(),
    }
    return sorted(found.union(*others))
