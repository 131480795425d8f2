"""Read the records of CSV files, whatever they contain."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.imports.report import Progress, Stage, WrongLines

# No valid record is this long; the limit keeps a file without line ends out of memory.
MAX_LINE_BYTES = 65_536
_LINES_A_STEP = 1_000
# How many characters of unknown column names are shown.
_MOST_SHOWN = 200


class UnreadableFileError(Exception):
    """The file cannot be read from `line` on, for `reason`."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


class LinesFile(Protocol):
    """What is read of a file."""

    def readline(self, size: int = -1, /) -> bytes:
        """Return the next line, or at most `size` bytes of it."""


class RecordReader:
    """Read a CSV file in UTF-8 whose header has `columns`; add unreadable records to `wrong`.

    Records without any text, such as `,,,,`, are skipped, also before the header: spreadsheets
    write them around a table.
    `read` counts all other records read so far, including wrong ones but not the header.
    """

    def __init__(
        self, file: LinesFile, *, columns: Sequence[str], wrong: WrongLines, progress: Progress
    ) -> None:
        self.read = 0
        self._file = file
        self._columns = columns
        self._wrong = wrong
        self._progress = progress
        # What is wrong with the text of the current record, by line.
        self._faults: dict[int, str] = {}

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each record's first line number, and its trimmed fields in the order of `columns`.

        Raises:
            UnreadableFileError: the file is empty, its header is wrong, or a line is too long.
        """
        reader = csv.reader(self._texts(), strict=True)
        positions = self._header(reader)
        while True:
            number = reader.line_num + 1
            try:
                record = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self.read += 1
                self._faults.clear()
                self._wrong.add(number, _broken(error))
                continue
            if not any(map(str.strip, record)):
                continue
            self.read += 1
            if reason := self._unusable(record):
                self._wrong.add(number, reason)
            else:
                yield number, [record[position].strip() for position in positions]

    def _texts(self) -> Iterator[str]:
        read = 0
        for number in count(1):
            raw = self._file.readline(MAX_LINE_BYTES + 1)
            read += len(raw)
            if not raw or number % _LINES_A_STEP == 0:
                self._progress(Stage.READING, read, None)
                read = 0
            if not raw:
                return
            if len(raw) > MAX_LINE_BYTES:
                raise UnreadableFileError(
                    number,
                    _(
                        "The line is longer than %(bytes)s bytes. Check that you chose the "
                        "right CSV file."
                    )
                    % {"bytes": MAX_LINE_BYTES},
                )
            if number == 1:
                raw = raw.removeprefix(codecs.BOM_UTF8)
            yield self._decode(number, raw)

    def _decode(self, number: int, raw: bytes) -> str:
        if b"\0" in raw:
            self._faults[number] = _("The line contains a NUL character. Remove it.")
        try:
            return raw.decode()
        except UnicodeDecodeError:
            self._faults[number] = _("The line is not valid UTF-8. Save the file as CSV in UTF-8.")
            return raw.decode(errors="replace")

    def _header(self, reader: Any) -> list[int]:
        """Read the header and return the position of each column in a record."""
        try:
            number = 1
            names: list[str] = []
            while not any(names):
                number = reader.line_num + 1
                names = [name.strip().lower() for name in next(reader)]
        except StopIteration:
            raise UnreadableFileError(
                1,
                _("The file is empty. Its first line must name the columns %(columns)s.")
                % {"columns": ",".join(self._columns)},
            ) from None
        except csv.Error as error:
            raise UnreadableFileError(number, _broken(error)) from None
        if self._faults:
            raise UnreadableFileError(*self._faults.popitem())
        if reason := _wrong_header(names, self._columns):
            raise UnreadableFileError(number, reason)
        return [names.index(column) for column in self._columns]

    def _unusable(self, record: list[str]) -> str:
        """Return why a record cannot be split into its fields, or an empty string."""
        if self._faults:
            reason = self._faults.popitem()[1]
            self._faults.clear()
            return reason
        if len(record) == len(self._columns):
            return ""
        return _wrong_width(len(record), len(self._columns))


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
        "The first line must name the columns %(columns)s, separated by commas (%(problems)s)."
    ) % {"columns": ",".join(columns), "problems": "; ".join(problems)}


def _wrong_width(width: int, expected: int) -> str:
    return ngettext(
        "The line has %(width)s column, but the header has %(expected)s. Check the "
        "commas, and put any text that contains a comma in quotation marks.",
        "The line has %(width)s columns, but the header has %(expected)s. Check "
        "the commas, and put any text that contains a comma in quotation marks.",
        width,
    ) % {"width": width, "expected": expected}


def _broken(error: csv.Error) -> str:
    if "new-line" in str(error):
        return _("The line contains a stray carriage return. End lines with LF or CR LF.")
    return _(
        "The quotation marks do not match. Close those opened in this line, and "
        "double any inside quoted text."
    )
