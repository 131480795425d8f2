"""Put the corrections of earlier invoices onto the next invoice in their currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from foundation.fast_sql import compiled_once
from invoices.differences.models import DeferredCorrection
from invoices.differences.settlement import Settlement, settlement_of, subtotals
from invoices.documents.document import Document
from invoices.documents.issued import reference_to
from invoices.models import Invoice
from organizations.billing.details import DetailsVersion
from organizations.models import Organization, TaxCategory


@dataclass(frozen=True)
class Corrected:
    """A document with the corrections that it includes, and those that are `left_out`.

    They are left out if nothing would remain to be paid, if they have no price, or if their tax
    cannot be on the same document: it may need a tax number that the organization no longer has.
    """

    document: Document
    included: Sequence[Settlement] = ()
    left_out: Sequence[Settlement] = ()


@compiled_once
def deferred_ids(organization_id: int) -> QuerySet[DeferredCorrection, tuple[int]]:
    """Return the ids of an organization's invoices to correct with the next one."""
    deferred = DeferredCorrection.objects.filter(organization=organization_id)
    return deferred.order_by("invoice_id").values_list("invoice_id")


def with_corrections(
    organization: Organization,
    details: DetailsVersion,
    documents: Mapping[str, Document],
    now: datetime,
) -> dict[str, Corrected]:
    """Add to each document, by currency, the lines that correct earlier invoices.

    `details` are those that the documents state. All corrections in a currency are included, or
    none.
    """
    settlements: dict[str, list[Settlement]] = defaultdict(list)
    if ids := [pk for (pk,) in deferred_ids.rows(organization.pk)]:
        for invoice in _invoices(ids, documents):
            invoice.organization = organization
            settlement = settlement_of(invoice, now)
            if settlement.cameras or settlement.unpriced:
                settlements[invoice.currency].append(settlement)
    return {
        currency: _corrected(document, details, settlements[currency])
        for currency, document in documents.items()
    }


def _invoices(ids: Collection[int], currencies: Collection[str]) -> list[Invoice]:
    invoices = Invoice.objects.in_force().filter(pk__in=ids, currency__in=currencies)
    return list(invoices.order_by("pk"))


def _corrected(
    document: Document, details: DetailsVersion, settlements: Sequence[Settlement]
) -> Corrected:
    if not settlements:
        return Corrected(document)
    lines = (*document.lines, *(line for each in settlements for line in each.lines))
    stated = [*document.taxes, *(tax for each in settlements for tax in each.taxes)]
    taxes = subtotals(lines, stated, document.digits)
    corrected = replace(
        document,
        lines=lines,
        net=sum((each.net for each in settlements), document.net),
        taxes=taxes,
        corrects=tuple(reference_to(each.invoice) for each in settlements),
    )
    if (
        corrected.total <= 0
        or any(each.unpriced for each in settlements)
        or not _can_be_stated({tax.category for tax in taxes}, details)
    ):
        return Corrected(document, left_out=settlements)
    return Corrected(corrected, included=settlements)


def _can_be_stated(categories: Collection[TaxCategory], details: DetailsVersion) -> bool:
    """Return whether a document with these details can state all of these taxes."""
    # What is not subject to tax cannot be on a document with anything else (BR-O-11).
    is_apart = len(categories) > 1 and TaxCategory.NONE in categories
    return not is_apart and not details.missing_beside(categories)
