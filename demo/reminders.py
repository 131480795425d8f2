"""Levels of reminders, and organizations at each of them, paused, or with a promise to pay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import F

from accounts.models import User
from demo.sign_ins import SIGN_INS
from foundation.web.versions import digest_of
from invoices.models import OpenItem
from organizations.contacts.recipients import reminder_addresses
from organizations.models import Organization
from reminders.arrangements.operations import arrange
from reminders.levels.operations import (
    GeneralValues,
    LevelValues,
    add_level,
    change_general,
    stored_general,
)
from reminders.models import Arrangement, PaymentPromise, Reminder, ReminderState
from reminders.proposing import look_at
from reminders.sending import send

_RATE = Decimal("9.12")
_LEVELS = (
    LevelValues("Payment reminder", 7, Decimal(0), 7, {}, {}),
    LevelValues(
        "Second reminder", 21, Decimal("9.12"), 7, {"EUR": Decimal(5), "USD": Decimal(6)}, {}
    ),
    LevelValues(
        "Last reminder",
        35,
        _RATE,
        3,
        {"EUR": Decimal(10), "USD": Decimal(12)},
        {
            "en": (
                "Last reminder before suspension: {total}",
                "{total} is still overdue. If it is not paid by {due}, your cameras will be "
                "suspended.",
            )
        },
    ),
)


def remind(today: date) -> None:
    """Add levels, and send reminders to organizations that have owed something for long."""
    for level in _LEVELS:
        add_level(level)
    least = {"EUR": Decimal(2), "USD": Decimal(2)}
    values = GeneralValues(is_automatic=False, least=least)
    change_general(shown=digest_of(stored_general()), values=values)
    overdue = OpenItem.objects.filter(
        is_cancelled=False,
        outstanding__gt=2,
        due_on__lt=today - timedelta(days=_LEVELS[-1].days),
        invoice__owner=F("organization__owner"),
    )
    owing = dict.fromkeys(overdue.order_by("pk").values_list("organization", flat=True))
    addressed = reminder_addresses(list(Organization.objects.filter(pk__in=owing)))
    roles = (_until_suspension, _promised, _paused)
    reminded = [pk for pk in owing if addressed.get(pk)]
    for role, organization_id in zip(roles, reminded, strict=False):
        role(organization_id, today)
    for organization_id in owing:
        look_at(organization_id=organization_id, now=_noon(today))


def _until_suspension(organization_id: int, today: date) -> None:
    """Send all levels; nobody has paid after the last one."""
    _send_on(organization_id, [today - timedelta(days=days) for days in (25, 15, 5)])


def _promised(organization_id: int, today: date) -> None:
    """Send the first level, after which payment is promised."""
    _send_on(organization_id, [today - timedelta(days=9)])
    item = OpenItem.objects.filter(organization=organization_id, outstanding__gt=2).first()
    arrange(
        model=PaymentPromise,
        organization_id=organization_id,
        fields={
            "currency": item.currency if item else "EUR",
            "first_on": today - timedelta(days=1),
            "last_on": today + timedelta(days=6),
            "amount": None,
            "note": "Promised by telephone",
        },
        now=_noon(today),
    )


def _paused(organization_id: int, today: date) -> None:
    """Send two levels, after which reminders are paused."""
    _send_on(organization_id, [today - timedelta(days=days) for days in (20, 11)])
    arrange(
        model=Arrangement,
        organization_id=organization_id,
        fields={
            "first_on": today - timedelta(days=10),
            "last_on": today + timedelta(days=20),
            "reason": "A complaint about two cameras is being looked into",
            "is_pause": True,
            "extra_days": 0,
            "charges_fees": True,
            "charges_interest": True,
        },
        now=_noon(today),
    )


def _send_on(organization_id: int, days: Sequence[date]) -> None:
    """Send what is due on each day, as an operator would have."""
    operator = User.objects.get(email=SIGN_INS[0][1])
    for day in days:
        look_at(organization_id=organization_id, now=_noon(day))
        proposed = Reminder.objects.filter(organization=organization_id)
        for reminder in list(proposed.filter(state=ReminderState.PROPOSED)):
            reminder.state, reminder.decided_by = ReminderState.APPROVED, operator
            reminder.decided_at = _noon(day)
            reminder.save()
            send(reminder_id=reminder.pk, now=_noon(day))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
