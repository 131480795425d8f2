"""Factories of levels and reminders."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from invoices.models import Invoice
from invoices.tests.factories import issued_invoice
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from payments.models import Method, Payment
from payments.operations import record_payment
from reminders.models import Arrangement, Level, PaymentPromise, Question, Reminder
from reminders.proposing import look_at
from reminders.sending import send

# An invoice that `issued_invoice` issues on 2 November 2026 is EUR 10.71 and due on the 16th.
DUE_ON = date(2026, 11, 16)
FIRST: dict[str, Any] = {"name": "First reminder", "days": 7, "days_to_pay": 7}
LAST: dict[str, Any] = {"name": "Last reminder", "days": 21, "days_to_pay": 10}


def after(days: int) -> datetime:
    """Return noon, so many days after the due date."""
    return datetime(2026, 11, 16, 12, tzinfo=UTC) + timedelta(days=days)


def a_level(*, fee: str = "", **values: object) -> Level:
    """Add a level; `fee` is in EUR."""
    level = Level.objects.create(**{**FIRST, **values})
    if fee:
        level.fees.create(currency="EUR", amount=Decimal(fee))
    return level


def two_levels() -> tuple[Level, Level]:
    """Add a first level without charges, and a last one with EUR 5.00 and 9 % a year."""
    return a_level(), a_level(fee="5.00", **LAST, rate=Decimal(9))


def look(organization: Organization, days: int) -> list[int]:
    """Look at an organization so many days after the due date."""
    return look_at(organization_id=organization.pk, now=after(days))


def a_reminder(invoice: Invoice | None = None, days: int = 7) -> Reminder:
    """Propose a reminder of an invoice, by default of a new one at a new first level."""
    if not Level.objects.exists():
        a_level()
    organization = (invoice or issued_invoice()).organization
    look(organization, days)
    return Reminder.objects.get(organization=organization, state="proposed")


def an_arrangement(reason: str = "Agreed") -> Arrangement:
    """Pause the reminders of a new organization."""
    return Arrangement.objects.create(
        organization=OrganizationFactory.create(),
        first_on=DUE_ON,
        last_on=DUE_ON + timedelta(days=30),
        reason=reason,
    )


def a_promise() -> PaymentPromise:
    """Record a promise of a new organization to pay all that it owes in EUR."""
    return PaymentPromise.objects.create(
        organization=OrganizationFactory.create(),
        currency="EUR",
        first_on=DUE_ON,
        last_on=DUE_ON + timedelta(days=30),
    )


def an_empty_reminder() -> Reminder:
    """Store a reminder of nothing."""
    organization = OrganizationFactory.create()
    return Reminder.objects.create(
        organization=organization,
        owner=organization.owner,
        currency="EUR",
        level=a_level(),
        is_last=True,
        as_of=DUE_ON,
        total=1,
        fee=0,
        interest=0,
        proposed_at=after(7),
    )


def a_sent_reminder(invoice: Invoice | None = None) -> Reminder:
    """Send a reminder a week after the due date; its mail waits."""
    reminder = a_reminder(invoice)
    Reminder.objects.filter(pk=reminder.pk).update(state="approved")
    send(reminder_id=reminder.pk, now=after(7))
    reminder.refresh_from_db()
    return reminder


def a_question() -> Question:
    """Store a question without messages."""
    invoice = issued_invoice()
    return Question.objects.create(
        invoice=invoice, amount=1, asked_at=after(1), asked_by=invoice.owner
    )


def pay(invoice: Invoice, amount: str = "10.71") -> Payment:
    """Record that an invoice was paid on its due date."""
    return record_payment(
        invoice_id=invoice.pk,
        paid_on=DUE_ON,
        amount=Decimal(amount),
        method=Method.TRANSFER,
        reference="",
        now=after(1),
        by=None,
    )
