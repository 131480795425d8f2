"""Issue and cancel invoices.

Issuing first locks the organization. If two people issue for it at the same time, the second
therefore sees what the first issued; an exclusion constraint in the database is a second
protection. The number is taken last, so that its series is locked only while the document is
written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from accounts.models import User
from invoices.documents.document import Document, Kind, Reference
from invoices.documents.issued import document_of
from invoices.issuing.drafts import drafts_of
from invoices.issuing.refusals import AlreadyCancelled, NotAnInvoice, PreviewOutdated
from invoices.issuing.storing import UnnumberedDocument, store
from invoices.models import Invoice
from invoices.provider.parties import provider_details
from invoices.sending import deliveries
from organizations.models import Organization
from rating.periods import Period
from tariffs.provider_calendar import provider_date


@transaction.atomic
def issue(
    *,
    organization_id: int,
    period: Period,
    now: datetime,
    by: User | None,
    shown: Mapping[str, str] | None = None,
) -> list[Invoice]:
    """Issue an organization's invoices for a period, one for each currency that can be invoiced.

    Jobs send them to the organization's address for invoices, if it has one. `shown` are the
    `Draft.version`s that a person saw and agreed to, by currency.

    Raises:
        Organization.DoesNotExist: there is no such organization.
        PeriodNotOver, DetailsMissing, Unpriced: nothing can be issued yet.
        AlreadyInvoiced, NothingToBill: there is no currency left to invoice.
        PreviewOutdated: the invoices would differ from `shown`.
    """
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    return issue_to(organization, period=period, now=now, by=by, shown=shown)


def issue_to(
    organization: Organization,
    *,
    period: Period,
    now: datetime,
    by: User | None,
    shown: Mapping[str, str] | None = None,
) -> list[Invoice]:
    """Do the same as `issue` in the transaction of the caller, who has locked the organization.

    Refusals are raised before anything is written.
    """
    drafts = drafts_of(
        organization=organization,
        period=period,
        now=now,
        provider=provider_details(),
        stop_if_blocked=True,
    )
    if drafts.refusal is not None:
        raise drafts.refusal
    if shown is not None and shown != {
        draft.document.currency: draft.version for draft in drafts.ready
    }:
        raise PreviewOutdated
    issued = store(
        [
            UnnumberedDocument(
                each.document, organization, drafts.provider.logo_id, charges=each.charges
            )
            for each in drafts.ready
        ],
        prefix=drafts.provider.invoice_prefix,
        now=now,
        by=by,
    )
    deliveries.ask_for_issued(invoices=issued, now=now, by=by)
    return issued


@transaction.atomic
def cancel(*, invoice_id: int, now: datetime, by: User | None) -> Invoice:
    """Cancel an invoice with a credit note that mirrors it; return the credit note.

    The period can then be invoiced again. Payments stay with the invoice and are owed to the
    organization.

    Raises:
        Invoice.DoesNotExist: there is no such invoice.
        NotAnInvoice: the document is a credit note.
        AlreadyCancelled: the invoice already has a credit note.
    """
    # The invoice itself never changes, so lock its organization.
    organization_id = Invoice.objects.values_list("organization_id", flat=True).get(pk=invoice_id)
    Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    invoice = Invoice.objects.select_related("credit_note", "invoiced_period").get(pk=invoice_id)
    check_can_be_cancelled(invoice)
    mirrored = _credit_note_of(invoice, now)
    (credit_note,) = store(
        [UnnumberedDocument(mirrored, invoice.organization, invoice.logo_id, cancels=invoice)],
        prefix=provider_details().credit_note_prefix,
        now=now,
        by=by,
    )
    invoice.invoiced_period.delete()
    deliveries.ask_for_issued(invoices=[credit_note], now=now, by=by)
    return credit_note


def check_can_be_cancelled(invoice: Invoice) -> None:
    """Check that a document can be cancelled. It must be read with its `credit_note`.

    Raises:
        NotAnInvoice, AlreadyCancelled: the document cannot be cancelled.
    """
    if invoice.is_credit_note:
        raise NotAnInvoice
    if hasattr(invoice, "credit_note"):
        raise AlreadyCancelled(credit_note=invoice.credit_note.number)


def _credit_note_of(invoice: Invoice, now: datetime) -> Document:
    """Return the credit note of an invoice. It states the same except for its number and dates."""
    return replace(
        document_of(invoice),
        kind=Kind.CREDIT_NOTE,
        number="",
        issued_on=provider_date(now),
        due_on=None,
        cancels=Reference(invoice.number, invoice.issued_on),
    )
