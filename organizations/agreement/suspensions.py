"""The suspension of an organization that is in force or planned, for pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Prefetch

from accounts.models import User
from organizations.agreement.described import dates_text
from organizations.agreement.models import Suspension
from organizations.models import Organization

# No local date is further away from that of UTC; the time zone may just have changed.
_DAYS_AWAY = timedelta(days=4)


class ShownSuspension(NamedTuple):
    """A suspension, with its state (`now` or `later`) and dates as people read them."""

    suspension: Suspension
    state: str
    dates: str


def coming_suspensions(now: datetime) -> Prefetch[Any, Any, Any]:
    """Return what reads the suspensions of many organizations for `suspension_of`."""
    rows = Suspension.objects.not_over(now.date() - _DAYS_AWAY)
    return Prefetch("suspensions", rows.order_by("first_on"), to_attr="coming_suspensions")


def suspension_of(organization: Organization, now: datetime) -> ShownSuspension | None:
    """Return the suspension in force, or else the next one; None if there is none."""
    today = organization.date_at(now)
    coming = getattr(organization, "coming_suspensions", None)
    if coming is None:
        coming = organization.suspensions.not_over(today).order_by("first_on")[:1]
    found = next((each for each in coming if not each.last_on or each.last_on >= today), None)
    if found is None:
        return None
    state = "later" if found.first_on > today else "now"
    return ShownSuspension(found, state, dates_text(found.first_on, found.last_on))


def suspension_fact(
    user: User, organization: Organization, now: datetime
) -> ShownSuspension | None:
    """Return what the header of an organization shows, to everybody who sees it."""
    return suspension_of(organization, now)
