"""A statement's charges as an invoice keeps them: usages.csv of one currency, compressed."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from isal import isal_zlib

from usage.charge_lines import HEADING, ChargeLines
from usage.line_sums import LineSum, LineSums
from usage.pricing import Piece
from usage.statements import Statement

# The quickest that is no larger for it.
LEVEL = 1
# Of zlib: with the header and trailer of a .gz file.
GZIP = 31


@dataclass(frozen=True, slots=True)
class Frozen:
    """The charges of one currency: a .gz file of `size` bytes of CSV, whose SHA-256 is `sha256`.

    `sums` are what an invoice's lines state of them.
    """

    content: bytes
    size: int
    sha256: str
    sums: list[LineSum]

    @property
    def count(self) -> int:
        """How many charges there are."""
        return sum(each.charges for each in self.sums)


class _File:
    """A file in the making."""

    def __init__(self) -> None:
        self._sums, self._sha256, self._size = LineSums(), hashlib.sha256(), 0
        self._compressor = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, GZIP)
        self._parts: list[bytes] = []
        self._write(HEADING)

    def _write(self, text: bytes) -> None:
        self._size += len(text)
        self._sha256.update(text)
        self._parts.append(self._compressor.compress(text))

    def add(self, pieces: list[Piece], text: bytes) -> None:
        """Add charges and their lines."""
        self._sums.add_all(pieces)
        self._write(text)

    def frozen(self) -> Frozen:
        """Finish it."""
        content = b"".join((*self._parts, self._compressor.flush()))
        return Frozen(content, self._size, self._sha256.hexdigest(), self._sums.lines())


def freeze(statement: Statement) -> dict[str, Frozen]:
    """Read a statement once; return its charges frozen, by currency."""
    lines, files = ChargeLines(statement), defaultdict[str, _File](_File)
    for pieces, names in statement.named_pieces():
        by_currency = defaultdict[str, list[Piece]](list)
        for piece in pieces:
            by_currency[piece[1].currency].append(piece)
        for currency, of_currency in by_currency.items():
            files[currency].add(of_currency, lines.text(of_currency, names))
    return {currency: file.frozen() for currency, file in sorted(files.items())}


def opened(content: bytes) -> gzip.GzipFile:
    """Return frozen charges as a file of CSV, to be read as it is decompressed."""
    return gzip.GzipFile(fileobj=io.BytesIO(content))


def lines_of(content: bytes) -> Iterator[list[str]]:
    """Yield the cells of frozen charges, under `EXPORT_COLUMNS`, without the heading."""
    with io.TextIOWrapper(opened(content), encoding="utf-8", newline="") as text:
        rows = csv.reader(text)
        next(rows)
        yield from rows
