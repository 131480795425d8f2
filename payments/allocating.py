"""Allocate what is left of payments to open items, by hand or those due first.

Callers have locked the organization of the payments.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from accounts.models import User
from foundation.names import Names
from invoices.models import Invoice, OpenItem
from invoices.paying.references import names_of
from invoices.provider.parties import credit_is_used
from payments.models import Allocation, OnAccount, Payment, PaymentKind
from payments.refusals import (
    NotAnIncoming,
    NothingToAllocate,
    TooMuchAllocated,
    TooMuchForInvoice,
)


def allocate_parts(
    payment: Payment, parts: Mapping[int, Decimal], *, now: datetime, by: User | None
) -> None:
    """Allocate positive parts of a payment, which is read with `on_account`, to invoices by id.

    Raises:
        NothingToAllocate, NotAnIncoming, TooMuchAllocated, TooMuchForInvoice: as `allocate` says.
    """
    if not parts:
        raise NothingToAllocate
    remaining = payment.on_account.remaining
    if remaining <= 0:
        raise NotAnIncoming
    if sum(parts.values()) > remaining:
        raise TooMuchAllocated(remaining=remaining, currency=payment.currency)
    items = open_amounts([payment.organization_id], payment.currency)
    found = {each.invoice_id: each for each in items}
    for invoice_id, amount in parts.items():
        outstanding = found[invoice_id].outstanding if invoice_id in found else Decimal(0)
        if amount > outstanding:
            number = Invoice.objects.values_list("number", flat=True).get(pk=invoice_id)
            raise TooMuchForInvoice(
                number=number, outstanding=outstanding, currency=payment.currency
            )
    Allocation.objects.bulk_create(
        Allocation(payment=payment, invoice_id=pk, amount=amount, allocated_at=now, allocated_by=by)
        for pk, amount in parts.items()
    )


def allocate_oldest(
    payments: Sequence[Payment], *, now: datetime, by: User | None, text: str = ""
) -> Sequence[Allocation]:
    """Allocate what is left of payments of one organization and currency; return the allocations.

    Invoices whose numbers `text` contains are paid first, then those due first.
    """
    if not payments:
        return []
    some = payments[0]
    items = in_order(open_amounts([some.organization_id], some.currency), text)
    left = OnAccount.objects.credit().filter(payment__in=payments)
    sources = left.order_by("payment__paid_on", "pk").values_list("pk", "remaining")
    return Allocation.objects.bulk_create(
        Allocation(
            payment_id=payment, invoice_id=item, amount=amount, allocated_at=now, allocated_by=by
        )
        for payment, item, amount in matched(
            list(sources), [(item.invoice_id, item.outstanding) for item in items]
        )
    )


def use_for_issued(issued: Sequence[Invoice], now: datetime, by: User | None) -> None:
    """Pay issued invoices from the credit of their organizations, if the provider does so."""
    owing = {(each.organization_id, each.currency) for each in issued if not each.is_credit_note}
    if not owing or not credit_is_used():
        return
    usable = OnAccount.objects.credit().exclude(kind=PaymentKind.DEPOSIT)
    found = usable.filter(organization__in={organization for organization, _code in owing})
    pairs = found.order_by("organization_id", "currency").values_list("organization_id", "currency")
    for organization_id, currency in pairs.distinct():
        if (organization_id, currency) in owing:
            use_credit(organization_id, currency, now=now, by=by)


def use_credit(
    organization_id: int, currency: str, *, now: datetime, by: User | None
) -> Sequence[Allocation]:
    """Pay an organization's open items in a currency from its credit; deposits are kept."""
    credit = OnAccount.objects.credit().of(organization_id, currency).select_related("payment")
    usable = credit.exclude(kind=PaymentKind.DEPOSIT)
    return allocate_oldest([each.payment for each in usable], now=now, by=by)


class OpenAmount(NamedTuple):
    """What is outstanding of an invoice of an organization."""

    organization_id: int
    currency: str
    invoice_id: int
    number: str
    account: str
    outstanding: Decimal

    @property
    def names(self) -> tuple[str, ...]:
        """The texts by which a payment can name the invoice."""
        return names_of(number=self.number, key=self.invoice_id, account=self.account)


def open_amounts(organizations: Collection[int], currency: str | None = None) -> list[OpenAmount]:
    """Return what organizations owe, in a currency or all; what is due first comes first."""
    items = OpenItem.objects.filter(organization__in=organizations, outstanding__gt=0)
    if currency is not None:
        items = items.filter(currency=currency)
    rows = items.order_by("due_on", "pk").values_list(
        "organization",
        "currency",
        "invoice",
        "invoice__number",
        "invoice__account__number",
        "outstanding",
    )
    return [OpenAmount(*row) for row in rows]


def in_order(items: Sequence[OpenAmount], text: str) -> list[OpenAmount]:
    """Return items with those first that a text names, in the order of the text.

    It names an invoice by its number or its payment reference. Spaces, hyphens and capitals do not
    matter.
    """
    names = Names((name, item.invoice_id) for item in items for name in item.names)
    found = names.found_in(text)
    places = {pk: place for place, pk in enumerate(found)}
    return sorted(items, key=lambda item: places.get(item.invoice_id, len(places)))


def matched(
    sources: Sequence[tuple[int, Decimal]], targets: Sequence[tuple[int, Decimal]]
) -> Iterator[tuple[int, int, Decimal]]:
    """Yield (source, target, amount) so that sources pay targets in their order, as far as they go.

    All amounts are positive.
    """
    remaining = iter(targets)
    target, owed = next(remaining, (0, Decimal(0)))
    for source, left in sources:
        while left and owed:
            amount = min(left, owed)
            yield source, target, amount
            left, owed = left - amount, owed - amount
            if not owed:
                target, owed = next(remaining, (0, Decimal(0)))
