"""What the credit note of an invoice states, and whether an invoice can be cancelled."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from invoices.documents.document import Document, Kind, TaxSubtotal
from invoices.documents.issued import document_of, reference_to
from invoices.issuing.accounting import less
from invoices.issuing.carrying import check_not_used
from invoices.issuing.refusals import (
    AlreadyCancelled,
    CreditedInFull,
    HasCorrections,
    NotAnInvoice,
)
from invoices.models import Invoice
from tariffs.provider_calendar import provider_date


def check_can_be_cancelled(invoice: Invoice) -> None:
    """Check that a document can be cancelled. It must be read with its `credit_note`.

    Raises:
        NotAnInvoice, AlreadyCancelled, HasCorrections, CreditedInFull, CreditUsed: it cannot be
            cancelled.
    """
    if invoice.is_credit_note:
        raise NotAnInvoice
    if hasattr(invoice, "credit_note"):
        raise AlreadyCancelled(numbers=[invoice.credit_note.number])
    check_not_used(invoice)
    documents = _correcting(invoice)
    if charging := [each.number for each in documents if not each.is_credit_note]:
        raise HasCorrections(numbers=charging)
    # Rounding, and supplements cancelled since, can make corrections credit more than all.
    if documents and sum(each.total for each in documents) >= invoice.total:
        raise CreditedInFull(numbers=[each.number for each in documents])


def credit_note_of(invoice: Invoice, now: datetime) -> Document:
    """Return the credit note that cancels an invoice.

    It states the same except for its number and dates. What has been credited is taken off, also in
    the accounting currency, at the rate of the invoice.
    """
    original = document_of(invoice)
    credited = [document_of(each) for each in _correcting(invoice)]
    return replace(
        original,
        kind=Kind.CREDIT_NOTE,
        number="",
        issued_on=provider_date(now),
        due_on=None,
        lines=(*original.lines, *(line.turned() for each in credited for line in each.lines)),
        net=original.net - sum(each.net for each in credited),
        taxes=_less(original.taxes, [tax for each in credited for tax in each.taxes]),
        cancels=reference_to(invoice),
        corrects=(),
        carried=(),
        terms=original.terms.without_payment,
        accounting_tax=less(original, credited),
    )


def _correcting(invoice: Invoice) -> list[Invoice]:
    """Return the documents in force that correct an invoice."""
    corrections = invoice.received_corrections.in_force().select_related("document")
    return [each.document for each in corrections.order_by("document")]


def _less(
    taxes: Iterable[TaxSubtotal], credited: Collection[TaxSubtotal]
) -> tuple[TaxSubtotal, ...]:
    """Subtract from each tax what was stated, so that the documents add up to 0."""
    return tuple(
        replace(
            tax,
            net=tax.net - sum(each.net for each in _same(tax, credited)),
            amount=tax.amount - sum(each.amount for each in _same(tax, credited)),
        )
        for tax in taxes
    )


def _same(tax: TaxSubtotal, among: Iterable[TaxSubtotal]) -> list[TaxSubtotal]:
    key = (tax.category, tax.percent)
    return [each for each in among if (each.category, each.percent) == key]
