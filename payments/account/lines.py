"""The lines of a statement of account: what its entries say, and the balance after each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import models
from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from foundation.lists.exports import ROWS_A_FETCH
from invoices.documents.contents import dates_of
from invoices.models import Correction, Invoice
from payments.account.statement import CurrencyAccount, Entry
from payments.models import Method, Payment, PaymentKind
from rating.periods import Period

_OTHER_SIDE = ("transferred_from", "transferred_to")
# Nobody paid a write-off, a fee or a transfer in any way.
_WITH_METHOD = (PaymentKind.PAYMENT, PaymentKind.DEPOSIT, PaymentKind.REFUND)


class EntryKind(models.TextChoices):
    """What a line of a statement of account is. A number follows the label."""

    INVOICE = "invoice", gettext_lazy("Invoice")
    CREDIT_NOTE = "credit_note", gettext_lazy("Credit note")
    PAYMENT = "payment", pgettext_lazy("before the number of an invoice", "Payment for")
    REVERSAL = "reversal", pgettext_lazy("before the number of an invoice", "Payment reversed for")
    ON_ACCOUNT = "on_account", gettext_lazy("Payment")
    ON_ACCOUNT_REVERSED = "on_account_reversed", gettext_lazy("Payment reversed")
    DEPOSIT = "deposit", gettext_lazy("Deposit")
    DEPOSIT_REVERSED = "deposit_reversed", gettext_lazy("Deposit reversed")
    BANK_FEE = "bank_fee", gettext_lazy("Bank fee")
    BANK_FEE_REVERSED = "bank_fee_reversed", gettext_lazy("Bank fee reversed")
    WRITE_OFF = "write_off", gettext_lazy("Write-off")
    WRITE_OFF_REVERSED = "write_off_reversed", gettext_lazy("Write-off reversed")
    REFUND = "refund", gettext_lazy("Refund")
    REFUND_REVERSED = "refund_reversed", gettext_lazy("Refund reversed")
    TRANSFER = "transfer", pgettext_lazy("between organizations", "Transfer")
    TRANSFER_REVERSED = "transfer_reversed", gettext_lazy("Transfer reversed")


@dataclass(frozen=True, slots=True)
class Line:
    """A line, with the `balance` after it.

    `number` is that of the document, or of the invoice that a payment names; then `document_id` is
    its id. A document has a `period`; `refers_to` is the number of the invoice that it cancels or
    corrects. A payment has a `method`, a `reference` and the title of the `other` organization of a
    transfer; `reversed_on` is the date of the payment that a reversal takes back.
    """

    entry: Entry
    balance: Decimal
    kind: EntryKind
    document_id: int | None
    number: str
    refers_to: str = ""
    cancels: bool = False
    period: Period | None = None
    due_on: date | None = None
    method: Method | None = None
    reference: str = ""
    other: str = ""
    reversed_on: date | None = None

    @property
    def debit(self) -> Decimal | None:
        """What the line adds to the balance, or None."""
        return self.entry.amount if self.entry.amount > 0 else None

    @property
    def credit(self) -> Decimal | None:
        """What the line takes off the balance, or None."""
        return None if self.entry.amount > 0 else -self.entry.amount

    @property
    def details(self) -> str:
        """What else the line says, in the active language."""
        said = []
        if self.refers_to:
            text = _("Cancels %(number)s") if self.cancels else _("Corrects %(number)s")
            said.append(text % {"number": self.refers_to})
        if self.period:
            said.append(dates_of(self.period))
        if self.due_on:
            said.append(_("due %(date)s") % {"date": date_format(self.due_on)})
        if self.reversed_on:
            said.append(_("payment of %(date)s") % {"date": date_format(self.reversed_on)})
        if self.other:
            text = _("to %(title)s") if self.entry.amount > 0 else _("from %(title)s")
            said.append(text % {"title": self.other})
        if self.method:
            said.append(str(self.method.label))
        return " · ".join(filter(None, [*said, self.reference]))


def lines_of(account: CurrencyAccount, first: int = 0, end: int | None = None) -> Iterator[Line]:
    """Yield the lines of the entries `[first, end)`, a few thousand of them read at a time."""
    balance = account.balance_before(first)
    wanted = iter(account.entries[first:end])
    while some := list(islice(wanted, ROWS_A_FETCH)):
        for line in _read(some, balance):
            balance = line.balance
            yield line


def _read(entries: Sequence[Entry], balance: Decimal) -> Iterator[Line]:
    """Yield the lines of some entries, read with as many queries for each number of them."""
    documents = _documents([each.pk for each in entries if not each.is_payment])
    payments = _payments([each.pk for each in entries if each.is_payment])
    for entry in entries:
        balance += entry.amount
        if entry.is_payment:
            yield _of_payment(entry, balance, payments[entry.pk])
        else:
            yield _of_document(entry, balance, documents[entry.pk])


def _documents(ids: Sequence[int]) -> dict[int, Any]:
    corrections = Correction.objects.filter(stands_alone=True)
    named = corrections.select_related("corrects").only("document", "corrects__number")
    read = (
        Invoice.objects.filter(pk__in=ids)
        .order_by()
        .select_related("cancels")
        .prefetch_related(Prefetch("corrections", named, to_attr="standing_alone"))
        .only("kind", "number", "period_from", "period_until", "due_on", "cancels__number")
    )
    return {each.pk: each for each in read} if ids else {}


def _payments(ids: Sequence[int]) -> dict[int, Payment]:
    read = (
        Payment.objects.filter(pk__in=ids)
        .order_by()
        .select_related("invoice", "reverses", *(f"{side}__organization" for side in _OTHER_SIDE))
        .only(
            "kind",
            "amount",
            "method",
            "reference",
            "invoice__number",
            "reverses__paid_on",
            *(f"{side}__organization__title" for side in _OTHER_SIDE),
        )
    )
    return {each.pk: each for each in read} if ids else {}


def _of_document(entry: Entry, balance: Decimal, document: Any) -> Line:
    corrected = [each.corrects.number for each in document.standing_alone]
    return Line(
        entry,
        balance,
        EntryKind.CREDIT_NOTE if document.is_credit_note else EntryKind.INVOICE,
        document.pk,
        document.number,
        refers_to=document.cancels.number if document.cancels else "".join(corrected),
        cancels=document.cancels is not None,
        period=document.period,
        due_on=document.due_on,
    )


def _of_payment(entry: Entry, balance: Decimal, payment: Payment) -> Line:
    side = payment.transferred_from or getattr(payment, "transferred_to", None)
    return Line(
        entry,
        balance,
        _kind_of(payment),
        payment.invoice_id,
        payment.invoice.number if payment.invoice else "",
        method=Method(payment.method) if payment.kind in _WITH_METHOD else None,
        reference=payment.reference,
        other=side.organization.title if side else "",
        reversed_on=payment.reverses.paid_on if payment.reverses else None,
    )


def _kind_of(payment: Payment) -> EntryKind:
    is_back = payment.reverses is not None
    if payment.kind == PaymentKind.PAYMENT and payment.invoice is not None:
        return EntryKind.REVERSAL if is_back else EntryKind.PAYMENT
    if payment.kind == PaymentKind.WRITE_OFF:
        # A credit note takes a write-off back without reversing all of it.
        is_back = payment.amount < 0
    name = "on_account" if payment.kind == PaymentKind.PAYMENT else payment.kind
    return EntryKind(f"{name}_reversed" if is_back else name)
