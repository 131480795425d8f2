"""Store invoices and credit notes, and give them numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any

from accounts.models import User
from foundation.fast_sql import Rows, forget_plans, insert
from invoices.differences.settlement import Settlement
from invoices.documents import accounting_tax
from invoices.documents.document import (
    Account,
    Document,
    DocumentLine,
    Party,
    TaxSubtotal,
    values_of,
)
from invoices.issuing.followers import ISSUED
from invoices.models import (
    Correction,
    FrozenCharges,
    Invoice,
    InvoicedCharge,
    InvoicedPeriod,
    InvoiceLine,
    InvoiceTax,
    NumberSeries,
)
from organizations.models import Organization
from rating.currencies import currency_number
from tariffs.provider_calendar import provider_date
from usage.statements.freezing import ChargesFile

_VALUES_OF_LINE = attrgetter(*DocumentLine.__slots__)
_VALUES_OF_TAX = attrgetter(*TaxSubtotal.__slots__)
# From this number of documents on, it pays to plan the checks of their foreign keys again.
_MANY = 10
_PERIOD = ("invoice_id", "organization_id", "currency_number", "period_from", "period_until")


@dataclass(frozen=True, slots=True)
class UnnumberedDocument:
    """A document to store: an invoice with its charges, or a credit note with what it `cancels`.

    It can have `corrections` of earlier invoices. If it `stands_alone`, it has nothing else. If it
    is for one-off charges only, `charge_ids` are theirs; it takes no period.
    """

    document: Document
    organization: Organization
    logo_id: str | None
    charges: ChargesFile | None = None
    cancels: Invoice | None = None
    corrections: Sequence[Settlement] = ()
    stands_alone: bool = False
    charge_ids: Sequence[int] = ()


def store(
    documents: Sequence[UnnumberedDocument], *, prefix: str, now: datetime, by: User | None
) -> list[Invoice]:
    """Store documents with all their parts in the caller's transaction; return them with numbers.

    Use one statement per table, whatever the number of documents. Parts are stored first, so
    that the number series is locked only while the documents are written. PostgreSQL checks the
    foreign keys of the parts at the end of the transaction.
    """
    identified = list(zip(Invoice.objects.next_ids(len(documents)), documents, strict=True))
    lines = [
        (pk, position, *_VALUES_OF_LINE(line))
        for pk, each in identified
        for position, line in enumerate(each.document.lines, 1)
    ]
    taxes = [
        (pk, position, *_VALUES_OF_TAX(tax))
        for pk, each in identified
        for position, tax in enumerate(each.document.taxes, 1)
    ]
    charges = [
        (pk, each.charges.content, each.charges.count) for pk, each in identified if each.charges
    ]
    periods = [
        (
            pk,
            each.organization.pk,
            currency_number(each.document.currency),
            *each.document.period,
        )
        for pk, each in identified
        if each.cancels is None and not each.stands_alone and not each.charge_ids
    ]
    invoiced_charges = [(pk, charge) for pk, each in identified for charge in each.charge_ids]
    corrections = [
        _correction(pk, settlement, each.stands_alone)
        for pk, each in identified
        for settlement in each.corrections
    ]
    insert(
        Rows(InvoiceLine, ("invoice_id", "position", *DocumentLine.__slots__), lines),
        Rows(InvoiceTax, ("invoice_id", "position", *TaxSubtotal.__slots__), taxes),
        Rows(FrozenCharges, ("invoice_id", "content", "count"), charges),
        Rows(InvoicedPeriod, _PERIOD, periods),
        Rows(InvoicedCharge, ("invoice_id", "charge_id"), invoiced_charges),
        corrections,
    )
    values = cache(values_of)
    stored = [_invoice(pk, each, values, now, by) for pk, each in identified]
    if len(documents) >= _MANY:
        forget_plans()
    numbers = NumberSeries.objects.next_numbers(
        len(documents), prefix=prefix, year=provider_date(now).year
    )
    for invoice, number in zip(stored, numbers, strict=True):
        invoice.number = number
    insert(stored)
    ISSUED.tell(stored, now, by)
    return stored


def _correction(pk: int, settlement: Settlement, stands_alone: bool) -> Correction:
    return Correction(
        document_id=pk,
        corrects=settlement.invoice,
        stands_alone=stands_alone,
        net=settlement.net,
        content=settlement.charges.content,
        count=settlement.count,
        sha256=settlement.charges.sha256,
    )


def _invoice(
    pk: int,
    of: UnnumberedDocument,
    values: Callable[[Party | Account], dict[str, Any]],
    now: datetime,
    by: User | None,
) -> Invoice:
    """Return the invoice or credit note of a document, unsaved and without a number.

    `values` are those of the parties, which documents share.
    """
    document, organization = of.document, of.organization
    # The invoice that a credit note cancels, or that a document is nothing but a correction of.
    original = of.corrections[0].invoice if of.stands_alone else of.cancels
    return Invoice(
        pk=pk,
        kind=document.kind.value,
        organization=organization,
        cancels=of.cancels,
        currency=document.currency,
        digits=document.digits,
        period_from=document.period.start,
        period_until=document.period.end,
        # These cover what the original did, even if the time zone has changed since.
        starts_at=original.starts_at if original else organization.start_of(document.period.start),
        ends_at=original.ends_at if original else organization.start_of(document.period.end),
        issued_at=now,
        issued_on=document.issued_on,
        due_on=document.due_on,
        issued_by=by,
        owner_id=organization.owner_id,
        language=document.language,
        seller=values(document.seller),
        account=values(document.account),
        logo_id=of.logo_id,
        buyer=values(document.buyer),
        french=values_of(document.french) if document.french else None,
        style=document.style.stored,
        terms=document.terms.stored,
        buyer_name=document.buyer.name,
        organization_title=document.organization,
        buyer_reference=document.buyer_reference,
        profile=document.profile.value,
        references=document.references.stored(),
        net=document.net,
        tax_amount=document.tax_amount,
        total=document.total,
        accounting_tax=accounting_tax.stored(document.accounting_tax),
        charges_sha256=of.charges.sha256 if of.charges else "",
    )
