"""Bank accounts, files and lines for tests."""

from __future__ import annotations

from typing import Any

from bank.importing import import_file
from bank.models import BankAccount, BankFile, BankLine
from bank.reading.tests.files import ACCOUNT, amount, camt, entry, statement
from invoices.tests.factories import IN_NOVEMBER

DAY = "<BookgDt><Dt>2026-11-02</Dt></BookgDt>"


def an_account(**fields: Any) -> BankAccount:
    """Return the account of the test files, in euros."""
    values = {"number": ACCOUNT, "currency": "EUR", "title": "Main account", **fields}
    return BankAccount.objects.get_or_create(
        number=values["number"], currency=values["currency"], defaults=values
    )[0]


def upload(content: bytes, name: str = "statement.xml") -> BankFile:
    """Store a file."""
    return import_file(name=name, content=content, now=IN_NOVEMBER, by=None)


def paid(
    value: str = "10.71",
    text: str = "",
    *,
    name: str = "Muster",
    account: str = "",
    end_to_end: str = "",
    mark: str = "CRDT",
    more: str = "",
) -> str:
    """Return an entry of 2 November 2026 with one detail."""
    party = "Dbtr" if mark == "CRDT" else "Cdtr"
    detail = (
        f"<Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>{amount(value)}"
        f"<RltdPties><{party}><Nm>{name}</Nm></{party}>"
        f"<{party}Acct><Id><IBAN>{account}</IBAN></Id></{party}Acct></RltdPties>"
        f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf>"
    )
    return entry(value, detail, booked=DAY, mark=mark, more=more)


def a_line(*args: Any, **kwargs: Any) -> BankLine:
    """Store a line of the account."""
    an_account()
    return upload(camt(statement(paid(*args, **kwargs)))).statements.get().lines.get()
