"""Word a reminder of overdue invoices in the language of the owner."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from invoices.models import OpenItem
from organizations.models import Organization
from tariffs.money import format_money

MOST_INVOICES = 20
"""How many invoices a reminder names; it says how many more there are."""


class Reminder(NamedTuple):
    """A title and a text, both empty if nothing is overdue."""

    title: str = ""
    body: str = ""


def reminder_for(organization: Organization, today: date) -> Reminder:
    """Return a reminder of the invoices that are overdue on a date of the provider's."""
    overdue = OpenItem.objects.filter(
        organization=organization, outstanding__gt=0, is_cancelled=False, due_on__lt=today
    )
    number = overdue.count()
    if not number:
        return Reminder()
    items = overdue.select_related("invoice").order_by("due_on", "pk")[:MOST_INVOICES]
    language = organization.owner.language or organization.invoice_language
    with translation.override(language):
        lines = [
            _("Invoice %(number)s: %(amount)s, due on %(date)s")
            % {
                "number": item.invoice.number,
                "amount": format_money(item.outstanding, item.currency, language),
                "date": date_format(item.due_on),
            }
            for item in items
        ]
        if number > MOST_INVOICES:
            lines.append(_("Further invoices: %(number)s") % {"number": number - MOST_INVOICES})
        body = "\n".join(
            [
                _("These invoices of %(title)s are overdue:") % {"title": organization.title},
                *lines,
                "",
                _("Please pay them. If you have just done so, you need not do anything."),
            ]
        )
        return Reminder(_("Overdue invoices"), body)
