"""Decide what blocks the invoices of an organization for a period. No other module decides it.

`known_before_pricing` checks the period and the details, which need no prices. `blockers_of` then
checks the sums of the charges and the invoices in force. Nothing is raised here: previews show all
blockers, and issuing raises `Blockers.refusal`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from foundation.among import among
from invoices.documents.document import Document
from invoices.documents.profile_rules import is_for_sellers_in, rules_of
from invoices.documents.references import NO_REFERENCES, References
from invoices.documents.xml import can_state_amounts
from invoices.issuing.refusals import (
    AlreadyInvoiced,
    DetailsMissing,
    IssueRefusal,
    NothingToBill,
    NotStatable,
    OnlyWholeMonths,
    PeriodNotOver,
    ProfileNotForSeller,
    RateMissing,
    TaxesApart,
    TaxNotChosen,
    Unpriced,
)
from invoices.issuing.supply import wrong_deliveries
from invoices.models import Invoice, InvoicedPeriod
from invoices.provider.models import Provider
from invoices.provider.parties import missing_details, missing_for_profile
from organizations.billing.details import DetailsByDate
from organizations.billing.profiles import Profile
from organizations.models import Organization, TaxCategory
from organizations.taxes.spans import TaxSpan
from rating.periods import Period


@dataclass(frozen=True, slots=True)
class Blockers:
    """The reasons why invoices cannot be issued.

    `of_all` block every currency, the most important first. `of_currency` block one currency each.
    If `of_all` is empty, every currency that is not in `of_currency` can be issued. `currencies`
    are those with charges.
    """

    of_all: Sequence[IssueRefusal]
    currencies: Collection[str] = ()
    of_currency: Mapping[str, IssueRefusal] = field(default_factory=dict)

    def also(self, others: Sequence[IssueRefusal]) -> Blockers:
        """Return these blockers with others of all currencies, which are less important."""
        return replace(self, of_all=[*self.of_all, *others]) if others else self

    @property
    def ready(self) -> list[str]:
        """The currencies that can be issued."""
        if self.of_all:
            return []
        return [each for each in self.currencies if each not in self.of_currency]

    @property
    def refusal(self) -> IssueRefusal | None:
        """The reason why nothing can be issued, or None if something can be issued."""
        if self.of_all:
            return self.of_all[0]
        if self.ready:
            return None
        # Invoices in force are a more useful reason than another currency without charges.
        in_force = [invoice for each in self.already_invoiced for invoice in each.invoices]
        if in_force:
            return AlreadyInvoiced(invoices=in_force)
        refused = (each for each in self.of_currency.values() if isinstance(each, NotStatable))
        return next(refused, NothingToBill())

    @property
    def already_invoiced(self) -> list[AlreadyInvoiced]:
        """The blockers of currencies that are invoiced already."""
        return [each for each in self.of_currency.values() if isinstance(each, AlreadyInvoiced)]


def known_before_pricing(
    provider: Provider,
    organization: Organization,
    details: DetailsByDate,
    period: Period,
    now: datetime,
    own: References = NO_REFERENCES,
) -> list[IssueRefusal]:
    """Return the blockers of all currencies that do not depend on charges, without a query.

    `own` are references that only the documents in question have.
    """
    found: list[IssueRefusal] = []
    if organization.start_of(period.end) > now:
        found.append(PeriodNotOver())
    stated = details.on(period.last)
    missing = missing_details(provider, details, period)
    for_profile = missing_for_profile(provider, organization, stated, own)
    if missing := [*dict.fromkeys((*missing, *for_profile))]:
        found.append(DetailsMissing(missing=missing))
    if not is_for_sellers_in(Profile(stated.profile), provider.country):
        found.append(ProfileNotForSeller(profile=stated.profile))
    spans = details.tax_spans(period)
    found.extend(_of_taxes(spans, is_chosen="organization.tax" not in missing))
    categories = {span.terms.category for span in spans if span.terms}
    found.extend(wrong_deliveries(provider, details.on(period.last), categories))
    return found


def _of_taxes(spans: Sequence[TaxSpan], *, is_chosen: bool) -> Iterator[IssueRefusal]:
    """Yield what blocks invoices with these taxes.

    `is_chosen` says whether the last one is; otherwise it is among the missing details.
    """
    for span in spans if is_chosen else spans[:-1]:
        days = span.start.isoformat(), (span.end - timedelta(days=1)).isoformat()
        if span.terms is None:
            yield TaxNotChosen(first=days[0], last=days[1])
        elif span.terms.percent is None:
            yield RateMissing(tax=span.terms.name, first=days[0], last=days[1])
    for earlier, later in pairwise(spans):
        categories = {span.terms.category for span in (earlier, later) if span.terms}
        if len(categories) > 1 and TaxCategory.NONE in categories:
            yield TaxesApart(last=(earlier.end - timedelta(days=1)).isoformat())


def blockers_of(
    before_pricing: Sequence[IssueRefusal],
    nets: Mapping[str, Decimal],
    unpriced: int,
    overlapping: Collection[Invoice],
    cut_months: Collection[date] = (),
    unstatable: Collection[NotStatable] = (),
) -> Blockers:
    """Return all blockers of an organization's invoices for a period.

    `nets` are the sums of what is charged by currency, before credits, `unpriced` is the number of
    charges without a price, and `overlapping` are its invoices in force that overlap the period. An
    unpriced charge blocks every currency, because the statement is incomplete. `cut_months` are the
    first dates of months that the period cuts, but that can only be invoiced as a whole, and
    `unstatable` the currencies in which the profile cannot state the amounts.
    """
    of_all = [*before_pricing, *([Unpriced(number=unpriced)] if unpriced else [])]
    if cut_months:
        of_all.append(OnlyWholeMonths(months=[month.isoformat() for month in sorted(cut_months)]))
    found = {currency: _of_currency(currency, net, overlapping) for currency, net in nets.items()}
    refused: dict[str, IssueRefusal] = {each.currency: each for each in unstatable}
    of_currency = refused | {code: each for code, each in found.items() if each is not None}
    return Blockers(of_all, list(nets), of_currency)


def _of_currency(
    currency: str, net: Decimal, overlapping: Collection[Invoice]
) -> AlreadyInvoiced | NothingToBill | None:
    invoices = [invoice for invoice in overlapping if invoice.currency == currency]
    if invoices:
        return AlreadyInvoiced.by(invoices)
    return None if net else NothingToBill()


def not_statable(document: Document) -> NotStatable | None:
    """Return why the XML that a profile requires cannot state a document, or None if it can."""
    if not rules_of(document.profile).is_strict or can_state_amounts(document):
        return None
    return NotStatable(currency=document.currency, profile=document.profile.value)


def overlapping_invoices(
    organizations: Collection[Organization], period: Period
) -> Mapping[int, Sequence[Invoice]]:
    """Return organizations' invoices in force that overlap a period, by organization id.

    Usually there are none, so they are looked for in the narrow table of invoiced periods.
    """
    own = [each.pk for each in organizations]
    periods = InvoicedPeriod.objects.filter(among("organization", own))
    ids = list(periods.overlapping(*period).values_list("invoice_id", flat=True))
    found: dict[int, list[Invoice]] = defaultdict(list)
    for invoice in Invoice.objects.filter(pk__in=ids).order_by("pk") if ids else ():
        found[invoice.organization_id].append(invoice)
    return found
