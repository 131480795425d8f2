"""Decide on proposed reminders, and send those that are approved.

An operator, or the settings, approve reminders; a job sends each in a transaction of its own. That
transaction adds the charges, states what the reminder says, and requests its mails. If the job is
killed, all of that is there or nothing, and the reminder is still approved; the next job sends it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import override
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from accounts.models import User
from foundation.mail.requests import defer_mails
from invoices.provider.parties import buyer_of
from organizations.billing.details import details_of
from organizations.contacts.recipients import reminder_addresses
from organizations.models import Organization
from reminders.charging import can_be_charged, charge
from reminders.due import situation_of
from reminders.models import (
    LONGEST_SUBJECT,
    FollowUp,
    Reminder,
    ReminderItem,
    ReminderMail,
    ReminderState,
)
from reminders.proposing import rewrite
from reminders.refusals import NoAddress, NothingSelected, TooMuchCharged
from reminders.rules import Rules, current_rules
from reminders.texts import reminder_texts
from tariffs.provider_calendar import provider_date

MOST_AT_ONCE = 1_000
_REMINDERS_A_JOB = 50


@transaction.atomic
def approve(*, ids: Collection[int], now: datetime, by: User) -> int:
    """Have proposed reminders sent after the transaction; return how many.

    Raises:
        NothingSelected: none of them is proposed any more.
        NoAddress: an organization has no address. Nothing is sent then.
        TooMuchCharged: an organization has fee or interest that cannot be charged. Neither then.
    """
    proposed = _locked(ids)
    organizations = {each.organization_id: each.organization for each in proposed}
    addresses = reminder_addresses(list(organizations.values()))
    missing = sorted(each.title for pk, each in organizations.items() if not addresses.get(pk))
    if missing:
        raise NoAddress(missing)
    if large := sorted({each.organization.title for each in proposed if not can_be_charged(each)}):
        raise TooMuchCharged(large)
    found = [each.pk for each in proposed]
    Reminder.objects.filter(pk__in=found).update(
        state=ReminderState.APPROVED, decided_at=now, decided_by=by
    )
    defer_sending(found, by.pk)
    return len(found)


@transaction.atomic
def skip(*, ids: Collection[int], reason: str, now: datetime, by: User) -> int:
    """Skip proposed reminders: their invoices count as reminded at these levels; return how many.

    Raises:
        NothingSelected: none of them is proposed any more.
    """
    found = [each.pk for each in _locked(ids)]
    return Reminder.objects.filter(pk__in=found).update(
        state=ReminderState.SKIPPED, reason=reason, decided_at=now, decided_by=by
    )


def _locked(ids: Collection[int]) -> list[Reminder]:
    proposed = Reminder.objects.filter(pk__in=ids, state=ReminderState.PROPOSED)
    found = list(proposed.select_for_update(of=("self",)).select_related("organization"))
    if not found:
        raise NothingSelected
    return found


def defer_sending(ids: Sequence[int], user_id: int | None) -> None:
    """Defer jobs that send approved reminders."""
    jobs: list[dict[str, JSONValue]] = [
        {"reminder_ids": [*ids[start : start + _REMINDERS_A_JOB]], "user_id": user_id}
        for start in range(0, len(ids), _REMINDERS_A_JOB)
    ]
    if jobs:
        app.configure_task("reminders.send", allow_unknown=False).batch_defer(*jobs)


@transaction.atomic
def send(*, reminder_id: int, now: datetime, rules: Rules | None = None) -> None:
    """Send an approved reminder with what is due now; nothing happens to others.

    It is deleted if nothing is due any more. If an invoice reaches a level that was not approved,
    there is no address, or its charges are too large, it is proposed again.
    """
    found = Reminder.objects.filter(pk=reminder_id).values_list("organization", flat=True).first()
    if found is None:
        return
    organization = Organization.objects.select_for_update(no_key=True).get(pk=found)
    approved = Reminder.objects.filter(pk=reminder_id, state=ReminderState.APPROVED)
    reminder = approved.select_for_update(of=("self",)).select_related("decided_by").first()
    if reminder is None:
        return
    today = provider_date(now)
    situation = situation_of(organization, rules or current_rules(), today)
    due = next((each for each in situation.due() if each.currency == reminder.currency), None)
    if due is None:
        reminder.delete()
        return
    steps = reminder.items.exclude(level=None).values_list("invoice", "level")
    is_agreed = reminder.decided_by is None or due.steps <= {*steps}
    rewrite(reminder, due, today)
    emails = reminder_addresses([organization]).get(organization.pk, ())
    if not is_agreed or not emails or not can_be_charged(reminder):
        reminder.state, reminder.decided_at, reminder.decided_by = (
            ReminderState.PROPOSED,
            None,
            None,
        )
        reminder.save(update_fields=["state", "decided_at", "decided_by"])
        return
    _send(reminder, organization, emails, now)


def _send(
    reminder: Reminder, organization: Organization, emails: Sequence[str], now: datetime
) -> None:
    items: list[ReminderItem] = list(reminder.items.select_related("invoice").order_by("pk"))
    charge(reminder, items, organization, now)
    reminder.due_on = reminder.as_of + timedelta(days=reminder.level.days_to_pay)
    reminder.language = organization.invoice_language
    buyer = buyer_of(organization, details_of(organization.pk).on(reminder.as_of))
    with override(reminder.language):
        texts = reminder_texts(reminder, reminder.level, buyer.name)
    # What is filled in can be long.
    reminder.subject = texts.subject[:LONGEST_SUBJECT]
    reminder.introduction = texts.introduction
    reminder.state = ReminderState.SENT
    reminder.follow_up = FollowUp.WAITING if reminder.is_last else ""
    reminder.owner_id = organization.owner_id
    reminder.save()
    mails = ReminderMail.objects.bulk_create(
        ReminderMail(reminder=reminder, email=each, asked_at=now, asked_by=reminder.decided_by)
        for each in emails
    )
    defer_mails("reminders.send_mails", mails, "mail_ids")
