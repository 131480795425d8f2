"""Store what open lines may pay, and record what is certain."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bank.matching import matcher_for
from bank.models import BankAccount, BankLine, BankProposal
from bank.posting import Part, left_of, post, post_batch, sums_of
from bank.refusals import BankRefusal
from debits.collecting import CURRENCY
from debits.refusals import DebitRefusal
from debits.sums import pending_amounts
from payments.models import Payment
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
    except (BankRefusal, DebitRefusal, PaymentRefusal) as refusal:
        logger.info("line %s is left to people: %s", line_id, refusal)
        return False


def certain_sums(*, currency: str) -> Sequence[int]:
    """Return the ids of open lines that direct debits collected in one sum, without asking."""
    if currency != CURRENCY:
        return []
    amounts = pending_amounts()
    lines = BankLine.objects.open().filter(
        account__currency=currency, account__posts_certain=True, amount__in=amounts
    )
    return list(lines.order_by("pk").values_list("pk", flat=True)) if amounts else []


def post_sum(*, line_id: int, now: datetime) -> bool:
    """Record the direct debits that a line certainly sums up; return whether it did."""
    try:
        with transaction.atomic():
            line = BankLine.objects.select_related("account").get(pk=line_id)
            certain = [each for each in sums_of(line) if each.is_certain]
            if len(certain) != 1 or line.in_doubt:
                return False
            (found,) = certain
            post_batch(
                line_id=line_id, batch_id=found.batch.pk, block=found.block, now=now, by=None
            )
            return True
    except (BankRefusal, DebitRefusal, PaymentRefusal) as refusal:
        logger.info("line %s is left to people: %s", line_id, refusal)
        return False


def taken_back(line: BankLine) -> Sequence[Payment]:
    """Return payments that a line may take back, the most likely first.

    They have its amount. What was collected with its end-to-end id is meant and nothing else.
    Otherwise they were recorded by an earlier line of the account: with the same end-to-end id,
    from the same account, or otherwise.
    """
    if line.amount >= 0:
        return []
    same = Payment.objects.filter(
        amount=-line.amount, currency=line.account.currency, reversal=None
    ).select_related("organization")
    if line.end_to_end_id and (
        collected := same.filter(collection__invoice__number=line.end_to_end_id)[:1]
    ):
        return list(collected)
    found = same.filter(bank_posting__line__account=line.account_id, bank_posting__line__lt=line.pk)
    payments = found.select_related("bank_posting__line").order_by("-pk")[:50]

    def likeness(payment: Payment) -> tuple[bool, bool]:
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
