"""Drafts: what invoices would state if they were issued now.

Previews show drafts and `operations.issue` stores them. Both call `drafts_of`, which takes charges
and sums from the statement and does not compute prices itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from foundation.web.versions import digest_of
from invoices.differences.settlement import Settlement
from invoices.documents.document import Document, Kind
from invoices.documents.references import NO_REFERENCES, References
from invoices.issuing.accounting import Accounting
from invoices.issuing.blockers import (
    Blockers,
    blockers_of,
    known_before_pricing,
    not_statable,
    overlapping_invoices,
)
from invoices.issuing.contents import Contents, contents_of_all, cut_months
from invoices.issuing.corrections import deferred_invoices, with_corrections
from invoices.issuing.line_taxes import TaxOn, taxes_by_date, taxes_of
from invoices.issuing.refusals import ExchangeRateMissing, IssueRefusal
from invoices.issuing.supply import delivery_country
from invoices.models import Invoice
from invoices.provider.french import french_notes_of, french_of
from invoices.provider.models import Provider
from invoices.provider.parties import buyer_of, references_of, seller_of, style_of
from invoices.terms.agreed import AgreedTerms, agreed_terms
from organizations.billing.details import DetailsByDate, DetailsVersion, details_of_all
from organizations.billing.profiles import Profile
from organizations.models import Organization
from rating.money import minor_digits
from rating.periods import Period
from tariffs.provider_calendar import provider_date
from usage.statements.freezing import ChargesFile, freeze_all, no_charges
from usage.statements.statement import Statement, statements_for


@dataclass(frozen=True)
class Draft:
    """The unissued document of one currency, and its charges.

    `blocker` is the reason why this currency cannot be issued, if any. `corrections` are those of
    earlier invoices that the document includes, `left_out` those that it cannot include.
    `carried_from` are the ids of the credits of which the document carries something over.
    """

    document: Document
    charges: ChargesFile
    blocker: IssueRefusal | None
    corrections: Sequence[Settlement] = ()
    left_out: Sequence[Settlement] = ()
    carried_from: Sequence[int] = ()

    @property
    def version(self) -> str:
        """A digest of everything that would be issued, to compare it with what a person saw."""
        return digest_of(self.document, self.charges.sha256)


@dataclass(frozen=True)
class Drafts:
    """An organization's drafts for a period, one per currency, and all blockers."""

    organization: Organization
    details: DetailsByDate
    period: Period
    provider: Provider
    drafts: Sequence[Draft]
    found: Blockers

    @property
    def blockers(self) -> Sequence[IssueRefusal]:
        """The reasons why nothing can be issued, the most important first."""
        return self.found.of_all

    @property
    def ready(self) -> list[Draft]:
        """The drafts that can be issued."""
        return [each for each in self.drafts if each.document.currency in self.found.ready]

    @property
    def refusal(self) -> IssueRefusal | None:
        """The reason why nothing can be issued, or None if something can be issued."""
        return self.found.refusal


def drafts_of(
    *,
    organization: Organization,
    period: Period,
    now: datetime,
    provider: Provider,
    stop_if_blocked: bool = False,
    own: References = NO_REFERENCES,
) -> Drafts:
    """Draft the invoices of an organization for a period, one per currency.

    `own` are references that only these invoices have.
    """
    (drafts,) = drafts_of_all(
        organizations=[organization],
        period=period,
        now=now,
        provider=provider,
        stop_if_blocked=stop_if_blocked,
        own=own,
    )
    return drafts


def drafts_of_all(
    *,
    organizations: Sequence[Organization],
    period: Period,
    now: datetime,
    provider: Provider,
    stop_if_blocked: bool = False,
    own: References = NO_REFERENCES,
) -> list[Drafts]:
    """Draft the invoices of organizations for a period, one per currency.

    The number of queries does not depend on the number of organizations, unless earlier invoices
    are corrected or something is left of credits. With `stop_if_blocked`, those whose period or
    details already block all drafts get none. This saves pricing, which takes long for a million
    cameras.
    """
    details = details_of_all(organizations)
    before_pricing = {
        each.pk: known_before_pricing(provider, each, details[each.pk], period, now, own)
        for each in organizations
    }
    priced = [each for each in organizations if not (stop_if_blocked and before_pricing[each.pk])]
    overlapping, deferred = overlapping_invoices(priced, period), deferred_invoices(priced)
    agreed = agreed_terms([each.pk for each in priced])
    drafting = Drafting(provider, agreed, period, now, own)
    statements = statements_for(organizations=priced, period=period, as_of=now, details=details)
    drafted = {
        statement.organization.pk: drafting.drafts(
            statement,
            frozen,
            details[statement.organization.pk],
            before_pricing[statement.organization.pk],
            overlapping.get(statement.organization.pk, ()),
            deferred.get(statement.organization.pk, ()),
        )
        for statement, frozen in zip(statements, freeze_all(statements), strict=True)
    }
    return [
        drafted.get(each.pk)
        or Drafts(each, details[each.pk], period, provider, (), Blockers(before_pricing[each.pk]))
        for each in organizations
    ]


