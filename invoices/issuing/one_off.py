"""Invoices for one-off charges only, issued before the period of their dates is invoiced.

They take no period. Statements leave out the charges that they state, so nothing is charged twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from invoices.documents.agreed_lines import other_lines
from invoices.documents.references import NO_REFERENCES, References
from invoices.issuing.blockers import Blockers, known_before_pricing, not_statable
from invoices.issuing.contents import Contents, sum_of
from invoices.issuing.drafts import Draft, Drafting, Drafts
from invoices.issuing.line_taxes import taxes_by_date
from invoices.issuing.refusals import (
    IssueRefusal,
    NothingToBill,
    PeriodNotOver,
    PreviewOutdated,
)
from invoices.issuing.storing import UnnumberedDocument, store
from invoices.models import Invoice, InvoicedPeriod
from invoices.provider.models import Provider
from invoices.provider.parties import provider_details
from invoices.sending import deliveries
from invoices.terms.agreed import agreed_terms
from organizations.billing.details import details_of
from organizations.models import OneOffCharge, Organization
from rating.agreement import one_off
from rating.agreement.bills import Bill
from rating.money import minor_digits
from rating.periods import ONE_DAY, Period
from usage.statements.freezing import no_charges


def open_charges(organization: Organization, now: datetime) -> QuerySet[OneOffCharge]:
    """Return the charges whose date has begun and that no invoice states, without credits."""
    invoiced = InvoicedPeriod.objects.filter(
        organization=OuterRef("organization"),
        period_from__lte=OuterRef("day"),
        period_until__gt=OuterRef("day"),
        invoice__currency=OuterRef("currency"),
    )
    begun = organization.one_off_charges.filter(
        quantity__gt=0, is_invoiced_apart=False, day__lte=organization.date_at(now)
    )
    return begun.filter(~Exists(invoiced)).order_by("day", "pk")


def drafts_of_charges(
    organization: Organization,
    charges: Sequence[OneOffCharge],
    provider: Provider,
    now: datetime,
    own: References = NO_REFERENCES,
) -> Drafts:
    """Draft an invoice in each currency for some charges, at least one.

    `own` are references that only these invoices have.
    """
    details = details_of(organization.pk)
    by_currency: dict[str, list[OneOffCharge]] = defaultdict(list)
    for charge in charges:
        by_currency[charge.currency].append(charge)
    period = _dates_of(charges)
    blockers = known_before_pricing(provider, organization, details, period, now, own)
    # A one-off charge is due once its date has begun.
    blockers = [each for each in blockers if not isinstance(each, PeriodNotOver)]
    spans = details.tax_spans(period)
    tax_on = taxes_by_date(spans, organization.invoice_language)
    agreed = agreed_terms([organization.pk])
    drafts, blocked = [], dict[str, IssueRefusal]()
    for currency, chosen in sorted(by_currency.items()):
        dates = _dates_of(chosen)
        bill = Bill(currency, tuple(one_off.OneOffLine(_value(charge)) for charge in chosen))
        lines = tuple(other_lines(bill, tax_on))
        digits = minor_digits(currency)
        charged = sum_of(lines, digits)
        drafting = Drafting(provider, agreed, dates, now, own)
        document = drafting.document(
            organization,
            details.on(dates.last),
            currency,
            Contents(lines, net=charged, charged=charged),
            tax_on,
        )
        if not charged:
            blocked[currency] = NothingToBill()
        elif refusal := not_statable(document):
            blocked[currency] = refusal
        stated = drafting.in_accounting_currency(
            {currency: document}, Blockers((), [currency], blocked)
        )
        blockers += stated.found.of_all
        drafts.append(Draft(stated.documents[currency], no_charges(), blocked.get(currency)))
    found = Blockers(blockers, list(by_currency), blocked)
    return Drafts(organization, details, period, provider, drafts, found)


@transaction.atomic
def issue_charges(
    *,
    organization_id: int,
    charge_ids: Collection[int],
    now: datetime,
    by: User | None,
    shown: Mapping[str, str],
    own: References = NO_REFERENCES,
) -> list[Invoice]:
    """Issue an invoice in each currency for some open charges of an organization.

    `shown` are the `Draft.version`s that a person saw, by currency, and `own` the references that
    these invoices have besides the organization's. Jobs send the invoices.

    Raises:
        Organization.DoesNotExist: there is no such organization.
        PreviewOutdated: a charge is not open any more, or the invoices would differ from `shown`.
        DetailsMissing, TaxNotChosen, RateMissing, TaxesApart, ExchangeRateMissing, NothingToBill,
            NotStatable: nothing can be issued.
    """
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    charges = list(open_charges(organization, now).filter(pk__in=charge_ids))
    if not charges or len(charges) != len(set(charge_ids)):
        raise PreviewOutdated
    provider = provider_details()
    drafts = drafts_of_charges(organization, charges, provider, now, own)
    if drafts.refusal is not None:
        raise drafts.refusal
    if dict(shown) != {each.document.currency: each.version for each in drafts.ready}:
        raise PreviewOutdated
    ready = {each.document.currency: each.document for each in drafts.ready}
    issued = store(
        [
            UnnumberedDocument(
                document,
                organization,
                provider.logo_id,
                charge_ids=[each.pk for each in charges if each.currency == currency],
            )
            for currency, document in ready.items()
        ],
        prefix=provider.invoice_prefix,
        now=now,
        by=by,
    )
    stated = [each.pk for each in charges if each.currency in ready]
    OneOffCharge.objects.filter(pk__in=stated).update(is_invoiced_apart=True)
    deliveries.ask_for_issued(invoices=issued, now=now, by=by)
    return issued


def release_charges(invoice: Invoice) -> None:
    """Let statements charge again what a cancelled invoice for one-off charges stated."""
    stated = invoice.invoiced_charges.values("charge")
    OneOffCharge.objects.filter(pk__in=stated).update(is_invoiced_apart=False)


def _dates_of(charges: Sequence[OneOffCharge]) -> Period:
    days = [charge.day for charge in charges]
    return Period(min(days), max(days) + ONE_DAY)


def _value(charge: OneOffCharge) -> one_off.OneOffCharge:
    return one_off.OneOffCharge(charge.pk, charge.text, charge.day, charge.quantity, charge.money)
