"""Template tags that show an organization."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from accounts.access import signed_in
from foundation.web.tabs import tabs_of
from organizations.access import sees_all_of
from organizations.header import facts_of
from organizations.models import Organization

register = template.Library()


@register.inclusion_tag("organizations/_header.html", takes_context=True)
def organization_header(context: Context, organization: Organization) -> dict[str, Any]:
    """Show the facts about an organization and the tabs to its pages."""
    request, now = context["request"], timezone.now()
    user = signed_in(request)
    return {
        "user": user,
        "request": request,
        "organization": organization,
        "trial": organization.trial_state(now),
        "tags": [] if user.is_owner else list(organization.tags.all()),
        "facts": facts_of(user, organization, now),
        "tabs": tabs_of(
            request,
            organization.pk,
            is_owner=user.is_owner,
            is_reader=not sees_all_of(user, organization),
        ),
    }
