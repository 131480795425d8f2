"""Refusals to issue or cancel an invoice or to start a run. Their texts say what to do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from invoices.models import Invoice
from invoices.provider.parties import label_of
from organizations.billing.profiles import Profile
from organizations.countries import country_name
from rating.periods import Period

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class IssueRefusal(Exception):
    """A refusal whose text tells a person the reason.

    `details` can be stored as JSON. `recall` restores the refusal from them and the class name.
    `summary` names the reason without details, where many refusals are counted.
    """

    summary: StrOrPromise = ""

    def __init__(self, **details: Any) -> None:
        super().__init__(details)
        self.details = details

    @property
    def name(self) -> str:
        """The name under which the refusal is stored."""
        return type(self).__name__


class DetailsMissing(IssueRefusal):
    """Details are missing. The keys are those of `invoices.provider.parties.missing_details`."""

    summary = gettext_lazy("details are missing")

    def __init__(self, *, missing: Sequence[str]) -> None:
        super().__init__(missing=list(missing))
        self.missing = missing

    def __str__(self) -> str:
        names = ", ".join(label_of(key) for key in self.missing)
        return _("Fill in the missing details: %(names)s.") % {"names": names}


class PeriodNotOver(IssueRefusal):
    """The period is not over yet in the organization's time zone."""

    summary = gettext_lazy("the period is not over")

    def __str__(self) -> str:
        return _("The period is not over yet. Issue the invoice after it ends.")


class Unpriced(IssueRefusal):
    """Some charges are earlier than their tariff's first price version."""

    summary = gettext_lazy("charges without a price")

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


class TaxNotChosen(IssueRefusal):
    """No tax is chosen for some dates of the period. Dates are ISO 8601, the last one included."""

    summary = gettext_lazy("no tax chosen")

    def __init__(self, *, first: str, last: str) -> None:
        super().__init__(first=first, last=last)
        self.dates = first, last

    def __str__(self) -> str:
        return _(
            "No tax is chosen from %(first)s to %(last)s. Choose one in the billing details that "
            "apply on these dates."
        ) % _spelled_out(*self.dates)


class RateMissing(IssueRefusal):
    """The tax has no rate on some dates of the period, which are before its first rate."""

    summary = gettext_lazy("the tax has no rate")

    def __init__(self, *, tax: str, first: str, last: str) -> None:
        super().__init__(tax=tax, first=first, last=last)
        self.tax, self.dates = tax, (first, last)

    def __str__(self) -> str:
        return _(
            "The tax “%(tax)s” has no rate from %(first)s to %(last)s. Set a rate from an earlier "
            "date under Taxes."
        ) % {"tax": self.tax, **_spelled_out(*self.dates)}


class ExchangeRateMissing(IssueRefusal):
    """The tax must be stated in the accounting currency, and there is no rate for `day` (ISO 8601).

    A rate may be up to `days` older.
    """

    summary = gettext_lazy("no exchange rate")

    def __init__(self, *, currency: str, accounting: str, day: str, days: int) -> None:
        super().__init__(currency=currency, accounting=accounting, day=day, days=days)
        self.currencies, self.day, self.days = (currency, accounting), day, days

    def __str__(self) -> str:
        currency, accounting = self.currencies
        text = ngettext(
            "The tax must also be stated in %(accounting)s, but there is no exchange rate for "
            "%(currency)s of %(date)s, nor one up to %(days)s day older. Enter or upload it under "
            "Exchange rates.",
            "The tax must also be stated in %(accounting)s, but there is no exchange rate for "
            "%(currency)s of %(date)s, nor one up to %(days)s days older. Enter or upload it under "
            "Exchange rates.",
            self.days,
        )
        return text % {
            "accounting": accounting,
            "currency": currency,
            "date": date_format(date.fromisoformat(self.day)),
            "days": self.days,
        }


class TaxesApart(IssueRefusal):
    """EN 16931 does not allow “not subject to tax” beside another tax (BR-O-11 to BR-O-14)."""

    summary = gettext_lazy("taxes that need separate invoices")

    def __init__(self, *, last: str) -> None:
        super().__init__(last=last)
        self.last = last

    def __str__(self) -> str:
        return _(
            "An invoice that is not subject to tax cannot state another tax as well, and the tax "
            "changes after %(last)s. Issue one invoice up to this date and another from the next "
            "day on."
        ) % {"last": date_format(date.fromisoformat(self.last))}


