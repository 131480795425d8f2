"""Template tags that show reminders."""

from collections.abc import Sequence

from django import template
from django.utils import timezone

from accounts.models import User
from invoices.models import Invoice
from organizations.models import Organization
from reminders.models import Question
from reminders.shown import MOST_SHOWN, OrganizationReminders
from reminders.shown import reminders_of as shown_reminders

register = template.Library()


@register.simple_tag
def reminders_of(organization: Organization, user: User) -> OrganizationReminders:
    """Return the reminders of an organization that a user can see, with what comes next."""
    return shown_reminders(organization, user, timezone.now())


@register.simple_tag
def questions_of(invoice: Invoice, user: User) -> Sequence[Question]:
    """Return the newest questions about an invoice that a user can see."""
    visible = Question.objects.visible_to(user).filter(invoice=invoice)
    return list(visible.order_by("-pk")[:MOST_SHOWN])
