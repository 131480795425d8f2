"""What the header of an organization shows of partnerships."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from accounts.models import User
from organizations.access import sees_all_of
from organizations.models import Organization, Partnership


def partner_or_customers(user: User, organization: Organization, now: datetime) -> dict[str, Any]:
    """Return the present `partner` of an organization, or its number of present `customers`."""
    today = organization.date_at(now)
    of_either = Partnership.objects.on(today).filter(
        Q(organization=organization) | Q(partner=organization)
    )
    counted = of_either.aggregate(
        customers=Count("pk", filter=Q(partner=organization)), number=Count("pk")
    )
    if counted["customers"] and sees_all_of(user, organization):
        return {"organization": organization, "customers": counted["customers"]}
    if counted["number"] and not counted["customers"]:
        found = of_either.select_related("partner").get()
        return {"organization": organization, "partner": found.partner, "user": user}
    return {}
