"""What follows a reminder of the last level: a proposal to suspend, later one to restore.

An operator decides on both, on the pages of the agreement.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from organizations.models import Organization, Suspension
from reminders.due import Situation, situation_of
from reminders.models import FollowUp, Reminder
from reminders.refusals import NotProposed
from reminders.rules import current_rules
from tariffs.provider_calendar import provider_date


def follow_up(situation: Situation, now: datetime) -> None:
    """Store what follows the last reminders of an organization, which is locked."""
    organization = situation.organization
    followed = list(Reminder.objects.filter(organization=organization).followed())
    if not followed:
        return
    today = organization.date_at(now)
    suspension = open_suspension(organization, today)
    for reminder in followed:
        after = _following(reminder, situation, suspension)
        if after != reminder.follow_up:
            reminder.follow_up = after
            reminder.save(update_fields=["follow_up"])


def stopped(organization_id: int) -> None:
    """Store what follows the last reminders of an organization that was suspended or closed."""
    if not Reminder.objects.filter(organization=organization_id).followed().exists():
        return
    organization, now = Organization.objects.get(pk=organization_id), timezone.now()
    follow_up(situation_of(organization, current_rules(), provider_date(now)), now)


def open_suspension(organization: Organization, today: date) -> Suspension | None:
    """Return the suspension of an organization that is in force or planned, without an end."""
    suspensions = organization.suspensions.not_over(today).filter(last_on=None)
    return suspensions.order_by("first_on").first()


def suspension_address(reminder: Reminder, now: datetime) -> str:
    """Return the address of the form that suspends an organization from today on, filled in."""
    organization = reminder.organization
    with override(organization.invoice_language):
        reason = _("Not paid after the reminder of %(date)s") % {
            "date": date_format(reminder.as_of)
        }
    query = {"first_on": organization.date_at(now).isoformat(), "reason": reason}
    return reverse("organizations:add_term", args=[organization.pk, "suspensions"], query=query)


def _following(reminder: Reminder, situation: Situation, suspension: Suspension | None) -> FollowUp:
    is_owed = situation.is_owed(reminder.currency)
    is_collected = reminder.currency in situation.collected_on
    if suspension is not None and suspension.first_on >= reminder.as_of:
        return FollowUp.SUSPENDED if is_owed or is_collected else FollowUp.RESTORE
    # One that was there before, or that somebody has ended, is not due to this reminder.
    was_suspended = reminder.follow_up in (FollowUp.SUSPENDED, FollowUp.RESTORE)
    is_closed = situation.organization.closed_on is not None
    if was_suspended or suspension is not None or is_closed:
        return FollowUp.DONE
    if not is_owed:
        # What is being collected may come back from the bank.
        return FollowUp.WAITING if is_collected else FollowUp.DONE
    assert reminder.due_on is not None
    is_over = reminder.due_on < situation.today and not situation.is_paused(reminder.currency)
    return FollowUp.SUSPEND if is_over else FollowUp.WAITING


@transaction.atomic
def decline(*, reminder_id: int, reason: str) -> None:
    """Decide that nothing follows a reminder: it is not suspended, or stays so.

    Raises:
        NotProposed: nothing is proposed any more.
    """
    reminder = Reminder.objects.select_for_update().get(pk=reminder_id)
    if reminder.follow_up not in (FollowUp.SUSPEND, FollowUp.RESTORE):
        raise NotProposed
    reminder.follow_up, reminder.follow_up_reason = FollowUp.DONE, reason
    reminder.save(update_fields=["follow_up", "follow_up_reason"])
