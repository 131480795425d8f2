"""Propose reminders, and find out what follows those of the last level.

What is proposed is made again until somebody decides. Callers are jobs, and pages that have changed
what decides about the reminders of an organization.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from invoices.models import OpenItem
from organizations.contacts.recipients import reminder_addresses
from organizations.models import Organization
from reminders.charging import can_be_charged
from reminders.due import Due, situation_of
from reminders.follow_ups import follow_up
from reminders.models import Reminder, ReminderItem, ReminderState
from reminders.rules import Rules, current_rules
from tariffs.provider_calendar import provider_date


def organizations_to_look_at(now: datetime) -> list[int]:
    """Return the ids of the organizations whose reminders can have changed, in order.

    They owe something that has been overdue for long enough, have an undecided reminder, or have
    reached the last level.
    """
    days = current_rules().levels
    found = {
        *Reminder.objects.undecided().values_list("organization", flat=True),
        *Reminder.objects.followed().values_list("organization", flat=True),
    }
    if days:
        latest = provider_date(now) - timedelta(days=days[0].days)
        overdue = OpenItem.objects.filter(is_cancelled=False, outstanding__gt=0, due_on__lte=latest)
        found |= {*overdue.order_by().values_list("organization", flat=True).distinct()}
    return sorted(found)


@transaction.atomic
def look_at(*, organization_id: int, now: datetime, rules: Rules | None = None) -> list[int]:
    """Propose the reminders of an organization that are due; take back those that are not.

    If reminders are sent automatically, there is an address, and what they charge is not too large,
    they are approved at once. Return
    the ids of the approved ones, which the caller sends after this transaction.
    """
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    rules, today = rules or current_rules(), provider_date(now)
    situation = situation_of(organization, rules, today)
    due = {each.currency: each for each in situation.due()}
    own = Reminder.objects.filter(organization=organization)
    for reminder in own.undecided().select_for_update():
        wanted = due.pop(reminder.currency, None)
        if reminder.state == ReminderState.PROPOSED:
            if wanted is None:
                reminder.delete()
            else:
                rewrite(reminder, wanted, today)
    for wanted in due.values():
        propose(organization, wanted, today, now)
    if rules.is_automatic and reminder_addresses([organization]).get(organization.pk):
        proposed = own.filter(state=ReminderState.PROPOSED)
        ready = [each.pk for each in proposed if can_be_charged(each)]
        proposed.filter(pk__in=ready).update(
            state=ReminderState.APPROVED, decided_at=now, decided_by=None
        )
    follow_up(situation, now)
    approved = own.filter(state=ReminderState.APPROVED).order_by("pk")
    return list(approved.values_list("pk", flat=True))


def propose(organization: Organization, due: Due, today: date, now: datetime) -> Reminder:
    """Store a reminder as proposed. The organization is locked."""
    reminder = Reminder.objects.create(
        organization=organization,
        owner_id=organization.owner_id,
        currency=due.currency,
        proposed_at=now,
        **_values(due, today),
    )
    ReminderItem.objects.bulk_create(_items(reminder, due))
    return reminder


def rewrite(reminder: Reminder, due: Due, today: date) -> None:
    """Make an undecided reminder state what is due now. The organization is locked."""
    values = _values(due, today)
    if any(getattr(reminder, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(reminder, name, value)
        reminder.save(update_fields=[*values])
    wanted = _items(reminder, due)
    if [_contents(each) for each in reminder.items.order_by("pk")] != [
        _contents(each) for each in wanted
    ]:
        reminder.items.all().delete()
        ReminderItem.objects.bulk_create(wanted)


def _values(due: Due, today: date) -> dict[str, object]:
    return {
        "level": due.level,
        "is_last": due.is_last,
        "as_of": today,
        "total": due.total,
        "fee": due.fee,
        "interest": due.interest,
    }


def _items(reminder: Reminder, due: Due) -> Sequence[ReminderItem]:
    return [
        ReminderItem(
            reminder=reminder,
            invoice=each.invoice,
            level=each.level,
            outstanding=each.outstanding,
            days_overdue=each.days_overdue,
            rate=each.rate,
            interest_days=each.interest_days,
            interest=each.interest,
        )
        for each in due.items
    ]


def _contents(item: ReminderItem) -> tuple[object, ...]:
    names = ("invoice_id", "level_id", "outstanding", "days_overdue", "rate", "interest")
    return tuple(getattr(item, name) for name in names)
