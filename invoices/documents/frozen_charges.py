"""Read the frozen charges of an invoice, or those of a correction, which can be negative."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from foundation.search.in_memory import is_found
from rating.agreement.lines import Section
from usage.statements.charge_rows import EXPORT_COLUMNS
from usage.statements.freezing import lines_of, opened

_CHUNK_BYTES = 65_536

_MISSING = dict.fromkeys(EXPORT_COLUMNS, "") | {"suspended": "0", "section": Section.USAGE.value}

Row = dict[str, str]
"""A charge, with the columns of usages.csv as keys."""


def file_name(number: str, corrects: str = "", *, kind: str = "csv") -> str:
    """Return the name of the file of a document's charges, or of those that correct an invoice."""
    name = f"{number}-corrects-{corrects}-charges" if corrects else f"{number}-charges"
    # Numbers contain only letters, digits, / and -.
    return f"{name.replace('/', '-')}.{kind}"


def text_of(content: bytes) -> Iterator[bytes]:
    """Yield the file of frozen charges in chunks."""
    with opened(content) as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def rows_of(content: bytes) -> Iterator[Row]:
    """Yield the charges of cameras of a compressed usages.csv."""
    return (row for row in every_row_of(content) if row["section"] == Section.USAGE)


def every_row_of(content: bytes) -> Iterator[Row]:
    """Yield all lines of a compressed usages.csv: charges of cameras, fees and so on.

    In files of earlier versions the last columns are missing. They have nothing but charges at the
    prices of the list, without suspensions.
    """
    for line in lines_of(content):
        yield _MISSING | dict(zip(EXPORT_COLUMNS, line, strict=False))


def found_rows(content: bytes, text: str) -> Iterator[Row]:
    """Yield the charges of cameras that have each word of `text` in their name or title."""
    for row in rows_of(content):
        if is_found(f"{row['camera']} {row['title']}", text):
            yield row


@dataclass(frozen=True, slots=True)
class FrozenCharge:
    """A frozen charge as typed values.

    Instants are in the time zone in which the charge was made. `used`, `trial`, `suspended` and
    `billable` are in days if `by_day`, else in seconds. A charge without billable time may have no
    `price`.
    """

    camera: str
    title: str
    tariff: str
    currency: str
    price: Decimal | None
    started_at: datetime
    ended_at: datetime
    used: int
    trial: int
    suspended: int
    billable: int
    by_day: bool
    amount: Decimal


def read(row: Row) -> FrozenCharge:
    """Return a charge of an invoice as typed values; only what is free can lack a price."""
    return FrozenCharge(
        row["camera"],
        row["title"],
        row["tariff"],
        row["currency"],
        Decimal(row["price"]) if row["price"] else None,
        datetime.fromisoformat(row["from"]),
        datetime.fromisoformat(row["to"]),
        int(row["used"]),
        int(row["trial"]),
        int(row["suspended"]),
        int(row["billable"]),
        row["unit"] == "day",
        Decimal(row["amount"]),
    )
