"""Jobs of bank statements. The rules for all jobs are in foundation/jobs/setup.py."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from bank import proposing

QUEUE = "bank"


def defer_matching(currency: str) -> None:
    """Have all open lines in a currency matched, once the open transaction is committed."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        match.configure(queueing_lock=f"bank_match_{currency}").defer(currency=currency)


@app.task(name="bank.match", queue=QUEUE)
def match(*, currency: str) -> None:
    """Match open lines, and record what is certain, one after the other.

    A job that ends half-way has recorded some; the next begins with what is open.
    """
    proposing.propose(currency=currency)
    for line_id in proposing.certain_sums(currency=currency):
        proposing.post_sum(line_id=line_id, now=timezone.now())
    for line_id in proposing.certain_lines(currency=currency):
        proposing.post_certain(line_id=line_id, now=timezone.now())
