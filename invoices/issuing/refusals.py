"""Why an invoice is not issued or cancelled, or a run not started: each reason tells what to do."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from invoices.models import Invoice
from invoices.provider.parties import label_of
from rating.periods import Period


class IssueRefusal(Exception):
    """A document that is not made; its text tells a person why.

    `details` are JSON: with the name of the class they make the same refusal again, by `recall`.
    """

    def __init__(self, **details: Any) -> None:
        super().__init__(details)
        self.details = details

    @property
    def name(self) -> str:
        """What it is called where it is stored."""
        return type(self).__name__


class DetailsMissing(IssueRefusal):
    """Details are `missing`, by the keys of `invoices.provider.parties.missing_details`."""

    def __init__(self, *, missing: Sequence[str]) -> None:
        super().__init__(missing=list(missing))
        self.missing = missing

    def __str__(self) -> str:
        names = ", ".join(label_of(key) for key in self.missing)
        return _("Fill in the missing details: %(names)s.") % {"names": names}


class PeriodNotOver(IssueRefusal):
    """The period is not over yet in the organization's time zone."""

    def __str__(self) -> str:
        return _("The period is not over yet. Issue the invoice after it ends.")


class Unpriced(IssueRefusal):
    """Some charges lie before their tariff's first price."""

    def __init__(self, *, number: int) -> None:
        super().__init__(number=number)
        self.number = number

    def __str__(self) -> str:
        return ngettext(
            "%(number)s charge has no price. Set a price from an earlier date on the tariff plan.",
            "%(number)s charges have no price. Set a price from an earlier date on "
            "the tariff plan.",
            self.number,
        ) % {"number": self.number}


class AlreadyInvoiced(IssueRefusal):
    """Standing invoices of the organization and currency overlap the period."""

    def __init__(self, *, invoices: Collection[dict[str, Any]]) -> None:
        super().__init__(invoices=list(invoices))
        self.invoices = invoices

    @classmethod
    def by(cls, invoices: Collection[Invoice]) -> AlreadyInvoiced:
        """Return the refusal because of these invoices."""
        return cls(
            invoices=[
                {
                    "id": invoice.pk,
                    "number": invoice.number,
                    "period": [invoice.period_from, invoice.period_until],
                }
                for invoice in invoices
            ]
        )

    def is_all_of(self, period: Period) -> bool:
        """Tell whether each of the invoices is of exactly this period."""
        return all(each["period"] == list(period) for each in self.invoices)

    def __str__(self) -> str:
        numbers = ", ".join(sorted(invoice["number"] for invoice in self.invoices))
        return _(
            "Already invoiced: %(numbers)s. To invoice this period again, cancel "
            "these invoices first."
        ) % {"numbers": numbers}


class NothingToBill(IssueRefusal):
    """There is no charge in the period, or nothing of it is to be paid."""

    def __str__(self) -> str:
        return _("There is nothing to bill for this period.")


class PreviewOutdated(IssueRefusal):
    """What would be issued is no longer what the person was shown."""

    def __str__(self) -> str:
        return _(
            "Usage, prices or details have changed since you opened this page. "
            "Review the new preview."
        )


class AlreadyCancelled(IssueRefusal):
    """The invoice has a credit note."""

    def __init__(self, *, credit_note: str) -> None:
        super().__init__(credit_note=credit_note)
        self.credit_note = credit_note

    def __str__(self) -> str:
        return _("This invoice was already cancelled by credit note %(number)s.") % {
            "number": self.credit_note
        }


class NotAnInvoice(IssueRefusal):
    """A credit note cannot be cancelled."""

    def __str__(self) -> str:
        return _("A credit note cannot be cancelled. Issue a new invoice instead.")


class MonthNotBegun(IssueRefusal):
    """The month of a run has not begun for the provider."""

    def __str__(self) -> str:
        return _("This month has not started yet. Choose an earlier month.")


class NoUsageInMonth(IssueRefusal):
    """No organization has used cameras in the month of a run."""

    def __str__(self) -> str:
        return _("No organization used cameras in this month.")


def recall(name: str, details: dict[str, Any]) -> IssueRefusal | None:
    """Return the refusal that was stored by its name and details; None where there is none."""
    kinds = {kind.__name__: kind for kind in IssueRefusal.__subclasses__()}
    return kinds[name](**details) if name in kinds else None
