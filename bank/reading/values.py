"""What every bank file states, whatever its format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

_NOTHING = {"", "0", "-", "N/A", "NONE", "NONREF", "NOTPROVIDED", "NOT PROVIDED", "NOTAVAILABLE"}
_AMOUNT = re.compile(r"[0-9]{1,14}(?:\.[0-9]{0,4}0*)?")


class UnreadableStatementError(Exception):
    """A file that cannot be read completely. Its text tells a person why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One movement that the bank has booked.

    `amount` is positive if the account received it, in the currency of the statement; `instructed`
    is what the payer ordered, such as `100.00 USD`, if that was another currency. `name`,
    `account` and `tax_id` are the other party's. `references` are those that the payer stated as
    such, without spaces; of a sum that the account's owner collected, the ids of its order.
    `bank_reference` is the bank's for this movement, `entry_reference` that of the entry of which
    it may be one part. `is_reversal` says that the movement takes back an earlier one, and `reason`
    why, in the bank's code or words. A line `in_doubt` stands for a batch whose parts do not add up
    to its amount. What a file does not state is empty.
    """

    booked_on: date
    amount: Decimal
    valued_on: date | None = None
    name: str = ""
    account: str = ""
    tax_id: str = ""
    text: str = ""
    references: tuple[str, ...] = ()
    end_to_end_id: str = ""
    bank_reference: str = ""
    entry_reference: str = ""
    mandate: str = ""
    instructed: str = ""
    is_reversal: bool = False
    reason: str = ""
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """What a file states of one account.

    `lines` are in the order of the file. `opening` and `closing` are None if it does not state
    them. `not_booked` counts movements that the bank only expects or announces.
    """

    account: str
    currency: str
    lines: Sequence[Line]
    number: str = ""
    opening: Decimal | None = None
    closing: Decimal | None = None
    not_booked: int = 0


def cut_off() -> str:
    """Return why a file is refused that ends too early."""
    return _("The file is cut off: its end is missing. Download it from the bank again.")


def refuse_binary(content: bytes) -> None:
    """Refuse a file of text with a NUL character, which the database could not store.

    Raises:
        UnreadableStatementError: it has one.
    """
    if b"\0" in content:
        raise UnreadableStatementError(
            _("The file contains a NUL character. Download it from the bank again.")
        )


def checked(statement: Statement) -> Statement:
    """Return a statement whose lines lead from its opening to its closing balance.

    Raises:
        UnreadableStatementError: they do not, it names no account or currency, or an amount has
            more digits than `amount_of` reads.
    """
    if not statement.account:
        raise UnreadableStatementError(_("A statement in this file names no account."))
    if not re.fullmatch(r"[A-Z]{3}", statement.currency):
        raise UnreadableStatementError(
            _("The statement of account %(account)s names no currency.")
            % {"account": statement.account}
        )
    for line in statement.lines:
        amount_of(f"{abs(line.amount):f}")
    if statement.opening is None or statement.closing is None:
        return statement
    moved = sum((line.amount for line in statement.lines), Decimal(0))
    if statement.opening + moved != statement.closing:
        raise UnreadableStatementError(
            _(
                "The statement of account %(account)s does not add up: it opens with %(opening)s, "
                "its lines are %(moved)s, and it closes with %(closing)s. Get the file from the "
                "bank again; nothing was imported."
            )
            % {
                "account": statement.account,
                "opening": statement.opening,
                "moved": moved,
                "closing": statement.closing,
            }
        )
    return statement


def amount_of(text: str) -> Decimal:
    """Return an amount without sign, of at most 14 digits before the point and 4 after it.

    Raises:
        UnreadableStatementError: it is none.
    """
    if not _AMOUNT.fullmatch(text.strip()):
        raise UnreadableStatementError(_("“%(text)s” is not an amount.") % {"text": text[:40]})
    return Decimal(text.strip())


def signed_amount_of(text: str) -> Decimal:
    """Return an amount that may have a sign.

    Raises:
        UnreadableStatementError: it is none.
    """
    text = text.strip()
    sign = -1 if text.startswith("-") else 1
    return sign * amount_of(text[1:] if text[:1] in ("-", "+") else text)


def date_of(text: str) -> date:
    """Return the date in the first ten characters, as in 2026-12-01T10:00:00+03:00.

    Its time and offset mean nothing: the bank's day is the one that it wrote.

    Raises:
        UnreadableStatementError: it is none.
    """
    try:
        return plausible(date.fromisoformat(text.strip()[:10]))
    except ValueError as error:
        raise UnreadableStatementError(
            _("“%(text)s” is not a date.") % {"text": text[:40]}
        ) from error


def plausible(day: date) -> date:
    """Return a date unless it is mistyped: before 2000, or after 2199, as in no form.

    Raises:
        ValueError: it is.
    """
    if not 2000 <= day.year < 2200:
        raise ValueError(day)
    return day


def identifier(text: str | None) -> str:
    """Return a reference without surrounding space, or "" if it says that there is none."""
    text = " ".join((text or "").split())
    return "" if text.upper() in _NOTHING else text


def account_number(text: str | None) -> str:
    """Return the number of an account without the spaces in it, in capital letters."""
    return "".join((text or "").split()).upper()


def joined(parts: Sequence[str], full: Sequence[int] = (35, 140)) -> str:
    """Join the parts of a text that a format breaks when a part is `full`, even within a number.

    A part that is shorter ended where the payer ended it.
    """
    text = ""
    for part in parts:
        text += part
        if part and len(part) not in full:
            text += " "
    return " ".join(text.split())
