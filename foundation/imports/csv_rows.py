"""Read the rows of CSV files, whatever they contain."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from itertools import chain, count

from django.utils.translation import gettext as _

from foundation.imports.encodings import Encoding
from foundation.imports.report import Progress, Stage
from foundation.imports.rows import LinesFile, Row, UnreadableFileError

# No valid record is this long; the limit keeps a file without line ends out of memory.
MAX_LINE_BYTES = 65_536
SEPARATORS = ",;\t"
_LINES_A_STEP = 1_000
_QUOTED = re.compile(r'"[^"]*"?')
# Excel writes it before a table, and reads it, but does not show it.
_NAMED_SEPARATOR = re.compile(r"\s*\"?sep=([,;\t])\"?[,;]*\s*", re.IGNORECASE)


class CsvRows:
    """The rows of a CSV file that continues after the line `first`.

    The first line with text tells whether commas, semicolons or tabs separate the columns.
    """

    def __init__(
        self, first: bytes, file: LinesFile, *, encoding: Encoding, progress: Progress
    ) -> None:
        self._first = first
        self._file = file
        self._encoding = encoding
        self._progress = progress
        # What is wrong with the text of the current record, by line, and the text itself.
        self._faults: dict[int, str] = {}
        self._raw: list[str] = []
        self.separator = ","
        self.mark = codecs.BOM_UTF8 if first.startswith(codecs.BOM_UTF8) else b""

    def __iter__(self) -> Iterator[Row]:
        """Yield each record, also those without text.

        Raises:
            UnreadableFileError: a line is too long, or the file is in another encoding.
        """
        texts = self._texts()
        begun: list[str] = []
        for text in texts:
            begun.append(text)
            if text.strip():
                break
        self.separator = _separator(begun)
        reader = csv.reader(chain(begun, texts), strict=True, delimiter=self.separator)
        while True:
            number = reader.line_num + 1
            if number > 1:
                self._raw.clear()
            try:
                fields, fault = next(reader), ""
            except StopIteration:
                return
            except csv.Error as error:
                fields, fault = ["".join(self._raw).rstrip("\r\n")], _broken(error)
            if self._faults:
                fault = fault or self._faults.popitem()[1]
                self._faults.clear()
            yield Row(number, fields, fault)

    def _texts(self) -> Iterator[str]:
        read = 0
        for number in count(1):
            raw = self._first if number == 1 else self._file.readline(MAX_LINE_BYTES + 1)
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
                        "The line is longer than %(bytes)s bytes. Check that you chose the right "
                        "file."
                    )
                    % {"bytes": MAX_LINE_BYTES},
                )
            text = self._decode(number, self._without_mark(raw) if number == 1 else raw)
            self._raw.append(text)
            yield text

    def _without_mark(self, raw: bytes) -> bytes:
        if raw.startswith(codecs.BOM_UTF8) and self._encoding != Encoding.UTF_8:
            raise UnreadableFileError(
                1,
                _("The file is in UTF-8, but you chose %(encoding)s. Choose UTF-8.")
                % {"encoding": self._encoding.label},
            )
        return raw.removeprefix(codecs.BOM_UTF8)

    def _decode(self, number: int, raw: bytes) -> str:
        if b"\0" in raw:
            self._faults[number] = _("The line contains a NUL character. Remove it.")
        try:
            return raw.decode(self._encoding)
        except UnicodeDecodeError:
            self._faults[number] = _(
                "The line is not valid %(encoding)s. Choose the encoding in which the file was "
                "saved, or save it as CSV in UTF-8."
            ) % {"encoding": self._encoding.label}
            return raw.decode(self._encoding, errors="replace")


def _separator(begun: list[str]) -> str:
    """Return what separates the columns; blank a last line that only names it."""
    if not begun:
        return ","
    if named := _NAMED_SEPARATOR.fullmatch(begun[-1]):
        begun[-1] = "\n"
        return named[1]
    unquoted = _QUOTED.sub("", begun[-1])
    return max(SEPARATORS, key=unquoted.count)


def _broken(error: csv.Error) -> str:
    if "new-line" in str(error):
        return _("The line contains a stray carriage return. End lines with LF or CR LF.")
    return _(
        "The quotation marks do not match. Close those opened in this line, and "
        "double any inside quoted text."
    )
