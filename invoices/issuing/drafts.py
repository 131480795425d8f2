"""Drafts: what invoices would state if they were issued now.

Previews show drafts and `operations.issue` stores them. Both call `drafts_of`, which takes charges
and sums from the statement and does not compute prices itself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from operator import itemgetter
from typing import NamedTuple, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import override

from foundation.web.versions import digest_of
from invoices.differences.settlement import CAMERA_MONTH_PLACES, Settlement, subtotals
from invoices.documents.document import Document, DocumentLine, Kind, Party, TaxSubtotal
from invoices.issuing.blockers import (
    Blockers,
    blockers_of,
    known_before_pricing,
    overlapping_invoices,
)
from invoices.issuing.corrections import deferred_invoices, with_corrections
from invoices.issuing.refusals import IssueRefusal
from invoices.models import Invoice
from invoices.provider.models import Provider
from invoices.provider.parties import account_of, buyer_of, seller_of
from organizations.billing.details import DetailsByDate, details_of_all
from organizations.models import Organization, TaxCategory
from organizations.taxes.spans import TaxSpan, TaxTerms
from rating.line_sums import LineSum
from rating.money import in_major_units, minor_digits
from rating.periods import Period
from tariffs.provider_calendar import provider_date
from usage.statements.freezing import ChargesFile, freeze_all
from usage.statements.statement import Statement, statements_for

# Codes of VATEX, the standard's list of reasons why no tax is due (BT-121).
_REASON_CODES = {
    TaxCategory.REVERSE_CHARGE: "VATEX-EU-AE",
    TaxCategory.NONE: "VATEX-EU-O",
    TaxCategory.INTRA_EU: "VATEX-EU-IC",
    TaxCategory.EXPORT: "VATEX-EU-G",
}


class LineTax(NamedTuple):
    """The tax of a line. `reason` and `reason_code` say why none is due; else they are empty."""

    category: TaxCategory
    percent: Decimal
    reason: str
    reason_code: str


class Dated(Protocol):
    """Anything with a first date."""

    @property
    def period_from(self) -> date: ...


# Returns the tax in force on a date.
TaxOn = Callable[[date], LineTax]


@dataclass(frozen=True)
class Draft:
    """The unissued document of one currency, and its charges.

    `blocker` is the reason why this currency cannot be issued, if any. `corrections` are those of
    earlier invoices that the document includes, `left_out` those that it cannot include.
    """

    document: Document
    charges: ChargesFile
    blocker: IssueRefusal | None
    corrections: Sequence[Settlement] = ()
    left_out: Sequence[Settlement] = ()

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
) -> Drafts:
    """Draft the invoices of an organization for a period, one per currency."""
    (drafts,) = drafts_of_all(
        organizations=[organization],
        period=period,
        now=now,
        provider=provider,
        stop_if_blocked=stop_if_blocked,
    )
    return drafts


def drafts_of_all(
    *,
    organizations: Sequence[Organization],
    period: Period,
    now: datetime,
    provider: Provider,
    stop_if_blocked: bool = False,
) -> list[Drafts]:
    """Draft the invoices of organizations for a period, one per currency.

    The number of queries does not depend on the number of organizations, unless earlier invoices
    are corrected. With `stop_if_blocked`, those whose period or details already block all drafts
    get none. This saves pricing, which takes long for a million cameras.
    """
    details = details_of_all(organizations)
    before_pricing = {
        each.pk: known_before_pricing(provider, each, details[each.pk], period, now)
        for each in organizations
    }
    priced = [each for each in organizations if not (stop_if_blocked and before_pricing[each.pk])]
    overlapping, deferred = overlapping_invoices(priced, period), deferred_invoices(priced)
    drafting = _Drafting(provider, period, now)
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


class _Drafting:
    """What the drafts of organizations for a period have in common."""

    def __init__(self, provider: Provider, period: Period, now: datetime) -> None:
        self._provider, self._period, self._now = provider, period, now
        self._seller, self._account = seller_of(provider), account_of(provider)
        self._logo = bytes(provider.logo.content) if provider.logo else b""
        self._taxes_by_date = cache(taxes_by_date)

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
        buyer = buyer_of(organization, stated)
        spans = tuple(details.tax_spans(self._period))
        tax_on = self._taxes_by_date(spans, organization.invoice_language)
        documents = {
            currency: self._document(statement, buyer, currency, charges.sums, tax_on)
            for currency, charges in frozen.items()
        }
        found = blockers_of(
            before_pricing,
            nets={currency: document.net for currency, document in documents.items()},
            unpriced=sum(each.unpriced for charges in frozen.values() for each in charges.sums),
            overlapping=overlapping,
        )
        corrected = with_corrections(deferred, stated, documents, self._now)
        drafts = [
            Draft(
                each.document,
                frozen[currency],
                found.of_currency.get(currency),
                each.included,
                each.left_out,
            )
            for currency, each in corrected.items()
        ]
        return Drafts(organization, details, self._period, self._provider, drafts, found)

    def _document(
        self,
        statement: Statement,
        buyer: Party,
        currency: str,
        sums: Iterable[LineSum],
        tax_on: TaxOn,
    ) -> Document:
        organization = statement.organization
        issued_on, digits = provider_date(self._now), minor_digits(currency)
        lines = lines_of(sums, digits, statement.tariff_names, tax_on)
        net = sum((line.amount for line in lines), in_major_units(0, digits))
        return Document(
            kind=Kind.INVOICE,
            number="",
            issued_on=issued_on,
            due_on=issued_on + timedelta(days=self._provider.days_to_pay),
            language=organization.invoice_language,
            currency=currency,
            digits=digits,
            period=self._period,
            seller=self._seller,
            account=self._account,
            logo=self._logo,
            buyer=buyer,
            organization=organization.title,
            buyer_reference=organization.contract_number,
            lines=lines,
            net=net,
            taxes=taxes_of(lines, digits, tax_on),
            cancels=None,
        )


def lines_of(
    sums: Iterable[LineSum], digits: int, names: Mapping[int, str], tax_on: TaxOn
) -> tuple[DocumentLine, ...]:
    """Return the lines for what is billable and priced in a currency, by month and tariff.

    `names` are tariff names by id.
    """
    lines = []
    for each in sums:
        (start, end), rate = each.segment.period, each.segment.rate
        if rate.price is None or not each.billable:
            continue
        tax = tax_on(start)
        line = DocumentLine(
            tariff=names[rate.tariff_id],
            period_from=start,
            period_until=end,
            monthly_price=rate.price,
            cameras=each.cameras,
            camera_months=each.camera_months(CAMERA_MONTH_PLACES),
            amount=in_major_units(each.minor, digits),
            tax_category=tax.category,
            tax_percent=tax.percent,
        )
        lines.append(((rate.month, line.tariff, start, rate.tariff_id), line))
    return tuple(line for _order, line in sorted(lines, key=itemgetter(0)))


def taxes_of(
    lines: Collection[DocumentLine], digits: int, tax_on: TaxOn
) -> tuple[TaxSubtotal, ...]:
    """Return the taxes on lines, with the reasons of their dates."""
    return subtotals(lines, stated_taxes(lines, digits, tax_on), digits)


def stated_taxes(lines: Iterable[Dated], digits: int, tax_on: TaxOn) -> list[TaxSubtotal]:
    """Return the tax of each line's date, without amounts."""
    nothing = in_major_units(0, digits)
    # Few lines differ in their taxes, and subtotals take each reason once.
    taxes = dict.fromkeys(tax_on(line.period_from) for line in lines)
    return [TaxSubtotal(*tax, net=nothing, amount=nothing) for tax in taxes]


