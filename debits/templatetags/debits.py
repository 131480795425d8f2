"""Template tags that show direct debits."""

from django import template

from accounts.models import User
from debits.shown import OrganizationDebits
from debits.shown import debits_of as shown_debits
from organizations.models import Organization

register = template.Library()


@register.simple_tag
def debits_of(organization: Organization, user: User) -> OrganizationDebits:
    """Return what a user who sees all of an organization sees of its direct debits."""
    return shown_debits(organization, user)
