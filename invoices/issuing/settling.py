"""Settle the differences of invoices: now, or with the next invoice.

Every operation locks the organizations first, in order of their ids, as issuing does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from invoices.differences.comparison import compare
from invoices.differences.models import DeferredCorrection, InvoiceDifference, Recheck
from invoices.differences.settlement import Settlement, settlement_of
from invoices.documents.document import Document, Kind
from invoices.documents.issued import document_of, reference_to
from invoices.issuing.accounting import at_rate_of
from invoices.issuing.blockers import not_statable
from invoices.issuing.refusals import NothingToSettle, PreviewOutdated, Unpriced
from invoices.issuing.storing import UnnumberedDocument, store
from invoices.models import Invoice
from invoices.provider.models import Provider
from invoices.provider.parties import provider_details, seller_of, style_of
from invoices.sending import deliveries
from invoices.terms.agreed import AgreedTerms, agreed_terms
from organizations.models import Organization
from tariffs.provider_calendar import provider_date

# Each is priced before it is shown and again before it is settled, in one transaction.
MOST_AT_ONCE = 500


@transaction.atomic
def settle_now(
    *, invoice_ids: Collection[int], now: datetime, by: User | None, shown: Mapping[int, str]
) -> list[Invoice]:
    """Settle invoices by a supplementary invoice or a partial credit note each; return these.

    Jobs send them. `shown` are the `Settlement.version`s that a person saw, by invoice id. Nothing
    is issued for an invoice of which nothing remains to be paid or credited.

    Raises:
        PreviewOutdated: an invoice is cancelled, or its settlement would differ from `shown`.
        Unpriced: some charges have no price.
        NotStatable: the profile of a document cannot state its amounts.
        NothingToSettle: there is nothing to pay or to credit.
    """
    settlements = settlements_of(_locked(invoice_ids), now)
    if {each.invoice.pk: each.version for each in settlements} != dict(shown):
        raise PreviewOutdated
    if unpriced := sum(each.unpriced for each in settlements):
        raise Unpriced(number=unpriced)
    payable = [each for each in settlements if each.total]
    if not payable:
        raise NothingToSettle
    issued = _store(payable, now, by)
    settled([each.invoice for each in payable])
    deliveries.ask_for_issued(invoices=issued, now=now, by=by)
    return issued


@transaction.atomic
def defer(*, invoice_ids: Collection[int], now: datetime, by: User | None) -> int:
    """Settle invoices with the next invoice of their organization and currency; return how many.

    Those that do not differ are left as they are.

    Raises:
        PreviewOutdated: an invoice is cancelled.
    """
    deferred = [
        DeferredCorrection(
            invoice=invoice, organization=invoice.organization, asked_at=now, asked_by=by
        )
        for invoice in _locked(invoice_ids)
        if not hasattr(invoice, "deferred_correction") and _differs(invoice, now)
    ]
    return len(DeferredCorrection.objects.bulk_create(deferred))


@transaction.atomic
def withdraw(*, invoice_id: int) -> None:
    """Do not settle an invoice with the next invoice after all."""
    _locked([invoice_id])
    DeferredCorrection.objects.filter(invoice=invoice_id).delete()


def settlements_of(invoices: Sequence[Invoice], now: datetime) -> list[Settlement]:
    """Return what settles each invoice, without those that do not differ."""
    settlements = (settlement_of(invoice, now) for invoice in invoices)
    return [each for each in settlements if each.differs]


def invoices_to_settle(invoice_ids: Collection[int]) -> list[Invoice]:
    """Return invoices in force with what settling needs, in order of issue."""
    invoices = Invoice.objects.in_force().filter(pk__in=invoice_ids).order_by("issued_at", "pk")
    with_parts = invoices.select_related(
        "organization", "logo", "frozen_charges", "difference", "deferred_correction"
    )
    return list(with_parts.prefetch_related("lines", "taxes"))


def settled(invoices: Collection[Invoice]) -> None:
    """Forget the differences of invoices that have been settled in the caller's transaction."""
    DeferredCorrection.objects.filter(invoice__in=invoices).delete()
    InvoiceDifference.objects.filter(invoice__in=invoices).delete()


