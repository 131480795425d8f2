"""What a payment pays, and what it was paid out by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import User
from invoices.models import Invoice
from payments.models import Allocation, Payment

MOST_SHOWN = 200
"""The number of uses of a payment that its page shows."""


@dataclass(frozen=True, slots=True)
class Use:
    """A part of a payment, and the `invoice` that it pays or the `payout` that takes it."""

    amount: Decimal
    invoice: Invoice | None = None
    payout: Payment | None = None


@dataclass(frozen=True, slots=True)
class Uses:
    """The uses of a payment in the order of what they pay; `has_more` if there are others."""

    shown: Sequence[Use]
    has_more: bool


def uses_of(payment: Payment, user: User) -> Uses:
    """Return what a payment pays, as far as `user` can see it."""
    rows = list(
        Allocation.objects.filter(payment=payment)
        .in_force()
        .order_by("invoice_id", "payout_id")[: MOST_SHOWN + 1]
        .values_list("invoice", "payout", "allocated")
    )
    invoices = (
        Invoice.objects.visible_to(user)
        .only("number", "due_on", "currency")
        .in_bulk([invoice for invoice, _payout, _amount in rows if invoice])
    )
    payouts = Payment.objects.visible_to(user).in_bulk(
        [payout for _invoice, payout, _amount in rows if payout]
    )
    uses = [
        Use(amount, invoices.get(invoice), payouts.get(payout)) for invoice, payout, amount in rows
    ]
    return Uses(uses[:MOST_SHOWN], has_more=len(uses) > MOST_SHOWN)
