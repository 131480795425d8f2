"""Find out which organization's open items a line pays.

A line names what it pays by a structured reference, by invoice numbers anywhere in its text, by a
contract number or a tax ID, or by coming from an account that has paid before. The name of the
payer alone says nothing. What names several organizations, is in doubt, takes back a payment or was
ordered in another currency is never certain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import F, QuerySet

from bank.models import BankLine, BankPosting, BankProposal, Why
from foundation.names import Names
from invoices.documents.terms import Terms
from invoices.models import OpenItem
from invoices.paying.references import names_of
from organizations.billing.models import BillingDetails
from organizations.models import Organization
from payments.models import Method


@dataclass(frozen=True, slots=True)
class Owed:
    """An open item: what is outstanding of an invoice."""

    invoice_id: int
    organization_id: int
    outstanding: Decimal
    discounted: Sequence[tuple[Decimal, date]] = ()
    """What is to be paid with a cash discount, each with the last date for it."""

    def fits(self, line: BankLine) -> bool:
        """Return whether a line pays it exactly, or exactly less a cash discount in time."""
        return line.amount == self.outstanding or any(
            line.amount == amount and line.booked_on <= until for amount, until in self.discounted
        )


@dataclass(slots=True)
class Matcher:
    """What is known of the open items in a currency and of the organizations that owe them."""

    owed: Mapping[int, Owed]
    of_organization: Mapping[int, Sequence[Owed]]
    numbers: Names
    contracts: Names
    tax_ids: Names
    payers: Mapping[str, set[int]] = field(default_factory=dict)

    def proposals(self, line: BankLine) -> list[BankProposal]:
        """Return what an open line that received money may pay, what is certain first."""
        if line.amount <= 0:
            return []
        found = {each.organization_id: each for each in reversed(list(self._found(line)))}
        if len(found) != 1 or line.in_doubt or line.is_reversal or line.instructed:
            for each in found.values():
                each.is_certain = False
        return sorted(found.values(), key=lambda each: not each.is_certain)

    def _found(self, line: BankLine) -> Iterator[BankProposal]:
        """Yield proposals, the best reasons first; an organization can be found repeatedly."""
        text = "\n".join([*_plain(line.references), line.text, line.end_to_end_id])
        named: defaultdict[int, list[Owed]] = defaultdict(list)
        for pk in self.numbers.found_in(text):
            named[self.owed[pk].organization_id].append(self.owed[pk])
        for organization_id, items in named.items():
            yield _proposal(line, organization_id, Why.NUMBER, items)
        for why, organizations in (
            (Why.CONTRACT, self.contracts.found_in(text)),
            (Why.TAX_ID, self.tax_ids.found_in(f"{line.tax_id}\n{text}")),
            (Why.PAYER, sorted(self.payers.get(line.other_account, ()))),
        ):
            for pk in organizations:
                yield _proposal(line, pk, why, self._fitting(line, pk))

    def _fitting(self, line: BankLine, organization_id: int) -> Sequence[Owed]:
        """Return the one open item that a line pays exactly, or less a cash discount, or all."""
        items = self.of_organization.get(organization_id, ())
        exact = [each for each in items if each.fits(line)]
        return exact if len(exact) == 1 else items


def _plain(references: Sequence[str]) -> Iterator[str]:
    """Yield references, and again without zeros with which banks fill up a number."""
    for each in references:
        yield each
        if (plain := each.lstrip("0")) != each:
            yield plain


def _proposal(
    line: BankLine, organization_id: int, why: Why, items: Sequence[Owed]
) -> BankProposal:
    return BankProposal(
        line=line,
        organization_id=organization_id,
        invoices=[each.invoice_id for each in items],
        why=why,
        is_certain=bool(items) and sum(each.outstanding for each in items) == line.amount,
    )


def matcher_for(currency: str) -> Matcher:
    """Read the open items in a currency, those due first, and who owes them."""
    owed: dict[int, Owed] = {}
    of_organization: defaultdict[int, list[Owed]] = defaultdict(list)
    numbers: list[tuple[str, int]] = []
    items = OpenItem.objects.filter(currency=currency, outstanding__gt=0)
    columns = ("pk", "organization", "invoice__number", "invoice__account__number", "outstanding")
    discounted = _discounted(items)
    for pk, organization_id, number, account, outstanding in items.order_by(
        "due_on", "pk"
    ).values_list(*columns):
        item = owed[pk] = Owed(pk, organization_id, outstanding, discounted.get(pk, ()))
        of_organization[organization_id].append(item)
        names = names_of(number=number, key=pk, account=account)
        numbers.extend((name, pk) for name in names)
    owing = OpenItem.objects.filter(currency=currency, outstanding__gt=0).values("organization")
    contracts = Organization.objects.order_by().filter(pk__in=owing).exclude(contract_number="")
    tax_ids = BillingDetails.objects.order_by().filter(organization__in=owing)
    return Matcher(
        owed=owed,
        of_organization=of_organization,
        numbers=Names(numbers),
        contracts=Names(contracts.values_list("contract_number", "pk")),
        tax_ids=Names(
            tax_ids.exclude(tax_number="").values_list("tax_number", "organization").distinct()
        ),
        payers=_payers(currency),
    )


def _discounted(items: QuerySet[OpenItem]) -> Mapping[int, Sequence[tuple[Decimal, date]]]:
    """Return what is to be paid of wholly unpaid items with each cash discount, by invoice id."""
    unpaid = items.filter(
        invoice__terms__has_key="discounts", outstanding=F("invoice__total") - F("credited")
    )
    columns = ("invoice__terms", "invoice__issued_on", "invoice__digits", "outstanding")
    return {
        pk: [
            (owed - each.off(owed, digits), each.until(issued_on))
            for each in Terms.of(terms).discounts
        ]
        for pk, terms, issued_on, digits, owed in unpaid.order_by().values_list("pk", *columns)
    }


def _payers(currency: str) -> Mapping[str, set[int]]:
    """Return the organizations that each account has paid for.

    What was collected by direct debit says nothing: a sum of it comes from the provider's own bank.
    """
    found: defaultdict[str, set[int]] = defaultdict(set)
    postings = BankPosting.objects.filter(amount__gt=0, line__account__currency=currency)
    postings = postings.exclude(payment__method=Method.DIRECT_DEBIT)
    for account, organization_id in (
        postings.exclude(line__other_account="")
        .order_by()
        .values_list("line__other_account", "payment__organization")
        .distinct()
    ):
        found[account].add(organization_id)
    return found
