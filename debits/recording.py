"""What becomes of a batch: its money arrives, in one sum or apart, or some is not collected.

Each operation locks the batch first, then the organizations. What is recorded is not pending any
more, and each payment has an id that follows from its collection, so the database refuses a second.
"""

from __future__ import annotations

from collections.abc import Collection as Ids
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid5

from django.db import transaction

from accounts.models import User
from debits.models import MAX_REASON, Collection, DebitBatch, Mandate
from debits.refusals import AnotherSum, NotCollectedYet, NotPending, NotToBeSent
from payments.models import Allocation, Method, Payment, PaymentKind
from payments.recording_many import ForInvoice, lock_organizations, record_for_invoices
from tariffs.provider_calendar import provider_date

_NOTHING = Decimal(0)


@transaction.atomic
def record_collected(*, batch_id: int, now: datetime, by: User | None) -> DebitBatch:
    """Record that all that is pending of a batch was collected: a payment of each invoice.

    If a payment of the same amount was recorded for an invoice since the batch was made, that was
    it: a bank's statement need not say which collection it states.

    Raises:
        DebitBatch.DoesNotExist: there is none.
        NotToBeSent: it is collected or withdrawn.
        NotCollectedYet: its date has not come.
        PaymentRefusal: its date is in a month that is closed.
    """
    batch = locked_batch(batch_id)
    if provider_date(now) < batch.collected_on:
        raise NotCollectedYet(batch.collected_on)
    pending = _locked_pending(batch)
    known = _paid_meanwhile(batch, pending)
    missing = [each for each in pending if (each.invoice_id, each.amount) not in known]
    _record(batch, missing, batch.collected_on, now, by)
    batch.collections.filter(is_pending=True).update(is_pending=False)
    return decided(batch, DebitBatch.State.COLLECTED, now, by)


@transaction.atomic
def record_sum(
    *, batch_id: int, block: str, amount: Decimal, paid_on: date, now: datetime, by: User | None
) -> Sequence[Payment]:
    """Record all that is pending of a batch, or of a part of it, and comes to an amount.

    The batch is collected once nothing is pending.

    Raises:
        DebitBatch.DoesNotExist: there is none.
        NotToBeSent: it is collected or withdrawn.
        AnotherSum: what is pending does not come to the amount.
        PaymentRefusal: the date is in a month that is closed.
    """
    batch = locked_batch(batch_id)
    pending = [each for each in _locked_pending(batch) if not block or each.block == block]
    if not pending or sum((each.amount for each in pending), _NOTHING) != amount:
        raise AnotherSum
    payments = _record(batch, pending, paid_on, now, by)
    _finish(batch, now, by)
    return payments


@transaction.atomic
def not_collected(*, collection_id: int, reason: str, now: datetime, by: User | None) -> Collection:
    """Mark that a bank did not collect something, for a reason; its mandate failed.

    Raises:
        Collection.DoesNotExist: there is none.
        NotToBeSent, NotPending: it is recorded, returned or withdrawn.
    """
    batch_id = Collection.objects.values_list("batch", flat=True).get(pk=collection_id)
    batch = locked_batch(batch_id)
    collection = Collection.objects.get(pk=collection_id)
    if not collection.is_pending:
        raise NotPending
    mark_returned(collection, reason, now)
    _finish(batch, now, by)
    return collection


def mark_returned(collection: Collection, reason: str, now: datetime) -> None:
    """Mark a collection that was not collected or is taken back, and its mandate, as failed."""
    reason = reason[:MAX_REASON]
    Collection.objects.filter(pk=collection.pk).update(
        returned_at=now, is_pending=False, reason=reason
    )
    Mandate.objects.filter(pk=collection.mandate_id, ended_at=None).update(
        failed_at=now, failure=reason
    )


def locked_pending(*, end_to_end_id: str, amount: Decimal) -> Collection | None:
    """Lock the batch of the pending collection that a bank states by itself; None without one."""
    if not end_to_end_id:
        return None
    found = Collection.objects.filter(invoice__number=end_to_end_id, amount=amount, is_pending=True)
    batch_id = found.values_list("batch", flat=True).first()
    if batch_id is None:
        return None
    DebitBatch.objects.select_for_update().only("pk").get(pk=batch_id)
    return found.select_related("batch", "invoice").defer("batch__content").first()


