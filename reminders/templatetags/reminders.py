"""Template tags that show reminders."""

from django import template
from django.utils import timezone

from accounts.models import User
from organizations.models import Organization
from reminders.shown import OrganizationReminders
from reminders.shown import reminders_of as shown_reminders

register = template.Library()


@register.simple_tag
def reminders_of(organization: Organization, user: User) -> OrganizationReminders:
    """Return the reminders of an organization that a user can see, with what comes next."""
    return shown_reminders(organization, user, timezone.now())
