"""What the page of a line shows of its proposals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bank.models import BankLine, BankProposal
from invoices.models import OpenItem


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An open item of a proposal: its invoice, and what is outstanding of it now."""

    pk: int
    number: str
    outstanding: Decimal


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A proposal with its open items, and how much of the line they leave on account."""

    proposal: BankProposal
    items: Sequence[ShownItem]
    rest: Decimal


def shown_proposals(line: BankLine, left: Decimal) -> Sequence[ShownProposal]:
    """Return the proposals for a line of which an amount is left."""
    proposals = list(line.proposals.select_related("organization"))
    wanted = {pk for each in proposals for pk in each.invoices}
    items = OpenItem.objects.filter(pk__in=wanted, outstanding__gt=0).select_related("invoice")
    by_id = {each.pk: ShownItem(each.pk, each.invoice.number, each.outstanding) for each in items}
    shown = []
    for proposal in proposals:
        own = [by_id[pk] for pk in proposal.invoices if pk in by_id]
        rest = left - sum((each.outstanding for each in own), Decimal(0))
        shown.append(ShownProposal(proposal, own, max(rest, Decimal(0))))
    return shown
