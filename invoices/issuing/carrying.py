"""Carry over what invoices leave of credits, and take it back when they are cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from invoices.documents.document import Document
from invoices.issuing.models import CarriedCredit
from invoices.issuing.refusals import CreditUsed
from invoices.models import Invoice
from organizations.models import OneOffCharge


class Carrying(NamedTuple):
    """An invoice, its document, and the ids of the credits of which it carries something over."""

    invoice: Invoice
    document: Document
    carried_from: Sequence[int]


def carry_over(every: Sequence[Carrying]) -> None:
    """Store what invoices leave of credits as credits of their own, in the caller's transaction."""
    ids = [pk for each in every for pk in each.carried_from]
    if not ids:
        return
    reasons = dict(OneOffCharge.objects.filter(pk__in=ids).values_list("pk", "reason"))
    parts = [
        (each.invoice, position, credit, reasons[pk])
        for each in every
        for position, (pk, credit) in enumerate(
            zip(each.carried_from, each.document.carried, strict=True), 1
        )
    ]
    charges = OneOffCharge.objects.bulk_create(
        OneOffCharge(
            organization_id=invoice.organization_id,
            text=credit.text,
            reason=reason,
            day=credit.day,
            quantity=Decimal(-1),
            amount=credit.amount,
            currency=invoice.currency,
        )
        for invoice, _position, credit, reason in parts
    )
    CarriedCredit.objects.bulk_create(
        CarriedCredit(
            invoice=invoice,
            position=position,
            text=credit.text,
            day=credit.day,
            amount=credit.amount,
            charge=charge,
        )
        for (invoice, position, credit, _reason), charge in zip(parts, charges, strict=True)
    )


def check_not_used(invoice: Invoice) -> None:
    """Check that no other invoice has deducted what an invoice carried over.

    Raises:
        CreditUsed: other invoices include the date of a carried credit, or of what these have left
            of it in turn. It names them in the order in which they can be cancelled.
    """
    users: list[Invoice] = []
    while later := _including(users[-1] if users else invoice):
        users.append(later)
    if users:
        raise CreditUsed(numbers=[each.number for each in reversed(users)])


def _including(invoice: Invoice) -> Invoice | None:
    """Return the invoice in force that includes the date of what an invoice carried over."""
    # An invoice carries everything over to one date.
    carried = invoice.carried_credits.first()
    if carried is None:
        return None
    including: Invoice | None = (
        Invoice.objects.in_force()
        .filter(
            organization=invoice.organization_id,
            currency=invoice.currency,
            period_from__lte=carried.day,
            period_until__gt=carried.day,
        )
        .first()
    )
    return including


def take_back(invoice: Invoice) -> None:
    """Remove what an invoice carried over, once it is no longer in force."""
    carried = invoice.carried_credits.values("charge")
    OneOffCharge.objects.filter(pk__in=carried).delete()
