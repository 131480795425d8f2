"""What keeps an organization's invoices of a period from being issued: decided here alone.

First what is known without a price: the period and the details (`known_before_pricing`). Then what
the charges come to, and which invoices stand (`blockers_of`). Nothing is raised here: a preview
shows all of it, and issuing raises `Blockers.refusal`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from foundation.fast_sql import compiled_once
from invoices.issuing.refusals import (
    AlreadyInvoiced,
    DetailsMissing,
    IssueRefusal,
    NothingToBill,
    PeriodNotOver,
    Unpriced,
)
from invoices.models import Invoice, InvoicedPeriod
from invoices.provider.models import Provider
from invoices.provider.parties import missing_details
from organizations.models import Organization
from rating.periods import Period, first_instant


@dataclass(frozen=True, slots=True)
class Blockers:
    """`of_all` keep all currencies back, the most important first; `of_currency` one each.

    A currency that is not in `of_currency` can be issued, if nothing is in `of_all`. `currencies`
    are those that have charges.
    """

    of_all: Sequence[IssueRefusal]
    currencies: Collection[str] = ()
    of_currency: Mapping[str, AlreadyInvoiced | NothingToBill] = field(default_factory=dict)

    @property
    def ready(self) -> list[str]:
        """The currencies that can be issued."""
        if self.of_all:
            return []
        return [each for each in self.currencies if each not in self.of_currency]

    @property
    def refusal(self) -> IssueRefusal | None:
        """Why nothing can be issued; None where something can be."""
        if self.of_all:
            return self.of_all[0]
        if self.ready:
            return None
        # What stands already says more than that some other currency comes to nothing.
        standing = [invoice for each in self.already_invoiced for invoice in each.invoices]
        return AlreadyInvoiced(invoices=standing) if standing else NothingToBill()

    @property
    def already_invoiced(self) -> list[AlreadyInvoiced]:
        """What is kept back by invoices that stand."""
        return [each for each in self.of_currency.values() if isinstance(each, AlreadyInvoiced)]


def known_before_pricing(
    provider: Provider, organization: Organization, period: Period, now: datetime
) -> list[IssueRefusal]:
    """Return what keeps all currencies back whatever the charges are: it costs no query."""
    found: list[IssueRefusal] = []
    if first_instant(period.end, organization.zone) > now:
        found.append(PeriodNotOver())
    if missing := missing_details(provider, organization):
        found.append(DetailsMissing(missing=missing))
    return found


def blockers_of(
    before_pricing: Sequence[IssueRefusal],
    nets: Mapping[str, Decimal],
    unpriced: int,
    overlapping: Collection[Invoice],
) -> Blockers:
    """Return all that keeps an organization's invoices of a period back.

    `nets` are what its charges come to by currency, `unpriced` how many of them have no price, and
    `overlapping` its invoices in force that overlap the period. Charges without a price keep back
    every currency, whatever their own: a statement that is incomplete is not invoiced.
    """
    of_all = [*before_pricing, *([Unpriced(number=unpriced)] if unpriced else [])]
    found = {currency: _of_currency(currency, net, overlapping) for currency, net in nets.items()}
    of_currency = {currency: each for currency, each in found.items() if each is not None}
    return Blockers(of_all, list(nets), of_currency)


def _of_currency(
    currency: str, net: Decimal, overlapping: Collection[Invoice]
) -> AlreadyInvoiced | NothingToBill | None:
    taken = [invoice for invoice in overlapping if invoice.currency == currency]
    if taken:
        return AlreadyInvoiced.by(taken)
    return None if net else NothingToBill()


@compiled_once
def taken(organization_id: int, start: date, end: date) -> QuerySet[InvoicedPeriod, tuple[int]]:
    """The ids of an organization's invoices in force that overlap a period."""
    return InvoicedPeriod.objects.taken(organization_id, start, end).values_list("invoice_id")


def standing_invoices(organization: Organization, period: Period) -> Collection[Invoice]:
    """Return an organization's invoices in force that overlap a period: mostly there is none."""
    ids = [pk for (pk,) in taken.rows(organization.pk, *period)]
    return Invoice.objects.in_bulk(ids).values()
