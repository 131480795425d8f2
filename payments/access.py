"""The payments that pages show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.shortcuts import get_object_or_404

from accounts.models import User
from invoices.models import Invoice
from payments.models import Allocation, Payment

MOST_SHOWN = 50
"""The number of payments that the page of an invoice shows; the list of payments has all."""


@dataclass(frozen=True, slots=True)
class InvoicePayment:
    """A payment on the page of an invoice, and how much of it pays the invoice."""

    payment: Payment
    allocated: Decimal

    @property
    def is_in_part(self) -> bool:
        """Whether a part of the payment pays something else, or is left."""
        return bool(0 < self.allocated < self.payment.amount)


@dataclass(frozen=True, slots=True)
class InvoicePayments:
    """The newest payments of an invoice, by date; `has_more` if there are others."""

    shown: Sequence[InvoicePayment]
    has_more: bool


def payments_of(invoice: Invoice, user: User) -> InvoicePayments:
    """Return the payments that name an invoice or pay it, as far as `user` can see them."""
    paying = Allocation.objects.filter(invoice=invoice).order_by().values("payment")
    every = Payment.objects.filter(Q(invoice=invoice) | Q(pk__in=paying)).visible_to(user)
    newest = list(every.order_by("-paid_on", "-pk").values_list("pk", flat=True)[: MOST_SHOWN + 1])
    pairs = Allocation.objects.filter(invoice=invoice, payment__in=newest).in_force()
    allocated = dict(pairs.values_list("payment", "allocated"))
    payments = Payment.objects.filter(pk__in=newest[:MOST_SHOWN]).order_by("paid_on", "pk")
    return InvoicePayments(
        [
            InvoicePayment(each, allocated.get(each.pk, Decimal(0)))
            for each in payments.select_related("reversal", "recorded_by", "on_account")
        ],
        has_more=len(newest) > MOST_SHOWN,
    )


def payment_for(user: User, pk: int) -> Payment:
    """Return payment `pk` with all that its page states, if `user` may see it.

    Raises:
        Http404: it does not exist or `user` may not see it; the answer does not reveal which.
    """
    payments = Payment.objects.visible_to(user).select_related(
        "organization",
        "invoice",
        "reversal",
        "reverses",
        "on_account",
        "recorded_by",
        "transferred_from__organization",
        "transferred_to__organization",
    )
    return get_object_or_404(payments, pk=pk)
