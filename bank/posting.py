"""Decide what becomes of a line: record payments, take one back, ignore it, or undo that.

Each operation locks the line first, so that of two people the second sees what the first did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from django.db import transaction
from django.db.models import Sum

from accounts.models import User
from bank.models import BankLine, BankPosting, BankProposal, LineState
from bank.refusals import NotDecided, NothingTakenBack, NotInFull, NotOpen, NotReceived, TakesBack
from debits.collecting import CURRENCY
from debits.models import Collection
from debits.recording import locked_pending, record_sum, recorded_apart, release
from debits.sums import BatchSum, sums_for
from invoices.models import OpenItem
from payments.allocating import allocate_oldest, matched
from payments.models import MAX_REFERENCE, Method, Payment
from payments.operations import allocate, record_on_account, reverse_payment
from payments.recording_many import reverse_payments


@dataclass(frozen=True, slots=True)
class Part:
    """How much of a line an organization paid, and which invoices with it, as far as it goes.

    Without a choice, those that the line names are paid, then those due first.
    """

    organization_id: int
    amount: Decimal
    invoices: Sequence[int] | None = None


@transaction.atomic
def post(
    *, line_id: int, parts: Sequence[Part], now: datetime, by: User | None
) -> Sequence[Payment]:
    """Record the payments of which a line consists, one per part; return them.

    What is more than the invoices of a part stays on account.

    Raises:
        BankLine.DoesNotExist, Organization.DoesNotExist: there is none.
        NotOpen: somebody has decided about the line.
        NotReceived: the money left the account.
        NotInFull: the parts are not its amount.
        PaymentRefusal: a payment is not possible, for example because of its date.
    """
    line = _locked_open(line_id)
    if line.amount <= 0:
        raise NotReceived
    collection = _collection_of(line)
    total, left = sum((each.amount for each in parts), Decimal(0)), left_of(line)
    if total != left:
        raise NotInFull(parts=total, amount=left, currency=line.account.currency)
    method = Method.TRANSFER if collection is None else Method.DIRECT_DEBIT
    payments = [_paid(line, part, method, now, by) for part in parts]
    BankPosting.objects.bulk_create(
        BankPosting(line=line, payment=each, amount=each.amount) for each in payments
    )
    if collection is not None and [each.organization_id for each in payments] == [
        collection.invoice.organization_id
    ]:
        recorded_apart(collection, payments[0], now, by)
    _decide(line, LineState.POSTED, now, by)
    return payments


def _collection_of(line: BankLine) -> Collection | None:
    """Return the pending direct debit that a line states by itself; its batch is then locked."""
    if line.account.currency != CURRENCY:
        return None
    return locked_pending(end_to_end_id=line.end_to_end_id, amount=line.amount)


@transaction.atomic
def post_batch(
    *, line_id: int, batch_id: int, block: str, now: datetime, by: User | None
) -> Sequence[Payment]:
    """Record the payments of a direct debit batch, or of a part of it, that a line sums up.

    Raises:
        BankLine.DoesNotExist, DebitBatch.DoesNotExist: there is none.
        NotOpen: somebody has decided about the line.
        DebitRefusal: the batch is decided, or what is pending does not come to the line.
        PaymentRefusal: the payments are not possible, for example because of their date.
    """
    line = _locked_open(line_id)
    payments = record_sum(
        batch_id=batch_id,
        block=block,
        amount=left_of(line),
        paid_on=line.booked_on,
        now=now,
        by=by,
    )
    BankPosting.objects.bulk_create(
        BankPosting(line=line, payment=each, amount=each.amount) for each in payments
    )
    _decide(line, LineState.POSTED, now, by)
    return payments


def sums_of(line: BankLine) -> Sequence[BatchSum]:
    """Return the direct debits, pending as a whole, that an open line can sum up."""
    if line.amount <= 0 or line.account.currency != CURRENCY or line.is_reversal:
        return []
    text = " ".join([reference_of(line, whole=True), line.bank_reference, line.end_to_end_id])
    return sums_for(amount=left_of(line), booked_on=line.booked_on, text=text)


def left_of(line: BankLine) -> Decimal:
    """Return what of a line is not recorded: all of it, unless some of its payments stayed."""
    recorded: Decimal | None = line.postings.aggregate(Sum("amount"))["amount__sum"]
    left: Decimal = line.amount - (recorded or Decimal(0))
    return left


def _paid(line: BankLine, part: Part, method: Method, now: datetime, by: User | None) -> Payment:
    payment = record_on_account(
        organization_id=part.organization_id,
        currency=line.account.currency,
        automatically=False,
        paid_on=line.booked_on,
        amount=part.amount,
        method=method,
        reference=reference_of(line),
        # The bank says that it is another one, however equal they look.
        request=uuid4(),
        again=True,
        now=now,
        by=by,
    )
    if part.invoices is None:
        allocate_oldest([payment], now=now, by=by, text=reference_of(line, whole=True))
        return payment
    items = OpenItem.objects.filter(
        pk__in=part.invoices,
        organization=part.organization_id,
        currency=line.account.currency,
        outstanding__gt=0,
    )
    outstanding = dict(items.values_list("pk", "outstanding"))
    targets = [(pk, outstanding[pk]) for pk in part.invoices if pk in outstanding]
    paid = {pk: amount for _, pk, amount in matched([(payment.pk, part.amount)], targets)}
    if paid:
        allocate(payment_id=payment.pk, parts=paid, now=now, by=by)
    return payment


def reference_of(line: BankLine, *, whole: bool = False) -> str:
    """Return the reference of a payment: what its payer stated or wrote, cut off unless `whole`."""
    text = " ".join([*line.references, line.text or line.name])
    return text if whole else text[:MAX_REFERENCE].strip()


@transaction.atomic
def take_back(*, line_id: int, payment_id: int, now: datetime, by: User | None) -> Payment:
    """Reverse the payment that a line takes back; return the reversal.

    Raises:
        BankLine.DoesNotExist, Payment.DoesNotExist: there is none.
        NotOpen: somebody has decided about the line.
        NothingTakenBack: the payment has another amount or currency.
        PaymentRefusal: the payment cannot be reversed.
    """
    line = _locked_open(line_id)
    payment = Payment.objects.get(pk=payment_id)
    if payment.amount != -line.amount or payment.currency != line.account.currency:
        raise NothingTakenBack
    # First, so that the line which recorded the payment stays as it is.
    BankLine.objects.filter(pk=line_id).update(takes_back=payment)
    line.takes_back = payment
    reversal = reverse_payment(
        payment_id=payment_id,
        reason=(line.reason or reference_of(line))[:MAX_REFERENCE],
        now=now,
        by=by,
    )
    _decide(line, LineState.POSTED, now, by)
    return reversal


@transaction.atomic
def ignore(*, line_id: int, reason: str, now: datetime, by: User | None) -> None:
    """Put a line aside for a reason, which is not empty.

    Raises:
        BankLine.DoesNotExist: there is none.
        NotOpen: somebody has decided about it.
    """
    line = _locked_open(line_id)
    _decide(line, LineState.IGNORED, now, by, reason)


@transaction.atomic
def undo(*, line_id: int, now: datetime, by: User | None) -> None:
    """Open a line again: reverse the payments that it recorded, or ignore it no longer.

    Raises:
        BankLine.DoesNotExist: there is none.
        NotDecided: it is open.
        TakesBack: it took back a payment.
        PaymentRefusal: a payment cannot be reversed.
    """
    line = _locked(line_id)
    if line.state == LineState.OPEN:
        raise NotDecided
    if line.takes_back_id is not None:
        raise TakesBack
    payment_ids = list(line.postings.values_list("payment", flat=True))
    _decide(line, LineState.OPEN, now, by)
    line.postings.all().delete()
    # What a direct debit collected is expected again; its bank has not taken it back.
    release(payment_ids)
    reverse_payments(payment_ids, now=now, by=by)


def payment_reversed(payment: Payment, now: datetime, by: User | None) -> None:
    """Open the line again whose payment somebody reverses, unless another line takes it back."""
    if BankLine.objects.filter(takes_back=payment).exists():
        return
    recorded = BankLine.objects.filter(postings__payment=payment)
    for line in recorded.select_for_update(of=("self",)):
        BankPosting.objects.filter(payment=payment).delete()
        if line.state != LineState.OPEN:
            _decide(line, LineState.OPEN, now, by)


def _locked(line_id: int) -> BankLine:
    lines = BankLine.objects.select_for_update(of=("self",)).select_related("account")
    return lines.get(pk=line_id)


def _locked_open(line_id: int) -> BankLine:
    line = _locked(line_id)
    if line.state != LineState.OPEN:
        raise NotOpen
    return line


def _decide(
    line: BankLine, state: LineState, now: datetime, by: User | None, reason: str = ""
) -> None:
    BankProposal.objects.filter(line=line).delete()
    line.state, line.ignored_because = state, reason
    line.decided_at, line.decided_by = now, by
    line.save(update_fields=["state", "ignored_because", "decided_at", "decided_by"])
