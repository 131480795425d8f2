"""The mail with a reminder: what is overdue, and the statement of account as PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import override

from foundation.mail.composing import compose
from foundation.mail.requests import (
    Errors,
    Mails,
    MailState,
    give_up_mails,
    made_mails,
    send_mails,
)
from foundation.web.addresses import in_mails
from foundation.web.brand import Brand, brand
from invoices.provider.parties import buyer_of, provider_details
from invoices.terms.agreed import AgreedTerms, agreed_terms
from organizations.billing.details import details_of
from organizations.models import Organization
from payments.account.contents import MOST_PRINTED, pdf
from payments.account.statement import Account, account_of
from rating.periods import Period
from reminders.models import Reminder, ReminderMail


def send_requested(*, mail_ids: Sequence[int], now: datetime) -> None:
    """Send requested mails unless they were already sent; store their results.

    Raises:
        Exception: as `foundation.mail.requests.send_mails`.
    """
    waiting = ReminderMail.objects.filter(pk__in=mail_ids, state=MailState.WAITING)
    waiting = waiting.select_related("reminder__organization__owner", "reminder__level")
    batch = _Batch()
    send_mails(ReminderMail, list(waiting.order_by("attempts", "pk")), batch.mails_of, now=now)


def give_up(*, mail_ids: Sequence[int], error: Exception) -> None:
    """Mark the waiting ones among mails as failed, because they will not be tried again."""
    give_up_mails(ReminderMail, mail_ids, error)


def statement_of(reminder: Reminder, oldest: date) -> Account | None:
    """Return the statement of account up to the date of a reminder, as its owner may see it.

    It begins with the month of the oldest overdue invoice, or later if a PDF had no room for its
    lines; None if there is no room for those of one month.
    """
    organization = reminder.organization
    for first in _beginnings(oldest, reminder.as_of):
        period = Period.inclusive(first, reminder.as_of)
        stated = account_of(organization.owner, organization, period)
        if stated.entries <= MOST_PRINTED:
            return stated
    return None


def _beginnings(oldest: date, day: date) -> Iterator[date]:
    """Yield the firsts of months to begin with, the earliest first; each is nearer by half."""
    months = (day.year - oldest.year) * 12 + day.month - oldest.month
    while True:
        year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
        yield date(year, month + 1, 1)
        if months <= 0:
            return
        months //= 2


@dataclass(frozen=True)
class _Batch:
    """What the mails of a job share: sender, accounts, and statements by id of the reminder."""

    sender: Brand = field(default_factory=brand)
    agreed: AgreedTerms = field(default_factory=lambda: agreed_terms([]))
    _statements: dict[int, bytes | None] = field(default_factory=dict)

    def mails_of(self, requests: Sequence[Any]) -> tuple[Mails, Errors]:
        """Return the mails of a few requests, and the errors of those that cannot be made."""
        return made_mails(requests, self._mail)

    def _mail(self, request: ReminderMail) -> Any:
        reminder = request.reminder
        organization = reminder.organization
        items = list(reminder.items.select_related("invoice").order_by("pk"))
        statement = self._statement(reminder, min(each.invoice.issued_on for each in items))
        provider = provider_details()
        with override(reminder.language):
            mail = compose(
                "reminders/mail/reminder",
                {
                    "reminder": reminder,
                    "organization": organization,
                    "name": _name(organization, reminder.as_of),
                    "items": items,
                    "charges": reminder.charges,
                    "is_attached": statement is not None,
                    "account": self.agreed.account(provider, reminder.currency),
                    "address": _address_of(reminder),
                },
                subject=reminder.subject,
                to=[request.email],
                sender=self.sender,
            )
        if statement is not None:
            name = f"account-{reminder.organization_id}-{reminder.as_of}.pdf"
            mail.attach(name, statement, "application/pdf")
        return mail

    def _statement(self, reminder: Reminder, oldest: date) -> bytes | None:
        if reminder.pk not in self._statements:
            stated = statement_of(reminder, oldest)
            file = pdf(stated, reminder.as_of, reminder.as_of) if stated else None
            self._statements[reminder.pk] = file
        return self._statements[reminder.pk]


def _name(organization: Organization, day: date) -> str:
    return buyer_of(organization, details_of(organization.pk).on(day)).name


def _address_of(reminder: Reminder) -> str:
    """Return the address of the page of a reminder, or "" if that of the site is unknown."""
    path = reverse("reminders:reminder", args=[reminder.pk])
    return in_mails(path)