def reopen(invoices: Collection[Invoice]) -> None:
    """Compare invoices again, because one of their corrections has been cancelled."""
    Recheck.objects.bulk_create(
        Recheck(
            organization_id=invoice.organization_id,
            from_on=invoice.period_from,
            until_on=invoice.period_until,
        )
        for invoice in invoices
    )


def document_for(
    settlement: Settlement, provider: Provider, agreed: AgreedTerms, now: datetime
) -> Document:
    """Return the supplementary invoice or the partial credit note that settles a difference.

    The provider's details and the terms of payment are the present ones, all others those of the
    original, also the exchange rate.
    """
    original, issued_on = document_of(settlement.invoice), provider_date(now)
    organization_id = settlement.invoice.organization_id
    due_on = issued_on + timedelta(days=agreed.days_to_pay(provider, organization_id))
    terms = agreed.terms(organization_id, original.language, due_on, issued_on)
    terms = replace(terms, delivery_country=original.terms.delivery_country)
    document = replace(
        original,
        kind=Kind.INVOICE,
        number="",
        issued_on=issued_on,
        due_on=due_on,
        seller=seller_of(provider),
        account=agreed.account(provider, original.currency),
        logo=bytes(provider.logo.content) if provider.logo else b"",
        style=style_of(provider),
        lines=settlement.lines,
        net=settlement.net,
        taxes=settlement.taxes,
        cancels=None,
        corrects=(reference_to(settlement.invoice),),
        carried=(),
        terms=terms,
        accounting_tax=at_rate_of(original, settlement.taxes),
    )
    if settlement.total > 0:
        return document
    credited = tuple(replace(tax, net=-tax.net, amount=-tax.amount) for tax in document.taxes)
    return replace(
        document,
        kind=Kind.CREDIT_NOTE,
        due_on=None,
        terms=terms.without_payment,
        lines=tuple(line.turned() for line in document.lines),
        net=-document.net,
        taxes=credited,
        accounting_tax=at_rate_of(original, credited),
    )


def _locked(invoice_ids: Collection[int]) -> list[Invoice]:
    """Lock the organizations of invoices; return the invoices if all are in force."""
    own = Invoice.objects.filter(pk__in=invoice_ids).values("organization")
    locked = Organization.objects.select_for_update(no_key=True).filter(pk__in=own)
    # Evaluated for its locks.
    list(locked.order_by("pk").values_list("pk"))
    invoices = invoices_to_settle(invoice_ids)
    if len(invoices) != len(set(invoice_ids)):
        raise PreviewOutdated
    return invoices


def _differs(invoice: Invoice, now: datetime) -> bool:
    # A change may not have been checked yet.
    return hasattr(invoice, "difference") or not compare(invoice, now).is_same


def _store(settlements: Sequence[Settlement], now: datetime, by: User | None) -> list[Invoice]:
    provider = provider_details()
    agreed = agreed_terms([each.invoice.organization_id for each in settlements])
    documents = [
        UnnumberedDocument(
            document_for(each, provider, agreed, now),
            each.invoice.organization,
            provider.logo_id,
            corrections=[each],
            stands_alone=True,
        )
        for each in settlements
    ]
    for each in documents:
        if refusal := not_statable(each.document):
            raise refusal
    prefixes = {
        Kind.CREDIT_NOTE: provider.credit_note_prefix,
        Kind.INVOICE: provider.invoice_prefix,
    }
    issued = []
    for kind, prefix in prefixes.items():
        if own := [each for each in documents if each.document.kind is kind]:
            issued += store(own, prefix=prefix, now=now, by=by)
    return issued
