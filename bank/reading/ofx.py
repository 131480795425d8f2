"""Read OFX, versions 1 and 2, with the library bankfile."""

from __future__ import annotations

from datetime import date, datetime

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
    plausible,
)


def is_ofx(content: bytes) -> bool:
    """Return whether a file looks like OFX."""
    start = content[:2_000].upper()
    return b"OFXHEADER" in start or b"<OFX>" in start


def read_ofx(content: bytes) -> list[Statement]:
    """Return the statement of a file.

    Raises:
        UnreadableStatementError: it is cut off, names no account or several, or a line cannot be
            read.
    """
    # OFX 1 lets values end without a tag, but not what contains others.
    if not content.rstrip().upper().endswith(b"</OFX>"):
        raise UnreadableStatementError(cut_off())
    found = bankfile.parse_bytes(content)
    # The library reads the first statement of a file only.
    if content.upper().count(b"<STMTRS>") + content.upper().count(b"<CCSTMTRS>") != 1:
        raise UnreadableStatementError(
            _("The file does not contain one statement. Download one file for each account.")
        )
    if content.upper().count(b"<STMTTRN>") != len(found.transactions):
        raise UnreadableStatementError(_("Some lines of the statement cannot be read."))
    if {each.currency for each in found.transactions} - {found.currency}:
        raise UnreadableStatementError(_("A statement in this file has several currencies."))
    return [
        checked(
            Statement(
                account=account_number(found.account),
                currency=found.currency or "",
                lines=[_line(each) for each in found.transactions],
                closing=found.closing_balance,
            )
        )
    ]


def _line(entry: bankfile.Transaction) -> Line:
    return Line(
        booked_on=_first_eight_digits(str(entry.raw.get("DTPOSTED") or "")),
        amount=entry.amount,
        valued_on=entry.booking_date,
        name=entry.counterparty_name or "",
        account=account_number(entry.counterparty_account),
        text=" ".join((entry.purpose or "").split()),
        end_to_end_id=identifier(entry.reference),
        # Banks repeat it, so it tells no two lines apart.
        bank_reference=identifier(entry.bank_reference),
        is_reversal=False,
    )


def _first_eight_digits(text: str) -> date:
    """Return the day that the bank wrote, whatever time and offset follow it."""
    try:
        return plausible(datetime.strptime(text.strip()[:8], "%Y%m%d").date())
    except ValueError as error:
        raise UnreadableStatementError(
            _("“%(text)s” is not a date.") % {"text": text[:40]}
        ) from error
