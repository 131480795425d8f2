"""Store what open lines may pay, and record what is certain."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from bank.matching import matcher_for
from bank.models import BankAccount, BankLine, BankProposal
from bank.posting import Part, left_of, post
from bank.refusals import BankRefusal
from payments.models import Method, Payment
from payments.refusals import PaymentRefusal

logger = logging.getLogger(__name__)


@transaction.atomic
def propose(*, currency: str) -> int:
    """Match all open lines of accounts in a currency again; return the number of proposals."""
    # In the order of their ids, as everybody locks lines.
    open_lines = BankLine.objects.open().filter(account__currency=currency).order_by("pk")
    lines = list(open_lines.select_for_update(of=("self",)))
    BankProposal.objects.filter(line__in=open_lines).delete()
    matcher = matcher_for(currency)
    made = [each for line in lines for each in matcher.proposals(line)]
    BankProposal.objects.bulk_create(made, batch_size=2_000)
    return len(made)


def certain_lines(*, currency: str) -> Sequence[int]:
    """Return the ids of lines whose payment is certain and recorded without asking."""
    certain = BankProposal.objects.filter(
        is_certain=True, line__account__currency=currency, line__account__posts_certain=True
    )
    return list(certain.order_by("line").values_list("line", flat=True))


def post_certain(*, line_id: int, now: datetime) -> bool:
    """Record what a line certainly pays; return whether that was possible.

    What somebody decided meanwhile, or an operation refuses, is left to people.
    """
    try:
        with transaction.atomic():
            line = BankLine.objects.select_for_update(of=("self",)).get(pk=line_id)
            proposal = line.proposals.filter(is_certain=True).first()
            if proposal is None:
                return False
            part = Part(proposal.organization_id, left_of(line), proposal.invoices)
            post(line_id=line_id, parts=[part], now=now, by=None)
            return True
    except (BankRefusal, PaymentRefusal) as refusal:
        logger.info("line %s is left to people: %s", line_id, refusal)
        return False


def taken_back(line: BankLine) -> Sequence[Payment]:
    """Return payments that a line may take back, the most likely first.

    They have its amount and were recorded by an earlier line of the account: with the same
    end-to-end id, from the same account, or otherwise. Or they were collected with that id.
    """
    if line.amount >= 0:
        return []
    recorded = Q(bank_posting__line__account=line.account_id, bank_posting__line__lt=line.pk)
    if line.end_to_end_id:
        recorded |= Q(
            method=Method.DIRECT_DEBIT,
            reference=line.end_to_end_id,
            currency=line.account.currency,
        )
    found = Payment.objects.filter(recorded, amount=-line.amount, reversal=None)
    payments = found.select_related("organization", "bank_posting__line").order_by("-pk")[:50]

    def likeness(payment: Payment) -> tuple[bool, bool]:
        if not hasattr(payment, "bank_posting"):
            return True, False
        by = payment.bank_posting.line
        return (
            bool(line.end_to_end_id) and by.end_to_end_id == line.end_to_end_id,
            bool(line.other_account) and by.other_account == line.other_account,
        )

    return sorted(payments, key=likeness, reverse=True)[:5]


def currencies() -> Sequence[str]:
    """Return the currencies of the accounts."""
    codes = BankAccount.objects.order_by("currency").values_list("currency", flat=True)
    return list(codes.distinct())
