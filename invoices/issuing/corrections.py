"""Put the corrections of earlier invoices onto the next invoice in their currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from foundation.among import among
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


def deferred_invoices(organizations: Collection[Organization]) -> Mapping[int, Sequence[Invoice]]:
    """Return the invoices in force to correct with the next ones, by organization id."""
    own = {organization.pk: organization for organization in organizations}
    deferred = DeferredCorrection.objects.filter(among("organization", own))
    ids = list(deferred.values_list("invoice_id", flat=True))
    found: dict[int, list[Invoice]] = defaultdict(list)
    for invoice in Invoice.objects.in_force().filter(pk__in=ids).order_by("pk") if ids else ():
        invoice.organization = own[invoice.organization_id]
        found[invoice.organization_id].append(invoice)
    return found


def with_corrections(
    deferred: Iterable[Invoice],
    details: DetailsVersion,
    documents: Mapping[str, Document],
    now: datetime,
) -> dict[str, Corrected]:
    """Add to each document, by currency, the lines that correct earlier invoices.

    `details` are those that the documents state. All corrections in a currency are included, or
    none.
    """
    settlements: dict[str, list[Settlement]] = defaultdict(list)
    for invoice in deferred:
        if invoice.currency in documents:
            settlement = settlement_of(invoice, now)
            if settlement.differs:
                settlements[invoice.currency].append(settlement)
    return {
        currency: _corrected(document, details, settlements[currency])
        for currency, document in documents.items()
    }


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
