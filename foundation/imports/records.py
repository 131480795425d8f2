"""Read the records of CSV and XLSX files, whatever they contain."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.imports.csv_rows import MAX_LINE_BYTES, CsvRows
from foundation.imports.encodings import Encoding
from foundation.imports.report import Progress, WrongLines
from foundation.imports.rows import LinesFile, Row, UnreadableFileError
from foundation.imports.xlsx_rows import SIGNATURE, XlsxRows

__all__ = ["LinesFile", "ReadAs", "RecordReader", "UnreadableFileError"]

REASON_COLUMN = "error"
"""The column that says why a line was returned."""
# How many characters of unknown column names are shown.
_MOST_SHOWN = 200


@dataclass(frozen=True)
class ReadAs:
    """How to read a file.

    `encoding` is that of a CSV file. `headings` are what the file calls columns, by column, and the
    file's other columns mean nothing; if there are none, it has our names. Records that begin in a
    line of `left_out` are skipped.
    """

    encoding: Encoding = Encoding.UTF_8
    headings: Mapping[str, str] = field(default_factory=dict)
    left_out: Container[int] = ()


class RecordReader:
    """Read a file whose header has `columns`; add unreadable records to `wrong`.

    It may also have `optional` columns, whose fields are otherwise empty, and a column `error`,
    which says why a line was returned and means nothing here.

    A file that begins as an XLSX file is read as one; any other as CSV in the encoding chosen.
    Records without any text, such as `,,,,`, are skipped, also before the header: spreadsheets
    write them around a table. So are columns to the right of it without a name or any text.
    `read` counts all other records read so far, including wrong ones but not the header, nor those
    that are left out.
    """

    def __init__(
        self,
        file: LinesFile,
        *,
        columns: Sequence[str],
        optional: Sequence[str] = (),
        wrong: WrongLines,
        progress: Progress,
        read_as: ReadAs | None = None,
    ) -> None:
        self.read = 0
        self._file = file
        self._columns = columns
        self._optional = optional
        self._wrong = wrong
        self._progress = progress
        self._read_as = read_as or ReadAs()
        # How many fields the header has, and how many of them have a name.
        self._width = self._named = 0

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each record's first line number, and its trimmed fields.

        They are in the order of `columns`, then of `optional`.

        Raises:
            UnreadableFileError: the file is empty or damaged, its header is wrong, or a line is
                too long.
        """
        rows = iter(self._rows())
        positions = self._header(rows)
        for number, fields, fault in rows:
            if not fault and not any(map(str.strip, fields)):
                continue
            if number in self._read_as.left_out:
                continue
            self.read += 1
            if reason := fault or self._unusable(fields):
                self._wrong.add(number, reason)
            else:
                yield number, [fields[at].strip() if at >= 0 else "" for at in positions]

    def _rows(self) -> CsvRows | XlsxRows:
        return rows_of(self._file, self._read_as.encoding, self._progress)

    def _unusable(self, fields: list[str]) -> str:
        """Return why a record cannot be split into its fields, or an empty string.

        A missing or additional separator would shift the fields after it.
        """
        if len(fields) == self._width and not any(map(str.strip, fields[self._named :])):
            return ""
        return _wrong_width(len(fields), self._named)

    def _header(self, rows: Iterator[Row]) -> list[int]:
        """Read the header and return the position of each column in a record; -1 if absent."""
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
        self._named = len(names)
        headings = {column: name.lower() for column, name in self._read_as.headings.items()}
        if reason := self._wrong_header(names, headings):
            raise UnreadableFileError(number, reason)
        every = (*self._columns, *self._optional)
        # A heading that happens to be one of our names means nothing unless it was chosen.
        found = [headings.get(each) for each in every] if headings else every
        return [names.index(each) if each in names else -1 for each in found]

    def _wrong_header(self, names: list[str], headings: Mapping[str, str]) -> str:
        if not headings:
            return wrong_header(names, self._columns, self._optional)
        return wrong_header(
            [name for name in names if name in headings.values()], [*headings.values()]
        )


def rows_of(file: LinesFile, encoding: Encoding, progress: Progress) -> CsvRows | XlsxRows:
    """Return all rows of a file, also those without text."""
    first = file.readline(MAX_LINE_BYTES + 1)
    if first.startswith(SIGNATURE):
        return XlsxRows(first, file, progress=progress)
    return CsvRows(first, file, encoding=encoding, progress=progress)


def wrong_header(names: list[str], columns: Sequence[str], optional: Sequence[str] = ()) -> str:
    """Return why a file with columns of these names cannot be read, or an empty string."""
    known = {*columns, *optional, REASON_COLUMN}
    missing = [name for name in columns if name not in names]
    unknown = [name for name in names if name not in known]
    twice = sorted({name for name in names if name in known and names.count(name) > 1})
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