class NotDeliveredToMember(IssueRefusal):
    """An intra-EU supply does not go to another member state. The country is an ISO 3166 code."""

    summary = gettext_lazy("no delivery to another member state")

    def __init__(self, *, country: str) -> None:
        super().__init__(country=country)
        self.country = country

    def __str__(self) -> str:
        return _(
            "An intra-EU supply goes to another member state of the European Union, but the "
            "country of delivery is %(country)s. Enter the country of delivery in the billing "
            "details, or choose another tax."
        ) % {"country": country_name(self.country)}


class DeliveredInside(IssueRefusal):
    """An export does not leave the European Union. The country is an ISO 3166 code."""

    summary = gettext_lazy("no delivery outside the European Union")

    def __init__(self, *, country: str) -> None:
        super().__init__(country=country)
        self.country = country

    def __str__(self) -> str:
        return _(
            "An export leaves the European Union, but the country of delivery is %(country)s. "
            "Enter the country of delivery in the billing details, or choose another tax."
        ) % {"country": country_name(self.country)}


class OnlyWholeMonths(IssueRefusal):
    """The period cuts months with a minimum or volume prices, given by their first dates (ISO)."""

    summary = gettext_lazy("months that are invoiced as a whole")

    def __init__(self, *, months: Sequence[str]) -> None:
        super().__init__(months=list(months))
        self.months = months

    def __str__(self) -> str:
        names = [capfirst(date_format(date.fromisoformat(each), "F Y")) for each in self.months]
        return _(
            "A minimum or volume prices apply in %(months)s. Such a month is invoiced as a whole: "
            "choose a period that contains all of it."
        ) % {"months": ", ".join(names)}


def _spelled_out(first: str, last: str) -> dict[str, str]:
    dates = {"first": first, "last": last}
    return {name: date_format(date.fromisoformat(day)) for name, day in dates.items()}


class AlreadyInvoiced(IssueRefusal):
    """Invoices in force of the organization and currency overlap the period."""

    summary = gettext_lazy("already invoiced in part")

    def __init__(self, *, invoices: Collection[dict[str, Any]]) -> None:
        super().__init__(invoices=list(invoices))
        self.invoices = invoices

    @classmethod
    def by(cls, invoices: Collection[Invoice]) -> AlreadyInvoiced:
        """Return the refusal caused by these invoices."""
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
        """Return whether all of the invoices are for exactly this period."""
        return all(each["period"] == list(period) for each in self.invoices)

    def __str__(self) -> str:
        numbers = ", ".join(sorted(invoice["number"] for invoice in self.invoices))
        return ngettext(
            "Already invoiced: %(numbers)s. To invoice this period again, cancel "
            "this invoice first.",
            "Already invoiced: %(numbers)s. To invoice this period again, cancel "
            "these invoices first.",
            len(self.invoices),
        ) % {"numbers": numbers}


class NothingToBill(IssueRefusal):
    """The period has no charges, or their sum is 0."""

    def __str__(self) -> str:
        return _("There is nothing to bill for this period.")


class ProfileNotForSeller(IssueRefusal):
    """The provider's country has rules for the profile that documents cannot follow."""

    summary = gettext_lazy("a form of electronic invoices that the provider cannot use")

    def __init__(self, *, profile: str) -> None:
        super().__init__(profile=profile)
        self.profile = profile

    def __str__(self) -> str:
        return _(
            "The rules of your country for %(profile)s prescribe numbers that invoices do not "
            "have. Choose another form of electronic invoices in the billing details."
        ) % {"profile": Profile(self.profile).label}


class NotStatable(IssueRefusal):
    """The profile of the organization cannot state the amounts in a currency."""

    summary = gettext_lazy("amounts that the form of electronic invoices cannot state")

    def __init__(self, *, currency: str, profile: str) -> None:
        super().__init__(currency=currency, profile=profile)
        self.currency, self.profile = currency, profile

    def __str__(self) -> str:
        return _(
            "%(profile)s cannot state these amounts in %(currency)s: it has no such currency, or "
            "allows only two decimal places. Choose EN 16931 in the billing details, or another "
            "currency."
        ) % {"profile": Profile(self.profile).label, "currency": self.currency}


class PreviewOutdated(IssueRefusal):
    """The invoices would differ from those that the person was shown."""

    def __str__(self) -> str:
        return _(
            "Usage, prices or details have changed since you opened this page. "
            "Review the new preview."
        )


