"""The sums that banks book at once: what is pending of a batch, or of a part of its file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Sum

from debits.models import Collection, DebitBatch

_LONGEST = timedelta(days=10)
"""How many days before or after the collection a bank may book a sum that it does not name."""


@dataclass(frozen=True, slots=True)
class BatchSum:
    """What is pending of a batch, or of the part `block` of its file: "" is all of it.

    `is_named` if the bank states an id of the batch, and `is_exact` if it booked this sum.
    """

    batch: DebitBatch
    block: str
    number: int
    amount: Decimal
    is_named: bool
    is_exact: bool

    @property
    def is_certain(self) -> bool:
        """Whether nobody needs to be asked, if no other sum is certain."""
        return self.is_named and self.is_exact


def sums_for(*, amount: Decimal, booked_on: date, text: str) -> Sequence[BatchSum]:
    """Return the sums that an amount in euro can be, which a bank booked; what it names first.

    They are equal to the amount; if none is, those that `text` names. One that is not named was
    collected some days before or after.
    """
    stated = _letters(text)
    sums = list(_pending_sums())
    batches = DebitBatch.objects.defer("content").in_bulk({pk for pk, *_rest in sums})
    found = []
    for batch_id, block, number, total in sums:
        batch = batches[batch_id]
        ids = [batch.message_id, block] if block else [batch.message_id]
        is_named = any(_letters(each) in stated for each in ids)
        is_exact = total == amount
        is_near = abs(batch.collected_on - booked_on) <= _LONGEST
        if is_named or (is_exact and is_near):
            found.append(BatchSum(batch, block, number, total, is_named, is_exact))
    exact = [each for each in found if each.is_exact]
    return sorted(exact or _named(found, stated), key=lambda each: not each.is_named)


def _named(found: Sequence[BatchSum], stated: str) -> Sequence[BatchSum]:
    """Keep the parts of each batch that are stated, or what is widest if only the batch is."""
    parts = [each for each in found if each.block and _letters(each.block) in stated]
    widest = {each.batch.pk: each for each in found}
    told = {each.batch.pk for each in parts}
    return [*parts, *(each for pk, each in widest.items() if pk not in told)]


def pending_amounts() -> frozenset[Decimal]:
    """Return the sums that are pending, of batches and of the parts of their files."""
    return frozenset(total for _batch_id, _block, _number, total in _pending_sums())


def _pending_sums() -> Iterator[tuple[int, str, int, Decimal]]:
    """Yield the id of the batch, the part, the number of collections and their sum.

    A batch of several parts has itself as a last one, "": banks credit the parts of
    a file, which are FRST and RCUR, one by one, and some all of it.
    """
    pending = Collection.objects.filter(is_pending=True, batch__state=DebitBatch.State.MADE)
    rows = pending.order_by("batch", "block").values_list("batch", "block")
    parts: defaultdict[int, list[tuple[str, int, Decimal]]] = defaultdict(list)
    for batch_id, block, number, total in rows.annotate(Count("pk"), Sum("amount")):
        parts[batch_id].append((block, number, total))
    for batch_id, some in parts.items():
        for block, number, total in some:
            yield batch_id, block, number, total
        if len(some) > 1:
            number = sum(number for _block, number, _total in some)
            total = sum((total for _block, _number, total in some), Decimal(0))
            yield batch_id, "", number, total


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).upper()
