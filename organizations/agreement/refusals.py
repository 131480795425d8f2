"""Why a change of what was agreed is refused."""

from __future__ import annotations

from datetime import date

from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organizations.agreement.described import described
from organizations.agreement.models import IndividualPrice
from tariffs.models import Tariff


class TermRefusal(Exception):
    """A change was refused: `field` must be corrected, and the text says why.

    Without a field, the page of the term is no longer of use.
    """

    field = ""


class TermGone(TermRefusal):
    """The term has been withdrawn."""

    def __str__(self) -> str:
        return _("This entry has been withdrawn.")


class TermChanged(TermRefusal):
    """The term has been changed since it was shown to the person who withdraws it."""

    def __str__(self) -> str:
        return _("This entry has been changed since you opened the page. Check it again.")


class TermInForce(TermRefusal):
    """The term already applies, so it cannot be withdrawn."""

    def __str__(self) -> str:
        return _("This entry already applies, so it can no longer be withdrawn. End it instead.")


class PriceInForce(TermRefusal):
    """The individual price already applies, so it cannot be withdrawn."""

    def __str__(self) -> str:
        return _(
            "This price already applies, so it can no longer be withdrawn. Add another price from "
            "a later date, or return to the list price."
        )


class ChargeInvoiced(TermRefusal):
    """The one-off charge has been invoiced, so it can neither be changed nor withdrawn."""

    def __str__(self) -> str:
        return _(
            "This charge has been invoiced, so it can no longer be changed or withdrawn. Add a "
            "credit instead."
        )


class ChargeKept(TermRefusal):
    """The database keeps the one-off charge, because an invoice depends on it."""

    def __str__(self) -> str:
        return _(
            "An invoice depends on this entry, so it can be neither changed nor withdrawn. Cancel "
            "the invoice first."
        )


class TermsOverlap(TermRefusal):
    """A term of the same scope applies on some of the dates."""

    field = "first_on"

    def __init__(self, other: Model) -> None:
        super().__init__()
        self.other = other

    def __str__(self) -> str:
        return _(
            "These dates overlap those of another entry: %(other)s. Choose other dates, or change "
            "that entry first."
        ) % {"other": described(self.other)}


class PriceDateTaken(TermRefusal):
    """Another individual price of the tariff applies from the date."""

    field = "valid_from"

    def __init__(self, other: IndividualPrice) -> None:
        super().__init__()
        self.other = other

    def __str__(self) -> str:
        return _(
            "A price of this tariff plan from this date exists already: %(other)s. Change that "
            "price instead."
        ) % {"other": described(self.other)}


class NothingToReturnFrom(TermRefusal):
    """The list price applies already, as no individual price precedes."""

    field = "amount"

    def __str__(self) -> str:
        return _("The list price applies on this date already. Enter an individual price.")


class NoListPrice(TermRefusal):
    """The tariff has no list price on the date."""

    field = "amount"

    def __init__(self, tariff: Tariff, day: date) -> None:
        super().__init__()
        self.tariff, self.day = tariff, day

    def __str__(self) -> str:
        return _(
            "“%(tariff)s” has no list price on %(date)s. Enter an individual price, or set the "
            "list price first."
        ) % {"tariff": self.tariff.name, "date": date_format(self.day)}


class NothingInCurrency(TermRefusal):
    """A minimum is in a currency in which the organization is charged nothing."""

    field = "currency"

    def __init__(self, currency: str) -> None:
        super().__init__()
        self.currency = currency

    def __str__(self) -> str:
        return _(
            "No tariff plan and no fee of this organization is charged in %(currency)s. Choose "
            "another currency."
        ) % {"currency": self.currency}


class AfterClosing(TermRefusal):
    """A one-off charge is dated after the last day of a closed organization."""

    field = "day"

    def __init__(self, closed_on: date) -> None:
        super().__init__()
        self.closed_on = closed_on

    def __str__(self) -> str:
        return _(
            "The organization is closed after %(date)s, and nothing is billed after it. Choose a "
            "date up to this day."
        ) % {"date": date_format(self.closed_on)}


class DayInvoiced(TermRefusal):
    """The date of a one-off charge has been invoiced."""

    field = "day"

    def __init__(self, day: date, currency: str) -> None:
        super().__init__()
        self.day, self.currency = day, currency

    def __str__(self) -> str:
        return _(
            "%(date)s has already been invoiced in %(currency)s. Choose a date that has not been "
            "invoiced yet."
        ) % {"date": date_format(self.day), "currency": self.currency}
