"""Read billing details by date: the data of organizations on invoices, and their tax."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple, TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet

from foundation.among import among
from foundation.fast_sql import compiled_once
from organizations.billing.profiles import Profile
from organizations.models import AgreedKind, BillingDetails, Organization, Tax, TaxCategory
from organizations.tax_ids import eu_vat_number
from organizations.taxes.spans import BEGINNING, DatedTax, TaxSpan, TaxTerms, spans_of
from rating.periods import Period

_NEEDED = ("name", "street", "city", "country")


class _AddressAndTax(TypedDict):
    name: str
    street: str
    postal_code: str
    city: str
    country: str
    tax_number: str
    delivery_country: str
    tax: Tax | None


class EInvoiceFields(TypedDict, total=False):
    """How electronic invoices are stated. What is left out does not change."""

    buyer_kind: str
    profile: str
    endpoint: str
    endpoint_scheme: str
    legal_id: str
    legal_scheme: str
    buyer_reference: str
    order_reference: str
    contract_reference: str
    project_reference: str


class BillingFields(_AddressAndTax, EInvoiceFields):
    """The editable values of one version of billing details, without its date."""


class DeliveryFields(TypedDict):
    """How documents are sent now; the organization stores it, without dates."""

    billing_email: str
    invoice_language: str
    attach_charges: bool


@dataclass(frozen=True, slots=True)
class DetailsVersion:
    """One version of billing details, as read."""

    id: int | None
    valid_from: date | None
    name: str
    street: str
    postal_code: str
    city: str
    country: str
    tax_number: str
    tax: DatedTax | None
    delivery_country: str = ""
    profile: str = Profile.EN16931.value
    endpoint: str = ""
    endpoint_scheme: str = ""
    legal_id: str = ""
    legal_scheme: str = ""
    buyer_reference: str = ""
    order_reference: str = ""
    contract_reference: str = ""
    project_reference: str = ""

    @property
    def delivered_to(self) -> str:
        """The country of delivery, an ISO 3166 code: that of the address, unless entered."""
        return self.delivery_country or self.country

    @property
    def missing(self) -> list[str]:
        """The names of details that must be filled in before invoices with its tax can be issued.

        They are fields, or `vat_number` if the tax ID must be one.
        """
        return self.missing_beside(())

    def missing_beside(self, categories: Collection[TaxCategory]) -> list[str]:
        """Return what is `missing` if invoices also state taxes of other categories."""
        names = [name for name in _NEEDED if not getattr(self, name)]
        if self.tax is None:
            names.append("tax")
        stated = {*categories, self.tax.category} if self.tax else {*categories}
        if TaxCategory.INTRA_EU in stated and not eu_vat_number(self.tax_number, self.country):
            names.append("vat_number")
        elif TaxCategory.REVERSE_CHARGE in stated and not self.tax_number:
            names.append("tax_number")
        return names


# The details of an organization that has none yet.
NO_DETAILS = DetailsVersion(None, None, "", "", "", "", "", "", None)


class AppliedTax(NamedTuple):
    """A tax of an organization, and since when invoices state it; None: from the beginning."""

    terms: TaxTerms
    since: date | None


@dataclass(frozen=True, slots=True)
class DetailsByDate:
    """All versions of an organization's billing details, the earliest first.

    `agreed_kinds` are its `AgreedKind`s, read at the same time because statements need both. They
    are None if they are not known: a query for details finds nothing without details.
    """

    versions: Sequence[DetailsVersion] = ()
    agreed_kinds: Collection[str] | None = field(default=None, compare=False)
    _spans: dict[Period, list[TaxSpan]] = field(default_factory=dict, compare=False, repr=False)

    def on(self, day: date) -> DetailsVersion:
        """Return the version that applies on a date."""
        for version in reversed(self.versions):
            if version.valid_from is None or version.valid_from <= day:
                return version
        return NO_DETAILS

    def tax_spans(self, period: Period) -> list[TaxSpan]:
        """Return the taxes of a period in order of their dates."""
        if period not in self._spans:
            choices = [(version.valid_from, version.tax) for version in self.versions]
            self._spans[period] = spans_of(choices, *period)
        return self._spans[period]

    def taxes_applied(self, period: Period) -> list[AppliedTax]:
        """Return the taxes that are chosen and have a rate in a period, in order of their dates."""
        spans = self.tax_spans(Period(BEGINNING, period.end))
        starts = [span.start for span in spans if span.end > period.start]
        applied = [(start, self.tax_on(max(start, period.start))) for start in starts]
        return [
            AppliedTax(terms, None if start == BEGINNING else start)
            for start, terms in applied
            if terms and terms.percent is not None
        ]

    def tax_on(self, day: date) -> TaxTerms | None:
        """Return the tax that applies on a date, or None if none is chosen."""
        tax = self.on(day).tax
        return tax.on(day) if tax else None


_VERSION = (
    "organization_id",
    "pk",
    "valid_from",
    "name",
    "street",
    "postal_code",
    "city",
    "country",
    "tax_number",
)
_STATED = (
    "delivery_country",
    "profile",
    "endpoint",
    "endpoint_scheme",
    "legal_id",
    "legal_scheme",
    "buyer_reference",
    "order_reference",
    "contract_reference",
    "project_reference",
)
_TAX = ("tax__name", "tax__category", "tax__exemption_text", "tax__exemption_code")
_PERCENT = ("tax__percents__valid_from", "tax__percents__percent")


def _rows_of(details: QuerySet[BillingDetails]) -> QuerySet[BillingDetails, Any]:
    """Return a row for each rate of each version's tax, or one for a version without rates.

    Each also has the kinds of terms that the organization has or had.
    """
    in_order = details.order_by(
        "organization_id", F("valid_from").asc(nulls_first=True), "tax__percents__valid_from"
    )
    kinds = AgreedKind.objects.filter(organization=OuterRef("organization_id"))
    return in_order.values_list(
        *_VERSION, *_STATED, *_TAX, *_PERCENT, ArraySubquery(kinds.values("kind"))
    )


@compiled_once
def details_rows(organization_id: int) -> QuerySet[BillingDetails, Any]:
    """Return an organization's billing details, with the rates of their taxes."""
    return _rows_of(BillingDetails.objects.filter(organization=organization_id))