class Stated(NamedTuple):
    """Documents by currency that state all that they must, and all blockers."""

    documents: Mapping[str, Document]
    found: Blockers


class Drafting:
    """What the drafts of organizations for a period have in common."""

    def __init__(
        self,
        provider: Provider,
        agreed: AgreedTerms,
        period: Period,
        now: datetime,
        own: References = NO_REFERENCES,
    ) -> None:
        self._own = own
        self._provider, self._period, self._now = provider, period, now
        self._agreed, self._seller = agreed, seller_of(provider)
        self._logo = bytes(provider.logo.content) if provider.logo else b""
        self._french_notes = french_notes_of(provider)
        self._style = style_of(provider)
        self._taxes_by_date = cache(taxes_by_date)
        self._accounting = Accounting(provider, period, provider_date(now))

    def drafts(
        self,
        statement: Statement,
        frozen: Mapping[str, ChargesFile],
        details: DetailsByDate,
        before_pricing: Sequence[IssueRefusal],
        overlapping: Collection[Invoice],
        deferred: Collection[Invoice],
    ) -> Drafts:
        """Draft the invoices of one organization from its frozen charges."""
        organization, stated = statement.organization, details.on(self._period.last)
        spans = tuple(details.tax_spans(self._period))
        tax_on = self._taxes_by_date(spans, organization.invoice_language)
        contents = contents_of_all(statement, frozen, tax_on)
        documents = {
            currency: self.document(organization, stated, currency, each, tax_on)
            for currency, each in contents.items()
        }
        corrected = with_corrections(deferred, stated, documents, self._now)
        found = blockers_of(
            before_pricing,
            nets={currency: each.charged for currency, each in contents.items()},
            unpriced=sum(each.unpriced for charges in frozen.values() for each in charges.sums),
            overlapping=overlapping,
            cut_months=cut_months(statement),
            unstatable=[
                refusal for each in corrected.values() if (refusal := not_statable(each.document))
            ],
        )
        accounted = self.in_accounting_currency(
            {currency: each.document for currency, each in corrected.items()}, found
        )
        drafts = [
            Draft(
                accounted.documents[currency],
                frozen.get(currency) or no_charges(),
                found.of_currency.get(currency),
                each.included,
                each.left_out,
                contents[currency].carried_from,
            )
            for currency, each in corrected.items()
        ]
        return Drafts(organization, details, self._period, self._provider, drafts, accounted.found)

    def in_accounting_currency(self, documents: Mapping[str, Document], found: Blockers) -> Stated:
        """Let documents, by currency, state their taxes in the accounting currency too.

        A missing rate blocks all of them, as nothing may be left out of what is invoiced together.
        """
        stated, missing = dict(documents), list[IssueRefusal]()
        for currency, document in documents.items():
            if currency in found.of_currency:
                continue
            try:
                stated[currency] = self._accounting.stated(document)
            except ExchangeRateMissing as refusal:
                missing.append(refusal)
        return Stated(stated, found.also(missing))

    def document(
        self,
        organization: Organization,
        stated: DetailsVersion,
        currency: str,
        contents: Contents,
        tax_on: TaxOn,
    ) -> Document:
        """Return the unnumbered invoice of a currency, with the details `stated`."""
        issued_on, digits = provider_date(self._now), minor_digits(currency)
        lines, profile = contents.lines, Profile(stated.profile)
        buyer = buyer_of(organization, stated)
        days_to_pay = self._agreed.days_to_pay(self._provider, organization.pk)
        due_on = issued_on + timedelta(days=days_to_pay)
        taxes = taxes_of(lines, digits, tax_on)
        language = organization.invoice_language
        terms = self._agreed.terms(organization.pk, language, due_on, issued_on)
        return Document(
            kind=Kind.INVOICE,
            number="",
            issued_on=issued_on,
            due_on=due_on,
            language=language,
            currency=currency,
            digits=digits,
            period=self._period,
            seller=self._seller,
            account=self._agreed.account(self._provider, currency),
            logo=self._logo,
            buyer=buyer_of(organization, stated),
            organization=organization.title,
            buyer_reference=organization.contract_number,
            lines=lines,
            net=contents.net,
            taxes=taxes,
            cancels=None,
            carried=contents.carried,
            profile=profile,
            references=references_of(stated).with_own(self._own),
            french=french_of(self._french_notes, self._seller, buyer, profile),
            style=self._style,
            terms=replace(terms, delivery_country=delivery_country(stated, taxes)),
        )
