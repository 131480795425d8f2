"""Refusals about mandates and direct debits. Their texts say what to do."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class DebitRefusal(Exception):
    """A refusal whose text tells a person the reason."""


class NoSettings(DebitRefusal):
    """Nobody has entered who collects."""

    def __str__(self) -> str:
        return _("Enter the creditor identifier and the account under Settings first.")


class TooEarly(DebitRefusal):
    """The bank needs the file earlier."""

    def __init__(self, earliest: date) -> None:
        super().__init__(earliest)
        self.earliest = earliest

    def __str__(self) -> str:
        return _(
            "Your bank can collect on %(date)s at the earliest. Choose this date or later."
        ) % {"date": date_format(self.earliest)}


class NotAnnounced(DebitRefusal):
    """Payers would be told too late."""

    def __init__(self, earliest: date, days: int) -> None:
        super().__init__(earliest, days)
        self.earliest, self.days = earliest, days

    def __str__(self) -> str:
        text = ngettext(
            "Payers are told %(days)s day before the collection. Choose %(date)s or later, or "
            "change the notice under Settings if you agreed on another one.",
            "Payers are told %(days)s days before the collection. Choose %(date)s or later, or "
            "change the notice under Settings if you agreed on another one.",
            self.days,
        )
        return text % {"days": self.days, "date": date_format(self.earliest)}


class NotABankingDay(DebitRefusal):
    """Banks do not settle on this date."""

    def __init__(self, following: date) -> None:
        super().__init__(following)
        self.following = following

    def __str__(self) -> str:
        return _("Banks do not collect on this date. Choose %(date)s, for example.") % {
            "date": date_format(self.following)
        }


class Changed(DebitRefusal):
    """What is to be collected has changed since it was shown."""

    def __str__(self) -> str:
        return _(
            "What is outstanding has changed since you opened this page. Check the list again, and "
            "then make the file."
        )


class NothingToCollect(DebitRefusal):
    """No invoice is selected, or none can be collected."""

    def __str__(self) -> str:
        return _("Select at least one invoice.")


class NotToBeSent(DebitRefusal):
    """The batch is collected or withdrawn."""

    def __str__(self) -> str:
        return _("Somebody has already decided about this batch. Nothing was changed.")


class NotPending(DebitRefusal):
    """The collection is recorded, returned or withdrawn."""

    def __str__(self) -> str:
        return _("Somebody has already decided about this collection. Nothing was changed.")


class AnotherSum(DebitRefusal):
    """What is pending is not the sum that the bank booked."""

    def __str__(self) -> str:
        return _("What is pending has changed since you opened this page. Look at the line again.")


class NotCollectedYet(DebitRefusal):
    """The collection date has not come."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day

    def __str__(self) -> str:
        return _("The money is collected on %(date)s. Record it then.") % {
            "date": date_format(self.day)
        }


class HasMandate(DebitRefusal):
    """The organization has a mandate that is not ended."""

    def __str__(self) -> str:
        return _("This organization has a mandate. End it before you add another one.")


class Ended(DebitRefusal):
    """The mandate is ended."""

    def __str__(self) -> str:
        return _("This mandate has ended. Add a new one.")


class InUse(DebitRefusal):
    """A file with this mandate is at the bank."""

    def __str__(self) -> str:
        return _(
            "A collection with this mandate is pending. Wait until it is collected, or withdraw "
            "its batch."
        )
