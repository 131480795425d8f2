"""Read a bank's file, whichever of the formats it has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bank.reading.camt import is_camt, is_notification, read_camt
from bank.reading.mt940 import is_mt940, read_mt940
from bank.reading.ofx import is_ofx, read_ofx
from bank.reading.one_c import is_one_c, read_one_c
from bank.reading.values import Statement, UnreadableStatementError


@dataclass(frozen=True, slots=True)
class Format:
    """A format of bank files: how it is told from others, and read."""

    name: str
    looks_like_it: Callable[[bytes], bool]
    read: Callable[[bytes], list[Statement]]


FORMATS: Sequence[Format] = (
    Format("camt.054", is_notification, read_camt),
    Format("camt.053", is_camt, read_camt),
    Format("1c", is_one_c, read_one_c),
    Format("ofx", is_ofx, read_ofx),
    Format("mt940", is_mt940, read_mt940),
)


def read_file(content: bytes) -> tuple[Format, list[Statement]]:
    """Return the format of a file and its statements, all of them complete.

    Raises:
        UnreadableStatementError: it is none that can be read, or it is incomplete.
    """
    found = format_of(content)
    if found is None:
        raise UnreadableStatementError(
            _(
                "This is no bank statement that can be read: not camt.053 or camt.054, MT940, OFX "
                "or 1CClientBankExchange. If it is a CSV file, choose its account."
            )
        )
    return found, found.read(content)


def format_of(content: bytes) -> Format | None:
    """Return the format that states what it is about; None for others, such as CSV."""
    return next((each for each in FORMATS if each.looks_like_it(content)), None)
