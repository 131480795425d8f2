"""Charge the fee and the interest of a reminder as one-off charges of the agreement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from organizations.agreement.operations import add_term
from organizations.models import OneOffCharge, Organization
from reminders.models import Reminder, ReminderItem
from tariffs.affected_invoices import is_invoiced
from tariffs.money import format_money

_ONE_DAY = timedelta(days=1)
_LONGEST = 200
# The amounts and the quantity of a one-off charge have 8 digits before the point and 4 after it.
_TOO_LARGE = Decimal(10) ** 8
_DECIMALS = 4


def charge(
    reminder: Reminder, items: Sequence[ReminderItem], organization: Organization, now: datetime
) -> None:
    """Add the charges of an undecided reminder, in the language of the organization's invoices.

    The reminder and its items refer to them; the caller saves the reminder. Their date is that of
    the organization, or the first later one that is not invoiced in the currency. The organization
    is locked.
    """
    charged = [each for each in items if each.interest]
    if not reminder.fee and not charged:
        return
    day = _first_open_day(organization, reminder.currency, organization.date_at(now))
    with override(organization.invoice_language):
        for item in charged:
            text = _interest_text(item, reminder.currency)
            item.charge = _add(reminder, day, text, item.interest)
            item.save(update_fields=["charge"])
        if reminder.fee:
            text = _fee_text(reminder, [each.invoice.number for each in items if each.level_id])
            reminder.fee_charge = _add(reminder, day, text, reminder.fee)


def can_be_charged(reminder: Reminder) -> bool:
    """Return whether one-off charges can have the fee and the interest of a reminder."""
    if reminder.fee + reminder.interest < _TOO_LARGE:
        return True
    return all(
        _parts(amount)[1] < _TOO_LARGE
        for amount in (reminder.fee, *reminder.items.values_list("interest", flat=True))
    )


def _parts(amount: Decimal) -> tuple[Decimal, Decimal]:
    """Return a quantity and an amount each that come to an amount.

    The quantity is 1, or for amounts that are too large a power of ten, as far as the amount each
    has no more decimals than a charge.
    """
    quantity, each = Decimal(1), amount
    while each >= _TOO_LARGE and round(each / 10, _DECIMALS) * 10 == each:
        quantity, each = quantity * 10, each / 10
    return quantity, each


def _first_open_day(organization: Organization, currency: str, day: date) -> date:
    while is_invoiced(organization.pk, currency, day):
        day += _ONE_DAY
    return day


def _add(reminder: Reminder, day: date, text: str, amount: Decimal) -> OneOffCharge:
    quantity, each = _parts(amount)
    fields = {
        "text": text,
        "quantity": quantity,
        "amount": each,
        "currency": reminder.currency,
        "day": day,
        "reason": "",
    }
    return add_term(model=OneOffCharge, organization_id=reminder.organization_id, fields=fields)


def _interest_text(item: ReminderItem, currency: str) -> str:
    text = ngettext(
        "Interest on invoice %(number)s: %(rate)s %% a year on %(amount)s for %(days)s day",
        "Interest on invoice %(number)s: %(rate)s %% a year on %(amount)s for %(days)s days",
        item.interest_days,
    )
    return text % {
        "number": item.invoice.number,
        "rate": number_format(item.rate.normalize(), use_l10n=True),
        "amount": format_money(item.outstanding, currency),
        "days": item.interest_days,
    }


def _fee_text(reminder: Reminder, numbers: Sequence[str]) -> str:
    """Return what a fee is for, with as many numbers of invoices as there is room for."""
    day = date_format(reminder.as_of)
    for shown in range(len(numbers), 0, -1):
        named, others = ", ".join(numbers[:shown]), len(numbers) - shown
        if others:
            text = ngettext(
                "Reminder of %(day)s: invoices %(numbers)s and %(others)s other",
                "Reminder of %(day)s: invoices %(numbers)s and %(others)s others",
                others,
            )
        else:
            text = ngettext(
                "Reminder of %(day)s: invoice %(numbers)s",
                "Reminder of %(day)s: invoices %(numbers)s",
                shown,
            )
        said = text % {"day": day, "numbers": named, "others": others}
        if len(said) <= _LONGEST:
            return said
    return _("Reminder of %(day)s") % {"day": day}