def taxes_by_date(spans: Sequence[TaxSpan], language: str) -> TaxOn:
    """Return the taxes of a period by date, with their texts in the language of its invoices.

    A document states each category and percentage once, so it states all reasons together.
    """
    with override(language):
        taxes = [_line_tax(span.terms) for span in spans]
    joined = [
        tax._replace(
            reason="; ".join(dict.fromkeys(each.reason for each in same)),
            reason_code=tax.reason_code if len({each.reason_code for each in same}) == 1 else "",
        )
        for tax in taxes
        if (same := [each for each in taxes if each[:2] == tax[:2]])
    ]
    starts = [span.start for span in spans]
    return lambda day: joined[bisect_right(starts, day) - 1]


def _line_tax(terms: TaxTerms | None) -> LineTax:
    """Return the tax of lines. Blockers refuse to issue them if none is chosen or has no rate."""
    if terms is None:
        return LineTax(TaxCategory.NONE, Decimal(0), _reason(TaxCategory.NONE), "")
    category = terms.category
    reason = terms.exemption_text or _reason(category)
    code = terms.exemption_code or _REASON_CODES.get(category, "")
    return LineTax(category, terms.percent or Decimal(0), reason, code)


def _reason(category: TaxCategory) -> str:
    match category:
        case TaxCategory.EXEMPT:
            return _("Exempt from tax")
        case TaxCategory.REVERSE_CHARGE:
            return _("Reverse charge: the recipient is liable for the tax")
        case TaxCategory.NONE:
            return _("Not subject to tax")
        case TaxCategory.INTRA_EU:
            return _("Intra-EU supply, exempt from tax")
        case TaxCategory.EXPORT:
            return _("Export, exempt from tax")
    return ""
