"""Read MT940 with the library bankfile, which reads it with mt-940.

Each block that begins with :20: is read by itself, because the library would join the blocks of
several accounts. Whatever it could not read shows in what we count: lines, accounts, balances.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import bankfile
from django.utils.translation import gettext as _

from bank.reading.values import (
    Line,
    Statement,
    UnreadableStatementError,
    account_number,
    checked,
    cut_off,
    identifier,
    joined,
    refuse_binary,
)

_BLOCK = re.compile(rb"(?m)^(?=:20:)")
_LINE = re.compile(rb"(?m)^:61:")
_ACCOUNT = re.compile(rb"(?m)^:25[A-Z]?:")
# Both are mandatory: without them the file is cut off. A last page closes with F, others with M.
_BALANCES = (re.compile(rb"(?m)^:60[FM]:"), re.compile(rb"(?m)^:62[FM]:"))
_NUMBER = re.compile(rb"(?m)^:28C?:\s*([0-9/]+)")
_CODE = re.compile(
    r"/(TRTP|IBAN|BIC|NAME|REMI|EREF|MARF|CSID|ORDP|BENM|RTRN|ADDR|ISDT|PREF|ULTD|ULTB|PURP|TRCD)/"
)


def is_mt940(content: bytes) -> bool:
    """Return whether a file looks like MT940."""
    return bool(_ACCOUNT.search(content) and re.search(rb"(?m)^:6[02][FM]?:", content))


def read_mt940(content: bytes) -> list[Statement]:
    """Return the statements of a file, one per block.

    Raises:
        UnreadableStatementError: a block has no opening or closing balance, names no account or
            several, a line of it cannot be read, or it does not add up.
    """
    refuse_binary(content)
    content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    blocks = [each for each in _BLOCK.split(content) if _ACCOUNT.search(each)]
    return [_statement(each) for each in blocks or [content]]


def _statement(block: bytes) -> Statement:
    if not all(each.search(block) for each in _BALANCES):
        raise UnreadableStatementError(cut_off())
    found = bankfile.parse_bytes(block)
    if len(_ACCOUNT.findall(block)) != 1 or not found.account:
        raise UnreadableStatementError(_("A statement in this file does not name one account."))
    if len(_LINE.findall(block)) != len(found.transactions):
        raise UnreadableStatementError(
            _("Some lines of the statement of account %(account)s cannot be read.")
            % {"account": found.account}
        )
    booked = [each for each in found.transactions if not _is_expected(each)]
    number = _NUMBER.search(block)
    return checked(
        Statement(
            account=account_number(found.account),
            currency=found.currency or "",
            lines=[_line(each) for each in booked],
            number=number[1].decode() if number else "",
            opening=found.opening_balance,
            closing=found.closing_balance,
            not_booked=len(found.transactions) - len(booked),
        )
    )


def _is_expected(entry: bankfile.Transaction) -> bool:
    """Return whether a movement is only expected: the marks EC and ED."""
    return str(entry.raw.get("status")).upper().startswith("E")


def _line(entry: bankfile.Transaction) -> Line:
    raw = entry.raw
    codes = dict(_codes(entry.purpose or ""))
    return Line(
        # The library calls the day of value `date`.
        booked_on=entry.booking_date or entry.date,
        amount=entry.amount,
        valued_on=entry.date,
        name=entry.counterparty_name or codes.get("NAME", ""),
        account=account_number(entry.counterparty_account or codes.get("IBAN")),
        text=codes.get("REMI") or joined((entry.purpose or "").splitlines()),
        end_to_end_id=identifier(raw.get("end_to_end_reference") or codes.get("EREF")),
        bank_reference=identifier(entry.bank_reference),
        mandate=identifier(raw.get("additional_position_reference") or codes.get("MARF")),
        is_reversal=str(raw.get("status")).upper().startswith("R"),
        reason=identifier(raw.get("return_debit_notes") or codes.get("RTRN")),
    )


def _codes(text: str) -> Iterator[tuple[str, str]]:
    """Yield the fields of a text such as /EREF/123/NAME/Muster/REMI/invoice 5."""
    parts: Sequence[str] = _CODE.split(joined(text.splitlines(), full=(65,)))
    for code, value in zip(parts[1::2], parts[2::2], strict=True):
        yield code, value.strip(" /")
