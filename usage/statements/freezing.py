"""Freeze the charges of a statement for invoices: a compressed usages.csv for each currency."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from isal import isal_zlib

from rating.line_sums import LineSum, LineSums
from usage.statements.statement import Statement
from usage.statements.usages_csv import HEADING, ChargeLines

# The fastest level that does not increase the size.
LEVEL = 1
# The zlib window size that writes the header and trailer of a .gz file.
GZIP = 31


@dataclass(frozen=True, slots=True)
class ChargesFile:
    """The charges of one currency: a .gz file of `size` bytes of CSV, whose SHA-256 is `sha256`.

    `sums` are the sums for the lines of an invoice.
    """

    content: bytes
    size: int
    sha256: str
    sums: list[LineSum]

    @property
    def count(self) -> int:
        """The number of charges."""
        return sum(each.charges for each in self.sums)


class PackedCharges:
    """Write and compress a file of charges, beginning with its heading."""

    def __init__(self) -> None:
        self._sha256, self._size = hashlib.sha256(), 0
        self._compressor = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, GZIP)
        self._parts: list[bytes] = []
        self.write(HEADING)

    def write(self, text: bytes) -> None:
        """Append lines."""
        self._size += len(text)
        self._sha256.update(text)
        self._parts.append(self._compressor.compress(text))

    def finish(self, sums: list[LineSum]) -> ChargesFile:
        """Finish the file of charges with these sums."""
        content = b"".join((*self._parts, self._compressor.flush()))
        return ChargesFile(content, self._size, self._sha256.hexdigest(), sums)


def freeze(statement: Statement) -> dict[str, ChargesFile]:
    """Read a statement once; return its frozen charges by currency code."""
    lines, sums = ChargeLines(statement, apart=True), LineSums()
    files = defaultdict[str, PackedCharges](PackedCharges)
    for pieces, names in statement.named_pieces():
        sums.add_all(pieces)
        for currency, text in lines.texts(pieces, names).items():
            files[currency].write(text)
    return {
        currency: files[currency].finish(of_currency)
        for currency, of_currency in sorted(sums.by_currency().items())
    }


def opened(content: bytes) -> gzip.GzipFile:
    """Return frozen charges as a CSV file that is decompressed while it is read."""
    return gzip.GzipFile(fileobj=io.BytesIO(content))


def lines_of(content: bytes) -> Iterator[list[str]]:
    """Yield the cells of each frozen charge, in the order of `EXPORT_COLUMNS`; skip the heading."""
    with io.TextIOWrapper(opened(content), encoding="utf-8", newline="") as text:
        rows = csv.reader(text)
        next(rows)
        yield from rows
