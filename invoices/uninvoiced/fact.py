"""What of an organization is not invoiced, for the header of its pages."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from invoices.uninvoiced.models import UninvoicedMonth, UninvoicedSum
from organizations.models import Organization


def uninvoiced_for(user: User, organization: Organization, now: datetime) -> list[UninvoicedSum]:
    """Return the sums of months that are over and not invoiced; owners are shown none."""
    if user.is_owner:
        return []
    return UninvoicedMonth.objects.filter(organization=organization).sums()