class NamesDocuments:
    """A refusal because of other documents, whose `numbers` the text names."""

    def __init__(self, *, numbers: Sequence[str]) -> None:
        super().__init__(numbers=list(numbers))  # type: ignore[call-arg]
        self.numbers = numbers

    @property
    def text(self) -> str:
        """The text, with a placeholder for the numbers."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.text % {"numbers": ", ".join(self.numbers)}

    def as_html(self, addresses: Mapping[str, str]) -> SafeString:
        """Return the text with a link to each document, whose `addresses` are by number."""
        links = ((addresses[each], each) for each in self.numbers)
        numbers = format_html_join(
            ", ", '<a class="alert-link text-nowrap" href="{}">{}</a>', links
        )
        return mark_safe(escape(self.text) % {"numbers": numbers})


class AlreadyCancelled(NamesDocuments, IssueRefusal):
    """The invoice already has a credit note."""

    @property
    def text(self) -> str:
        return _("This invoice was already cancelled by credit note %(numbers)s.")


class HasCorrections(NamesDocuments, IssueRefusal):
    """Documents in force charge corrections of the invoice."""

    @property
    def text(self) -> str:
        return ngettext(
            "This invoice was corrected by invoice %(numbers)s. Cancel that invoice first.",
            "This invoice was corrected by invoices %(numbers)s. Cancel those invoices first.",
            len(self.numbers),
        )


class CreditUsed(NamesDocuments, IssueRefusal):
    """Other invoices in force have deducted what the invoice left of a credit.

    Its `numbers` are in the order in which these can be cancelled.
    """

    @property
    def text(self) -> str:
        return ngettext(
            "Invoice %(numbers)s has used what this invoice left of a credit. Cancel that "
            "invoice first.",
            "Invoices %(numbers)s have used what this invoice left of credits. Cancel those "
            "invoices first, in this order.",
            len(self.numbers),
        )


class CreditedInFull(NamesDocuments, IssueRefusal):
    """Credit notes for corrections have already credited all of the invoice."""

    @property
    def text(self) -> str:
        return ngettext(
            "This invoice was already credited in full by credit note %(numbers)s.",
            "This invoice was already credited in full by credit notes %(numbers)s.",
            len(self.numbers),
        )


class NothingToSettle(IssueRefusal):
    """The differences come to 0, so there is no document to issue."""

    def __str__(self) -> str:
        return _("There is nothing to pay or to credit.")


class NotAnInvoice(IssueRefusal):
    """The document to cancel is a credit note."""

    def __str__(self) -> str:
        return _("A credit note cannot be cancelled. Issue a new invoice instead.")


class MonthNotBegun(IssueRefusal):
    """The month of a run has not begun in the provider's time zone."""

    def __str__(self) -> str:
        return _("This month has not started yet. Choose an earlier month.")


class NoUsageInMonth(IssueRefusal):
    """No organization used cameras in the month of a run."""

    def __str__(self) -> str:
        return _("No organization used cameras in this month.")


class DraftsWaiting(IssueRefusal):
    """The month has drafts that were neither released nor withdrawn."""

    def __str__(self) -> str:
        return _(
            "This month has drafts that wait for release. Release or withdraw them before you "
            "issue other invoices of the month."
        )


class RunUnderWay(IssueRefusal):
    """Jobs have yet to reach organizations of the month's run."""

    def __str__(self) -> str:
        return _(
            "The run for this month is still under way. Wait until it has processed all "
            "organizations. Then start it again for those that are missing."
        )


class NoDrafts(IssueRefusal):
    """The month has no drafts, or none any more."""

    def __str__(self) -> str:
        return _("No drafts of this month wait for release.")


class DraftsIncomplete(IssueRefusal):
    """Jobs are still creating drafts."""

    def __str__(self) -> str:
        return _("Some drafts are still being created. Release them when all are there.")


class DraftsOutdated(IssueRefusal):
    """The drafts are not those that the person was shown."""

    def __str__(self) -> str:
        return _(
            "The drafts have changed since you opened this page. Nothing was issued. Review the "
            "new sums."
        )


def recall(name: str, details: dict[str, Any]) -> IssueRefusal | None:
    """Return the refusal stored with this name and details, or None if `name` is not a refusal."""
    kind = _kinds().get(name)
    return kind(**details) if kind else None


def summary_of(name: str) -> StrOrPromise:
    """Return the summary of the refusals stored with this name, or "" if there is none."""
    kind = _kinds().get(name)
    return kind.summary if kind else ""


def _kinds() -> dict[str, type[IssueRefusal]]:
    return {kind.__name__: kind for kind in IssueRefusal.__subclasses__()}
