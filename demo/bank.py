"""A bank account, and yesterday's statement, whose lines wait for somebody to decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from bank.importing import import_file
from bank.models import BankAccount
from invoices.models import OpenItem

ACCOUNT = "DE75512108001245126199"
CURRENCY = "EUR"
_PAYER = "DE02120300000000202051"
_OPENING = Decimal("10000.00")


class Entry(NamedTuple):
    """What a statement says of a movement."""

    amount: Decimal
    name: str
    text: str


def add_account() -> None:
    """Add the account of which there are statements."""
    BankAccount.objects.create(number=ACCOUNT, currency=CURRENCY, title="Main account")


def add_statement(day: date, now: datetime) -> None:
    """Add the statement of a day on which customers paid in several ways."""
    name, content = statement(day, list(_entries()))
    import_file(name=name, content=content, now=now, by=None)


def statement(day: date, entries: Sequence[Entry]) -> tuple[str, bytes]:
    """Return the name and the content of the statement of a day, in MT940."""
    closing = _OPENING + sum((each.amount for each in entries), Decimal(0))
    rows = [":20:STATEMENT", f":25:{ACCOUNT}", ":28C:00001/001", f":60F:{_balance(_OPENING, day)}"]
    for amount, name, text in entries:
        mark = "C" if amount > 0 else "D"
        rows += [
            f":61:{day:%y%m%d}{day:%m%d}{mark}{_written(abs(amount))}NTRFNONREF",
            f":86:/IBAN/{_PAYER}/NAME/{name}/REMI/{text}",
        ]
    rows += [f":62F:{_balance(closing, day)}", "-"]
    return f"statement-{day}.sta", "\n".join(rows).encode()


def _entries() -> Iterator[Entry]:
    """Yield amount, name and text of a certain, a part, an unknown and an outgoing payment."""
    items = OpenItem.objects.filter(currency=CURRENCY, outstanding__gt=1).select_related("invoice")
    for number, item in enumerate(items.order_by("pk")[:2]):
        amount = item.outstanding if number == 0 else (item.outstanding / 2).quantize(Decimal(1))
        yield Entry(amount, item.invoice.buyer_name[:50], f"Invoice {item.invoice.number}")
    yield Entry(Decimal("49.90"), "J. Miller", "Camera subscription")
    yield Entry(Decimal("-6.50"), "Bank", "Account fees")


def _balance(amount: Decimal, day: date) -> str:
    return f"C{day:%y%m%d}{CURRENCY}{_written(amount)}"


def _written(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")
