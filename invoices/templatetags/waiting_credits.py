"""Template tags that show credits that no invoice will deduct as things are."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template

from invoices.uninvoiced.waiting_credits import MOST_SHOWN
from invoices.uninvoiced.waiting_credits import waiting_credits as found
from organizations.models import Organization

register = template.Library()


@register.inclusion_tag("invoices/uninvoiced/_waiting_credits.html")
def waiting_credits(
    organization: Organization, before: date | None = None, last: date | None = None
) -> dict[str, Any]:
    """Show the waiting credits of an organization, or those dated before a period until `last`."""
    return {
        "organization": organization,
        "credits": found(organization.pk, before),
        "most": MOST_SHOWN,
        "last": last,
    }
