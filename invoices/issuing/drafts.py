"""Drafts: what invoices would state if they were issued now.

Previews show drafts and `operations.issue` stores them. Both call `drafts_of`, which takes charges
and sums from the statement and does not compute prices itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256

from django.utils.translation import gettext as _
from django.utils.translation import override

from invoices.documents.document import Document, DocumentLine, Kind, Tax
from invoices.issuing.blockers import (
    Blockers,
    blockers_of,
    known_before_pricing,
    overlapping_invoices,
)
from invoices.issuing.refusals import IssueRefusal
from invoices.provider.models import Provider
from invoices.provider.parties import account_of, buyer_of, seller_of
from organizations.models import Organization, TaxCategory
from rating.line_sums import LineSum
from rating.money import in_major_units, minor_digits, rounded_half_up
from rating.periods import Period
from tariffs.provider_calendar import provider_date
from usage.statements.freezing import ChargesFile, freeze
from usage.statements.statement import statement_for

_CAMERA_MONTH_PLACES = 6


@dataclass(frozen=True)
class Draft:
    """The unissued document of one currency, and its charges.

    `blocker` is the reason why this currency cannot be issued, if any.
    """

    document: Document
    charges: ChargesFile
    blocker: IssueRefusal | None

    @property
    def version(self) -> str:
        """A digest of everything that would be issued, to compare it with what a person saw."""
        return sha256(f"{self.document!r} {self.charges.sha256}".encode()).hexdigest()


@dataclass(frozen=True)
class Drafts:
    """An organization's drafts for a period, one per currency, and all blockers."""

    organization: Organization
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
    """Draft the invoices of an organization for a period, one per currency.

    With `stop_if_blocked`, return no drafts if the period or the details already block all of
    them. This saves pricing, which takes long for a million cameras.
    """
    before_pricing = known_before_pricing(provider, organization, period, now)
    if stop_if_blocked and before_pricing:
        return Drafts(organization, period, provider, (), Blockers(before_pricing))
    statement = statement_for(organization=organization, period=period, as_of=now)
    frozen = freeze(statement)
    documents = {
        currency: _document(
            provider,
            organization,
            period,
            currency,
            lines_of(charges.sums, minor_digits(currency), statement.tariff_names),
            now,
        )
        for currency, charges in frozen.items()
    }
    found = blockers_of(
        before_pricing,
        nets={currency: document.net for currency, document in documents.items()},
        unpriced=sum(each.unpriced for charges in frozen.values() for each in charges.sums),
        overlapping=overlapping_invoices(organization, period),
    )
    drafts = [
        Draft(document, frozen[currency], found.of_currency.get(currency))
        for currency, document in documents.items()
    ]
    return Drafts(organization, period, provider, drafts, found)


def lines_of(
    sums: Iterable[LineSum], digits: int, names: Mapping[int, str]
) -> tuple[DocumentLine, ...]:
    """Return the lines for the priced charges of a currency. `names` are tariff names by id."""
    lines = [
        DocumentLine(
            tariff=names[each.segment.rate.tariff_id],
            month=each.segment.rate.month,
            monthly_price=each.segment.rate.price,
            cameras=each.cameras,
            camera_months=_to_places(each.camera_months, _CAMERA_MONTH_PLACES),
            amount=in_major_units(each.minor, digits),
        )
        for each in sums
        if each.segment.rate.price is not None
    ]
    return tuple(sorted(lines, key=lambda line: (line.month, line.tariff, line.monthly_price)))


def _to_places(exact: Fraction, places: int) -> Decimal:
    """Round half up to a number of decimal places."""
    scaled = exact * 10**places
    return in_major_units(rounded_half_up(scaled.numerator, scaled.denominator), places)


def _document(
    provider: Provider,
    organization: Organization,
    period: Period,
    currency: str,
    lines: tuple[DocumentLine, ...],
    now: datetime,
) -> Document:
    issued_on, digits = provider_date(now), minor_digits(currency)
    net = sum((line.amount for line in lines), in_major_units(0, digits))
    return Document(
        kind=Kind.INVOICE,
        number="",
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=provider.days_to_pay),
        language=organization.invoice_language,
        currency=currency,
        digits=digits,
        period=period,
        seller=seller_of(provider),
        account=account_of(provider),
        logo=bytes(provider.logo.content) if provider.logo else b"",
        buyer=buyer_of(organization),
        organization=organization.title,
        buyer_reference=organization.contract_number,
        lines=lines,
        net=net,
        tax=tax_on(net, digits, organization),
        cancels=None,
    )


def tax_on(net: Decimal, digits: int, organization: Organization) -> Tax:
    """Return the tax on the sum of all lines, rounded half up once (EN 16931, BR-CO-17)."""
    category = TaxCategory(organization.tax_category or TaxCategory.NONE)
    rate = organization.tax_rate or Decimal(0)
    amount = _to_places(Fraction(net) * Fraction(rate) / 100, digits)
    with override(organization.invoice_language):
        return Tax(category, rate, _reason(category), amount)


def _reason(category: TaxCategory) -> str:
    match category:
        case TaxCategory.EXEMPT:
            return _("Exempt from tax")
        case TaxCategory.REVERSE_CHARGE:
            return _("Reverse charge: the recipient is liable for the tax")
        case TaxCategory.NONE:
            return _("Not subject to tax")
    return ""
