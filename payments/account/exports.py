"""The statement of account as rows of a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from foundation.lists.exports import Cell
from payments.account.lines import lines_of
from payments.account.statement import Account, CurrencyAccount
from tariffs.money import exact

EXPORT_COLUMNS = (
    "organization",
    "currency",
    "date",
    "entry",
    "document",
    "refers_to",
    "period_first",
    "period_last",
    "due",
    "method",
    "reference",
    "debit",
    "credit",
    "balance",
)
# The columns from `document` to `reference`.
_NO_DETAILS: list[Cell] = [None] * 7


def export_rows(stated: Account, closing_on: date) -> Iterator[list[Cell]]:
    """Yield cells for `EXPORT_COLUMNS`: in each currency, the opening balance, lines, the closing.

    `earlier_owner` is the sum of documents that the reader may not see, and of their payments.
    """
    for account in stated.currencies:
        begin: list[Cell] = [stated.organization.title, account.currency]
        yield [*begin, *_balance(account, "opening_balance", stated.period.start, account.opening)]
        if account.unseen is not None:
            yield [*begin, *_unseen(account, account.unseen)]
        for cells in _lines(account):
            yield begin + cells
        yield [*begin, *_balance(account, "closing_balance", closing_on, account.closing)]


def _balance(account: CurrencyAccount, entry: str, day: date, balance: Decimal) -> list[Cell]:
    return [day, entry, *_NO_DETAILS, None, None, _amount(account, balance)]


def _unseen(account: CurrencyAccount, amount: Decimal) -> list[Cell]:
    debit = amount if amount > 0 else None
    credit = None if amount > 0 else -amount
    amounts = (debit, credit, account.begin)
    return [None, "earlier_owner", *_NO_DETAILS, *(_amount(account, each) for each in amounts)]


def _lines(account: CurrencyAccount) -> Iterator[list[Cell]]:
    for line in lines_of(account):
        yield [
            line.entry.day,
            line.kind.value,
            line.number or None,
            line.refers_to or None,
            line.period.start if line.period else None,
            line.period.last if line.period else None,
            line.due_on,
            line.method.value if line.method else None,
            line.reference or None,
            *(_amount(account, each) for each in (line.debit, line.credit, line.balance)),
        ]


def _amount(account: CurrencyAccount, amount: Decimal | None) -> Decimal | None:
    """Return an amount with the decimals of the currency."""
    if amount is None:
        return None
    return exact(amount, account.currency)
