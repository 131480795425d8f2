"""Issue and cancel invoices.

Issuing first locks the organization. If two people issue for it at the same time, the second
therefore sees what the first issued; an exclusion constraint in the database is a second
protection. The number is taken last, so that its series is locked only while the document is
written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from invoices.differences.models import DeferredCorrection
from invoices.documents.references import NO_REFERENCES, References
from invoices.issuing.carrying import Carrying, carry_over, take_back
from invoices.issuing.crediting import check_can_be_cancelled, credit_note_of
from invoices.issuing.drafts import Drafts, drafts_of
from invoices.issuing.one_off import release_charges
from invoices.issuing.refusals import PreviewOutdated
from invoices.issuing.settling import reopen, settled
from invoices.issuing.storing import UnnumberedDocument, store
from invoices.models import Invoice, InvoicedPeriod
from invoices.provider.parties import provider_details
from invoices.sending import deliveries
from organizations.models import Organization
from rating.periods import Period


@transaction.atomic
def issue(
    *,
    organization_id: int,
    period: Period,
    now: datetime,
    by: User | None,
    shown: Mapping[str, str] | None = None,
    own: References = NO_REFERENCES,
) -> list[Invoice]:
    """Issue an organization's invoices for a period, one for each currency that can be invoiced.

    Jobs send them to the organization's address for invoices, if it has one. `shown` are the
    `Draft.version`s that a person saw and agreed to, by currency. `own` are the references that
    these invoices have besides the organization's.

    Raises:
        Organization.DoesNotExist: there is no such organization.
        PeriodNotOver, DetailsMissing, Unpriced: nothing can be issued yet.
        AlreadyInvoiced, NotStatable, NothingToBill: there is no currency left to invoice.
        PreviewOutdated: the invoices would differ from `shown`.
    """
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    drafts = drafts_of(
        organization=organization,
        period=period,
        now=now,
        provider=provider_details(),
        stop_if_blocked=True,
        own=own,
    )
    if drafts.refusal is not None:
        raise drafts.refusal
    if shown is not None and shown != {
        draft.document.currency: draft.version for draft in drafts.ready
    }:
        raise PreviewOutdated
    return issue_drafts([drafts], now=now, by=by)


def issue_drafts(drafted: Sequence[Drafts], *, now: datetime, by: User | None) -> list[Invoice]:
    """Issue all drafts that are ready, of one provider, in the transaction of the caller.

    The caller has locked their organizations, and makes no other change afterwards: the number
    series stays locked until the transaction ends.
    """
    ready = [(drafts, each) for drafts in drafted for each in drafts.ready]
    if not ready:
        return []
    provider = drafted[0].provider
    issued = store(
        [
            UnnumberedDocument(
                each.document,
                drafts.organization,
                provider.logo_id,
                charges=each.charges,
                corrections=each.corrections,
            )
            for drafts, each in ready
        ],
        prefix=provider.invoice_prefix,
        now=now,
        by=by,
    )
    carry_over(
        [
            Carrying(invoice, each.document, each.carried_from)
            for invoice, (_drafts, each) in zip(issued, ready, strict=True)
        ]
    )
    if corrected := [one.invoice for _drafts, each in ready for one in each.corrections]:
        settled(corrected)
    deliveries.ask_for_issued(invoices=issued, now=now, by=by)
    return issued


@transaction.atomic
def cancel(*, invoice_id: int, now: datetime, by: User | None) -> Invoice:
    """Cancel an invoice with a credit note that mirrors it; return the credit note.

    The period can then be invoiced again. Payments stay with the invoice and are owed to the
    organization. If the document corrects invoices, these differ again. What it left of credits is
    taken back, and one-off charges that it alone stated can be invoiced again.

    Raises:
        Invoice.DoesNotExist: there is no such invoice.
        NotAnInvoice: the document is a credit note.
        AlreadyCancelled: the invoice already has a credit note.
        HasCorrections, CreditedInFull: its corrections would be left, or leave nothing to credit.
        CreditUsed: another invoice has used what it left of a credit.
    """
    # The invoice itself never changes, so lock its organization.
    organization_id = Invoice.objects.values_list("organization_id", flat=True).get(pk=invoice_id)
    Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    invoice = Invoice.objects.select_related("credit_note", "invoiced_period").get(pk=invoice_id)
    check_can_be_cancelled(invoice)
    document = credit_note_of(invoice, now)
    (credit_note,) = store(
        [UnnumberedDocument(document, invoice.organization, invoice.logo_id, cancels=invoice)],
        prefix=provider_details().credit_note_prefix,
        now=now,
        by=by,
    )
    InvoicedPeriod.objects.filter(invoice=invoice).delete()
    take_back(invoice)
    release_charges(invoice)
    DeferredCorrection.objects.filter(invoice=invoice).delete()
    reopen([each.corrects for each in invoice.corrections.named()])
    deliveries.ask_for_issued(invoices=[credit_note], now=now, by=by)
    return credit_note
