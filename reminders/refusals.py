"""Refusals to send, skip or arrange reminders. Their texts say what to do."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reminders.models import Arrangement, PaymentPromise
from tariffs.money import format_money


class ReminderRefusal(Exception):
    """A refusal. `field` is the form field to correct, if any."""

    field: ClassVar[str | None] = None


class NothingSelected(ReminderRefusal):
    """No reminder was selected that is still proposed."""

    def __str__(self) -> str:
        return _("None of the selected reminders is proposed any more. Select again.")


class NoAddress(ReminderRefusal):
    """Some of the organizations have no address."""

    def __init__(self, titles: list[str]) -> None:
        super().__init__(titles)
        self.titles = titles

    def __str__(self) -> str:
        text = ngettext(
            "Nothing was sent: %(titles)s has no email address. Add a contact that receives "
            "reminders, or an email for invoices.",
            "Nothing was sent: these organizations have no email address: %(titles)s. Add contacts "
            "that receive reminders, or emails for invoices.",
            len(self.titles),
        )
        return text % {"titles": ", ".join(self.titles[:10])}


class TooMuchCharged(ReminderRefusal):
    """Fee or interest are more than a one-off charge can be."""

    def __init__(self, titles: list[str]) -> None:
        super().__init__(titles)
        self.titles = titles

    def __str__(self) -> str:
        return _(
            "Nothing was sent: the interest or fee is too large for a one-off charge: %(titles)s. "
            "Give other terms without them under Pause or change, and invoice them in another way."
        ) % {"titles": ", ".join(self.titles[:10])}


class NotProposed(ReminderRefusal):
    """Neither a suspension nor its end is proposed."""

    def __str__(self) -> str:
        return _("Nothing is proposed any more.")


class ChangedMeanwhile(ReminderRefusal):
    """Somebody has changed what the form shows."""

    def __str__(self) -> str:
        return _(
            "Somebody else has changed this since you opened the form. Open it again to see that, "
            "or save again to overwrite it."
        )


class LevelInUse(ReminderRefusal):
    """Another active level has the same days."""

    field = "days"

    def __str__(self) -> str:
        return _("Another level has the same number of days.")


class Overlaps(ReminderRefusal):
    """Another arrangement or promise applies on some of the dates."""

    field = "first_on"

    def __init__(self, other: Arrangement | PaymentPromise) -> None:
        super().__init__(other.pk)
        self.other = other

    def __str__(self) -> str:
        return _("Another entry applies from %(first)s to %(last)s. Choose other dates.") % {
            "first": date_format(self.other.first_on),
            "last": date_format(self.other.last_on),
        }


class ArrangementGone(ReminderRefusal):
    """It has been removed."""

    def __str__(self) -> str:
        return _("This entry has been removed.")


class NotDisputable(ReminderRefusal):
    """Nothing is to be paid of a credit note."""

    def __str__(self) -> str:
        return _("A credit note cannot be questioned. Question the invoice that it belongs to.")


class NothingInLine(ReminderRefusal):
    """The line is nothing to pay: a credit, or free of charge."""

    field = "line"

    def __str__(self) -> str:
        return _("Nothing is to be paid for this line. Choose another one, or the whole invoice.")


class TooMuchDisputed(ReminderRefusal):
    """More is disputed than was invoiced."""

    field = "amount"

    def __init__(self, total: Decimal, currency: str, *, is_line: bool) -> None:
        super().__init__(total, currency, is_line)
        self.total, self.currency, self.is_line = total, currency, is_line

    def __str__(self) -> str:
        if self.is_line:
            text = _("The line is only %(total)s with its tax. Enter that, or less.")
        else:
            text = _("The invoice is only %(total)s. Enter that, or less.")
        return text % {"total": format_money(self.total, self.currency)}


class AlreadyClosed(ReminderRefusal):
    """The question is closed."""

    def __str__(self) -> str:
        return _("This question is closed. Ask another one on the page of the invoice.")
