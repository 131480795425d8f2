"""What issues invoices and cancels them.

Issuing locks the organization first, so of two who issue for it at once the second sees what the
first has issued; the database's exclusion constraint stands behind. The number is taken last:
its series is locked only while the document is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from iso4217 import Currency

from accounts.models import User
from foundation.fast_sql import insert
from invoices.documents.document import Kind, values_of
from invoices.issuing.blockers import blockers_of
from invoices.issuing.drafts import Draft, Drafts, drafts_of
from invoices.issuing.refusals import AlreadyCancelled, NotAnInvoice, PreviewOutdated
from invoices.models import (
    FrozenCharges,
    Invoice,
    InvoicedPeriod,
    InvoiceLine,
    NumberSeries,
)
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
    """Issue an organization's invoices for a period: one for each currency that can be.

    They are sent to the organization's address for invoices, if it has one, by jobs.

    `shown` are the `Draft.version`s by currency that a person was shown and agreed to.

    Raises:
        Organization.DoesNotExist: there is none.
        PeriodNotOver, DetailsMissing, Unpriced: nothing can be issued yet.
        AlreadyInvoiced, NothingToBill: no currency is left to be invoiced.
        PreviewOutdated: what would be issued is not what was shown.
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
    """Do what `issue` does, in a transaction of the caller's, who has locked the organization.

    What it raises, it raises before it writes anything.
    """
    provider = provider_details()
    # Before all charges are asked for, which of many cameras takes long.
    for blocker in blockers_of(provider, organization, period, now, unpriced=0):
        raise blocker
    drafts = drafts_of(organization=organization, period=period, now=now, provider=provider)
    if drafts.refusal is not None:
        raise drafts.refusal
    if shown is not None and shown != {
        draft.document.currency: draft.version for draft in drafts.ready
    }:
        raise PreviewOutdated
    issued = _store(drafts.ready, by, of=drafts, now=now)
    deliveries.ask_for_issued(invoices=issued, now=now, by=by)
    return issued


@transaction.atomic
def cancel(*, invoice_id: int, now: datetime, by: User | None) -> Invoice:
    """Cancel an invoice by a credit note that mirrors it; its period may be invoiced anew.

    What was paid stays with the invoice, as owed to the organization.

    Raises:
        Invoice.DoesNotExist: there is none.
        NotAnInvoice: it is a credit note.
        AlreadyCancelled: it has a credit note.
    """
    # The invoice itself never changes, so its organization is what two who cancel it lock.
    organization_id = Invoice.objects.values_list("organization_id", flat=True).get(pk=invoice_id)
    Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    invoice = Invoice.objects.select_related("credit_note", "invoiced_period").get(pk=invoice_id)
    check_can_be_cancelled(invoice)
    credit_note = _mirrored(invoice, now, by)
    invoice.invoiced_period.delete()
    deliveries.ask_for_issued(invoices=[credit_note], now=now, by=by)
    return credit_note


def check_can_be_cancelled(invoice: Invoice) -> None:
    """Refuse what no credit note cancels; `invoice` was read with its `credit_note`.

    Raises:
        NotAnInvoice, AlreadyCancelled: why not.
    """
    if invoice.is_credit_note:
        raise NotAnInvoice
    if hasattr(invoice, "credit_note"):
        raise AlreadyCancelled(credit_note=invoice.credit_note.number)


def _store(drafts: Sequence[Draft], by: User | None, *, of: Drafts, now: datetime) -> list[Invoice]:
    """Store invoices with all their parts: by one statement a table, however many they are.

    Parts come first, for the numbers' series to be locked only while the invoices are written:
    whose they are, the database asks when the transaction ends.
    """
    of_each = list(zip(Invoice.objects.next_ids(len(drafts)), drafts, strict=True))
    lines = [
        InvoiceLine(invoice_id=pk, position=position, **values_of(line))
        for pk, draft in of_each
        for position, line in enumerate(draft.document.lines, 1)
    ]
    charges = [
        FrozenCharges(invoice_id=pk, content=draft.charges.content, count=draft.charges.count)
        for pk, draft in of_each
    ]
    periods = [
        InvoicedPeriod(
            invoice_id=pk,
            organization=of.organization,
            currency_number=Currency(draft.document.currency).number,
            period_from=of.period.start,
            period_until=of.period.end,
        )
        for pk, draft in of_each
    ]
    insert(lines, charges, periods)
    invoices = [_invoice(pk, draft, by, of=of, now=now) for pk, draft in of_each]
    numbers = _next_numbers(len(drafts), of.provider.invoice_prefix, now)
    for invoice, number in zip(invoices, numbers, strict=True):
        invoice.number = number
    insert(invoices)
    return invoices


def _invoice(pk: int, draft: Draft, by: User | None, *, of: Drafts, now: datetime) -> Invoice:
    """Return the invoice that a draft becomes, not saved and without a number."""
    document = draft.document
    return Invoice(
        pk=pk,
        kind=document.kind.value,
        organization=of.organization,
        currency=document.currency,
        digits=document.digits,
        period_from=document.period.start,
        period_until=document.period.end,
        issued_at=now,
        issued_on=document.issued_on,
        due_on=document.due_on,
        issued_by=by,
        language=document.language,
        seller=values_of(document.seller),
        account=values_of(document.account),
        logo=of.provider.logo,
        buyer=values_of(document.buyer),
        buyer_name=document.buyer.name,
        organization_title=document.organization,
        buyer_reference=document.buyer_reference,
        net=document.net,
        tax_category=document.tax.category,
        tax_rate=document.tax.rate,
        tax_reason=document.tax.reason,
        tax_amount=document.tax.amount,
        total=document.total,
        charges_sha256=draft.charges.sha256,
    )


def _mirrored(invoice: Invoice, now: datetime, by: User | None) -> Invoice:
    """Store the credit note of an invoice: all that it states, but for its own number and date."""
    lines = list(invoice.lines.all())
    credit_note = Invoice.objects.get(pk=invoice.pk)
    credit_note.pk = None
    credit_note.kind = Kind.CREDIT_NOTE.value
    (credit_note.number,) = _next_numbers(1, provider_details().credit_note_prefix, now)
    credit_note.cancels = invoice
    credit_note.issued_at, credit_note.issued_on = now, provider_date(now)
    credit_note.issued_by = by
    credit_note.due_on = None
    credit_note.charges_sha256 = ""
    credit_note.save(force_insert=True)
    for line in lines:
        line.pk, line.invoice = None, credit_note
    InvoiceLine.objects.bulk_create(lines)
    return credit_note


def _next_numbers(how_many: int, prefix: str, now: datetime) -> list[str]:
    """Take numbers of the provider's year."""
    return NumberSeries.objects.next_numbers(how_many, prefix=prefix, year=provider_date(now).year)