def recorded_apart(
    collection: Collection, payment: Payment, now: datetime, by: User | None
) -> None:
    """Note the payment that recorded a pending collection, whose batch is locked."""
    Collection.objects.filter(pk=collection.pk).update(payment=payment, is_pending=False)
    _finish(collection.batch, now, by)


def release(payment_ids: Ids[int]) -> None:
    """Make collections pending again whose payments are reversed because they were no payments."""
    collections = Collection.objects.filter(payment__in=payment_ids, returned_at=None)
    batches = DebitBatch.objects.filter(pk__in=collections.values("batch")).order_by("pk")
    ids = list(batches.select_for_update().values_list("pk", flat=True))
    collections.update(payment=None, is_pending=True)
    DebitBatch.objects.filter(pk__in=ids).update(
        state=DebitBatch.State.MADE, decided_at=None, decided_by=None
    )


def locked_batch(batch_id: int) -> DebitBatch:
    """Lock a batch about which nothing is decided.

    Raises:
        DebitBatch.DoesNotExist: there is none.
        NotToBeSent: it is collected or withdrawn.
    """
    batch = DebitBatch.objects.select_for_update().defer("content").get(pk=batch_id)
    if batch.state != DebitBatch.State.MADE:
        raise NotToBeSent
    return batch


def decided(
    batch: DebitBatch, state: DebitBatch.State, now: datetime, by: User | None
) -> DebitBatch:
    """Store what became of a batch."""
    batch.state, batch.decided_at, batch.decided_by = state, now, by
    batch.save(update_fields=["state", "decided_at", "decided_by"])
    return batch


def _locked_pending(batch: DebitBatch) -> list[Collection]:
    """Lock the organizations of what is pending of a batch; return what still is then."""
    pending = batch.collections.filter(is_pending=True).order_by("pk")
    lock_organizations(list(pending.values_list("invoice", flat=True)))
    return list(pending.select_related("invoice"))


def _paid_meanwhile(
    batch: DebitBatch, collections: Sequence[Collection]
) -> set[tuple[int, Decimal]]:
    """Return the invoices and amounts of payments that were recorded since a batch was made."""
    paying = Allocation.objects.filter(
        invoice__in=[each.invoice_id for each in collections],
        payment__kind=PaymentKind.PAYMENT,
        payment__reversal=None,
        payment__recorded_at__gte=batch.made_at,
    )
    return set(paying.order_by().values_list("invoice", "payment__amount"))


def _record(
    batch: DebitBatch,
    collections: Sequence[Collection],
    paid_on: date,
    now: datetime,
    by: User | None,
) -> Sequence[Payment]:
    """Record a payment of each collection, with the same few statements."""
    if not collections:
        return []
    requests = _requests(batch, collections)
    payments = record_for_invoices(
        [ForInvoice(each.invoice_id, each.amount, requests[each.pk]) for each in collections],
        paid_on=paid_on,
        method=Method.DIRECT_DEBIT,
        now=now,
        by=by,
    )
    for collection, payment in zip(collections, payments, strict=True):
        collection.payment, collection.is_pending = payment, False
    Collection.objects.bulk_update(collections, ["payment", "is_pending"])
    return payments


def _requests(batch: DebitBatch, collections: Sequence[Collection]) -> dict[int, UUID]:
    """Return the ids of the payments of collections, by the ids of the collections.

    They follow from the collections and from how often their payment was undone.
    """
    found = {each.pk: uuid5(batch.request, str(each.pk)) for each in collections}
    undone = Payment.objects.filter(reversal__isnull=False)
    while used := set(undone.filter(request__in=found.values()).values_list("request", flat=True)):
        for pk, request in found.items():
            if request in used:
                found[pk] = uuid5(request, "again")
    return found


def _finish(batch: DebitBatch, now: datetime, by: User | None) -> None:
    """Mark a batch as collected once nothing of it is pending."""
    if not batch.collections.filter(is_pending=True).exists():
        decided(batch, DebitBatch.State.COLLECTED, now, by)
