"""Read the records of CSV and XLSX files, whatever they contain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.imports.csv_rows import MAX_LINE_BYTES, CsvRows
from foundation.imports.encodings import Encoding
from foundation.imports.report import Progress, WrongLines
from foundation.imports.rows import LinesFile, Row, UnreadableFileError
from foundation.imports.xlsx_rows import SIGNATURE, XlsxRows

__all__ = ["LinesFile", "RecordReader", "UnreadableFileError"]

# How many characters of unknown column names are shown.
_MOST_SHOWN = 200


class RecordReader:
    """Read a file whose header has `columns`; add unreadable records to `wrong`.

    A file that begins as an XLSX file is read as one; any other as CSV in `encoding`.
    Records without any text, such as `,,,,`, are skipped, also before the header: spreadsheets
    write them around a table. So are columns to the right of it without a name or any text.
    `read` counts all other records read so far, including wrong ones but not the header.
    """

    def __init__(
        self,
        file: LinesFile,
        *,
        columns: Sequence[str],
        wrong: WrongLines,
        progress: Progress,
        encoding: Encoding = Encoding.UTF_8,
    ) -> None:
        self.read = 0
        self._file = file
        self._columns = columns
        self._wrong = wrong
        self._progress = progress
        self._encoding = encoding
        self._width = 0

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each record's first line number, and its trimmed fields in the order of `columns`.

        Raises:
            UnreadableFileError: the file is empty or damaged, its header is wrong, or a line is
                too long.
        """
        rows = iter(self._rows())
        positions = self._header(rows)
        for number, fields, fault in rows:
            if not fault and not any(map(str.strip, fields)):
                continue
            self.read += 1
            if reason := fault or self._unusable(fields):
                self._wrong.add(number, reason)
            else:
                yield number, [fields[position].strip() for position in positions]

    def _rows(self) -> CsvRows | XlsxRows:
        first = self._file.readline(MAX_LINE_BYTES + 1)
        if first.startswith(SIGNATURE):
            return XlsxRows(first, self._file, progress=self._progress)
        return CsvRows(first, self._file, encoding=self._encoding, progress=self._progress)

    def _unusable(self, fields: list[str]) -> str:
        """Return why a record cannot be split into its fields, or an empty string.

        A missing or additional separator would shift the fields after it.
        """
        named = len(self._columns)
        if len(fields) == self._width and not any(map(str.strip, fields[named:])):
            return ""
        return _wrong_width(len(fields), named)

    def _header(self, rows: Iterator[Row]) -> list[int]:
        """Read the header and return the position of each column in a record."""
        for number, fields, fault in rows:
            if fault:
                raise UnreadableFileError(number, fault)
            names = [name.strip().lower() for name in fields]
            if any(names):
                break
        else:
            raise UnreadableFileError(
                1,
                _("The file is empty. Its first line must name the columns %(columns)s.")
                % {"columns": ",".join(self._columns)},
            )
        self._width = len(names)
        while not names[-1]:
            names.pop()
        if reason := _wrong_header(names, self._columns):
            raise UnreadableFileError(number, reason)
        return [names.index(column) for column in self._columns]


def _wrong_header(names: list[str], columns: Sequence[str]) -> str:
    missing = [name for name in columns if name not in names]
    unknown = [name for name in names if name not in columns]
    twice = sorted({name for name in names if name in columns and names.count(name) > 1})
    problems = []
    if missing:
        problems.append(_("missing: %(names)s") % {"names": ", ".join(missing)})
    if unknown:
        problems.append(_("unknown: %(names)s") % {"names": ", ".join(unknown)[:_MOST_SHOWN]})
    if twice:
        problems.append(_("duplicate: %(names)s") % {"names": ", ".join(twice)})
    if not problems:
        return ""
    return _(
        "The first line must name the columns %(columns)s, separated by commas, semicolons or "
        "tabs (%(problems)s)."
    ) % {"columns": ",".join(columns), "problems": "; ".join(problems)}


def _wrong_width(width: int, expected: int) -> str:
    return ngettext(
        "The line has %(width)s column, but the header has %(expected)s. Check what separates "
        "them, and put any text that contains a separator in quotation marks.",
        "The line has %(width)s columns, but the header has %(expected)s. Check what separates "
        "them, and put any text that contains a separator in quotation marks.",
        width,
    ) % {"width": width, "expected": expected}
