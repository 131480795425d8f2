"""The statement of account: what an organization owed, what has changed that, and what it owes.

A document counts on its date, and a payment on the date on which it was received or paid back.
These are dates of the provider's calendar, as documents state them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import QuerySet, Sum

from accounts.models import User
from invoices.models import Invoice
from invoices.querysets import SIGNED_TOTAL, InvoiceQuerySet
from organizations.models import Organization
from payments.models import Payment
from payments.querysets import PaymentQuerySet
from rating.periods import Period
from tariffs.provider_calendar import provider_date

_NOTHING = Decimal(0)


class Entry(NamedTuple):
    """A document or a payment in the order of a statement: of one date, documents come first.

    `amount` is what it adds to the balance; credit notes and payments reduce it.
    """

    currency: str
    day: date
    is_payment: bool
    pk: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CurrencyAccount:
    """The account in one currency over a period. Balances are negative if the payer is owed them.

    `unseen` is the sum of the documents and payments of an earlier owner in the period. The reader
    may know the balance but not these. It is None if there are none.
    """

    currency: str
    opening: Decimal
    unseen: Decimal | None
    entries: Sequence[Entry]

    @property
    def begin(self) -> Decimal:
        """The balance before the first entry."""
        return self.opening + (self.unseen or _NOTHING)

    def balance_before(self, index: int) -> Decimal:
        """Return the balance before the entry at an index."""
        return sum((each.amount for each in self.entries[:index]), self.begin)

    @property
    def unseen_credit(self) -> Decimal:
        """The amount by which `unseen` reduces the balance."""
        return -(self.unseen or _NOTHING)

    @property
    def closing(self) -> Decimal:
        """The balance at the end of the period."""
        return self.balance_before(len(self.entries))

    @property
    def debit(self) -> Decimal:
        """The sum of what has increased the balance."""
        return sum((each for each in self._amounts if each > 0), _NOTHING)

    @property
    def credit(self) -> Decimal:
        """The sum of what has reduced the balance."""
        return sum((-each for each in self._amounts if each < 0), _NOTHING)

    @property
    def _amounts(self) -> Iterator[Decimal]:
        yield self.unseen or _NOTHING
        yield from (each.amount for each in self.entries)


@dataclass(frozen=True)
class Account:
    """The statement of account of an organization over a period, currency by currency."""

    organization: Organization
    period: Period
    currencies: Sequence[CurrencyAccount]

    @cached_property
    def entries(self) -> int:
        """The number of entries in all currencies."""
        return sum(len(each.entries) for each in self.currencies)


def account_today(organization: Organization, now: datetime) -> date:
    """Return the last date that documents and payments can have now.

    It is today in the organization's time zone, or in the provider's if that is a day ahead.
    """
    return max(organization.date_at(now), provider_date(now))


def account_of(user: User, organization: Organization, period: Period) -> Account:
    """Return the statement of account of an organization as `user` may see it.

    Owners see the documents and payments that `visible_to` shows them, and the whole balance.
    """
    documents = Invoice.objects.filter(organization=organization).order_by()
    payments = Payment.objects.filter(organization=organization).order_by()
    opening = _sums(
        documents.filter(issued_on__lt=period.start), payments.filter(paid_on__lt=period.start)
    )
    within = [
        *_rows(
            documents.filter(issued_on__gte=period.start, issued_on__lt=period.end), payment=False
        ),
        *_rows(payments.filter(paid_on__gte=period.start, paid_on__lt=period.end), payment=True),
    ]
    seen = None
    if user.is_owner:
        seen = {
            (is_payment, pk)
            for is_payment, rows in ((False, documents), (True, payments))
            for pk in rows.visible_to(user).values_list("pk", flat=True)
        }
    return Account(organization, period, list(_currencies(opening, within, seen)))


def _currencies(
    opening: Mapping[str, Decimal],
    within: Collection[Entry],
    seen: Collection[tuple[bool, int]] | None,
) -> Iterator[CurrencyAccount]:
    """Yield the currencies in which anything is or was owed, by code."""
    shown: dict[str, list[Entry]] = defaultdict(list)
    unseen: dict[str, list[Entry]] = defaultdict(list)
    for entry in within:
        is_seen = seen is None or (entry.is_payment, entry.pk) in seen
        group = shown if is_seen else unseen
        group[entry.currency].append(entry)
    for currency in sorted({*opening, *shown, *unseen}):
        hidden = unseen.get(currency)
        account = CurrencyAccount(
            currency,
            opening.get(currency, _NOTHING),
            sum((each.amount for each in hidden), _NOTHING) if hidden else None,
            sorted(shown.get(currency, [])),
        )
        if account.opening or account.unseen is not None or account.entries:
            yield account


def _sums(documents: InvoiceQuerySet, payments: PaymentQuerySet) -> dict[str, Decimal]:
    """Return the balance in each currency that documents and payments come to."""
    balances: dict[str, Decimal] = defaultdict(Decimal)
    for currency, invoiced in documents.values_list("currency").annotate(
        invoiced=Sum(SIGNED_TOTAL)
    ):
        balances[currency] += invoiced
    for currency, paid in payments.values_list("currency").annotate(paid=Sum("amount")):
        balances[currency] -= paid
    return balances


def _rows(rows: QuerySet[Any], *, payment: bool) -> Iterator[Entry]:
    """Yield documents, or payments, as entries."""
    if payment:
        read = rows.values_list("currency", "paid_on", "pk", "amount")
    else:
        read = rows.values_list("currency", "issued_on", "pk", SIGNED_TOTAL)
    for currency, day, pk, amount in read:
        yield Entry(currency, day, payment, pk, -amount if payment else amount)
