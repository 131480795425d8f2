"""Freeze the charges of a statement for invoices: a compressed usages.csv for each currency."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain

from isal import isal_zlib

from rating.agreement.bills import Bill
from rating.line_sums import LineSum, LineSums
from rating.periods import Calendar
from rating.pricing import Piece
from usage.statements.charge_rows import CHARGE_COLUMNS, EXPORT_COLUMNS
from usage.statements.statement import Names, Statement, named_pieces_of_all
from usage.statements.usages_csv import ChargeLines, heading_of, section_text

# The fastest level that does not increase the size.
LEVEL = 1
# The zlib window size that writes the header and trailer of a .gz file.
GZIP = 31
# The least that is compressed at a time.
PART_BYTES = 16_384


@dataclass(frozen=True, slots=True)
class ChargesFile:
    """The charges of one currency: a .gz file of `size` bytes of CSV, whose SHA-256 is `sha256`.

    The last lines are those that are not for cameras. `sums` are the sums of the charges of cameras
    for the lines of an invoice. With terms, `bill` is what is owed in the currency.
    """

    content: bytes
    size: int
    sha256: str
    sums: list[LineSum]
    bill: Bill | None = None

    @property
    def count(self) -> int:
        """The number of charges of cameras."""
        return sum(each.charges for each in self.sums)


class PackedCharges:
    """Write and compress a file of charges, beginning with the heading of its columns."""

    def __init__(self, columns: Sequence[str] = EXPORT_COLUMNS) -> None:
        self._sha256, self._size = hashlib.sha256(), 0
        self._compressor = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, GZIP)
        self._parts: list[bytes] = []
        # What is short is compressed together: isal doubles a small file whose first part is short.
        self._waiting = heading_of(columns)

    def write(self, text: bytes) -> None:
        """Append lines."""
        self._waiting += text
        if len(self._waiting) >= PART_BYTES:
            self._pack()

    def _pack(self) -> None:
        text, self._waiting = self._waiting, b""
        self._size += len(text)
        self._sha256.update(text)
        self._parts.append(self._compressor.compress(text))

    def finish(self, sums: list[LineSum], bill: Bill | None = None) -> ChargesFile:
        """Finish the file of charges with these sums, and the bill that they are on."""
        self._pack()
        content = b"".join((*self._parts, self._compressor.flush()))
        return ChargesFile(content, self._size, self._sha256.hexdigest(), sums, bill)


def freeze(statement: Statement) -> dict[str, ChargesFile]:
    """Read a statement once; return its frozen charges by currency code."""
    (frozen,) = freeze_all([statement])
    return frozen


def freeze_all(statements: Sequence[Statement]) -> list[dict[str, ChargesFile]]:
    """Do the same for statements of different organizations, with one query for all of them."""
    found: dict[int, dict[str, ChargesFile]] = {}
    lines_of: dict[tuple[Calendar, bool], ChargeLines] = {}
    without_usage = ((each, ()) for each in statements if each.has_terms)
    for statement, batches in chain(named_pieces_of_all(statements), without_usage):
        if statement.organization.pk in found:
            continue
        key = statement.schedule.calendar, statement.has_terms
        lines = lines_of.get(key)
        if lines is None:
            lines = lines_of[key] = ChargeLines(statement, apart=True)
        found[statement.organization.pk] = _frozen(statement, batches, lines)
    return [found.get(each.organization.pk, {}) for each in statements]


def _frozen(
    statement: Statement, batches: Iterable[tuple[list[Piece], Names]], lines: ChargeLines
) -> dict[str, ChargesFile]:
    columns = EXPORT_COLUMNS if statement.has_terms else CHARGE_COLUMNS
    sums, files = LineSums(), defaultdict[str, PackedCharges](partial(PackedCharges, columns))
    for pieces, names in batches:
        sums.add_all(pieces)
        for currency, text in lines.texts(statement, pieces, names).items():
            files[currency].write(text)
    bills = statement.bills(sums.values()) if statement.has_terms else ()
    for bill in bills:
        files[bill.currency].write(section_text(statement, [bill], EXPORT_COLUMNS))
    by_currency, bill_in = sums.by_currency(), {bill.currency: bill for bill in bills}
    return {
        currency: file.finish(by_currency.get(currency, []), bill_in.get(currency))
        for currency, file in sorted(files.items())
    }


@cache
def no_charges() -> ChargesFile:
    """Return the file of an invoice without usage: the heading."""
    return PackedCharges().finish([])


def opened(content: bytes) -> gzip.GzipFile:
    """Return frozen charges as a CSV file that is decompressed while it is read."""
    return gzip.GzipFile(fileobj=io.BytesIO(content))


def lines_of(content: bytes) -> Iterator[list[str]]:
    """Yield the cells of each frozen charge, in the order of `EXPORT_COLUMNS`; skip the heading."""
    with io.TextIOWrapper(opened(content), encoding="utf-8", newline="") as text:
        rows = csv.reader(text)
        next(rows)
        yield from rows
