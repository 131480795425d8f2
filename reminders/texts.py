"""The texts of the mail with a reminder."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.mail_texts.kinds import MailKind
from accounts.mail_texts.texts import Texts, texts_of
from invoices.provider.parties import provider_details
from reminders.models import Level, Reminder
from tariffs.money import format_money

REMINDER = MailKind(
    key="reminder",
    label=_("Payment reminder"),
    subject=_("Reminder: {total} is overdue"),
    introduction=_(
        "{total} is overdue. Please pay by {due}. If you have paid in the meantime, please "
        "disregard this reminder."
    ),
    examples={
        "name": _("Example Customer Ltd"),
        "total": _("€119.00"),
        "charges": _("€7.50"),
        "due": _("15 Nov 2026"),
        "level": _("First reminder"),
        "provider": _("Example Provider Ltd"),
    },
)


def reminder_texts(reminder: Reminder, level: Level, name: str) -> Texts:
    """Return the texts of a reminder in the active language, which is that of its mail.

    `name` is whom it addresses. What its level does not say is the text for all reminders.
    """
    own = level.texts.filter(language=reminder.language).first()
    general = texts_of(REMINDER)
    texts = Texts(
        (own and own.subject) or general.subject,
        (own and own.introduction) or general.introduction,
    )
    assert reminder.due_on is not None
    return texts.filled(
        {
            "name": name,
            "total": format_money(reminder.total, reminder.currency),
            "charges": format_money(reminder.charges or Decimal(0), reminder.currency),
            "due": date_format(reminder.due_on),
            "level": level.name,
            "provider": provider_details().name,
        }
    )