def details_of(organization_id: int) -> DetailsByDate:
    """Read an organization's billing details with one query."""
    return _by_date(details_rows.rows(organization_id))


def details_of_all(organizations: Collection[Organization]) -> dict[int, DetailsByDate]:
    """Read the billing details of organizations with one query; return them by id."""
    ids = [each.pk for each in organizations]
    rows = _rows_of(BillingDetails.objects.filter(among("organization", ids)))
    found: dict[int, DetailsByDate] = defaultdict(DetailsByDate)
    for pk, of_one in groupby(rows, key=lambda row: row[0]):
        found[pk] = _by_date(list(of_one))
    return found


def _by_date(rows: Sequence[tuple[Any, ...]]) -> DetailsByDate:
    return DetailsByDate(_versions(rows), agreed_kinds=rows[0][-1] if rows else None)


def _versions(rows: Iterable[tuple[Any, ...]]) -> tuple[DetailsVersion, ...]:
    own = len(_VERSION)
    tax_from = own + len(_STATED)
    percent_from = tax_from + len(_TAX)
    versions = []
    for version, of_one in groupby(rows, key=lambda row: row[:percent_from]):
        name, category, text, code = version[tax_from:]
        percents = tuple(row[percent_from:-1] for row in of_one if row[percent_from])
        tax = DatedTax(name, TaxCategory(category), text, code, percents) if category else None
        values: list[Any] = [*version[1:own], tax, *version[own:tax_from]]
        versions.append(DetailsVersion(*values))
    return tuple(versions)
