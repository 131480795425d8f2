"""Read the rows of the first worksheet of an XLSX file."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _

from foundation.imports.report import Progress, Stage
from foundation.imports.rows import LinesFile, Row, UnreadableFileError

# The first bytes of a ZIP archive. No CSV file of ours begins with them.
SIGNATURE = b"PK\x03\x04"
# A million cells take about 40 MB. A small file can unpack to any size.
MAX_UNPACKED_BYTES = 200_000_000
# The styles and the list of worksheets are held in memory, and so are texts.
MAX_OTHER_BYTES = 5_000_000
MAX_TEXT_BYTES = 50_000_000
# More columns are not read, so that one cell far to the right costs nothing.
MAX_COLUMNS = 200
_CHUNK_BYTES = 65_536
_ROWS_A_STEP = 1_000
# As many digits as Excel shows and stores: 0.1 + 0.2 is 0.3.
_DIGITS = ".15g"


class XlsxRows:
    """The rows of an XLSX file that continues after the bytes `first`, as a CSV file has them."""

    def __init__(self, first: bytes, file: LinesFile, *, progress: Progress) -> None:
        self._first = first
        self._file = file
        self._progress = progress

    def __iter__(self) -> Iterator[Row]:
        """Yield each row, also those without text.

        Raises:
            UnreadableFileError: the file is damaged, protected by a password, or unpacks to more
                than can be read.
        """
        with TemporaryFile() as copy:
            self._copy_to(copy)
            try:
                _check_size(copy)
                yield from self._rows(copy)
            # openpyxl raises any of these for damaged parts, and SyntaxError for damaged XML.
            except (BadZipFile, KeyError, ValueError, TypeError, SyntaxError, EOFError) as error:
                raise UnreadableFileError(
                    0,
                    _(
                        "The XLSX file cannot be read. Open it in a spreadsheet program and save "
                        "it again."
                    ),
                ) from error

    def _copy_to(self, copy: IO[bytes]) -> None:
        """Copy the file: its directory is at its end, and it may come from a pipe."""
        chunk = self._first
        while chunk:
            copy.write(chunk)
            self._progress(Stage.READING, len(chunk), None)
            chunk = self._file.readline(_CHUNK_BYTES)

    def _rows(self, copy: IO[bytes]) -> Iterator[Row]:
        # It takes 11 MB, which a process that reads no such file does not need.
        from openpyxl import load_workbook

        book = load_workbook(copy, read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0] if book.worksheets else None
            if sheet is None:
                return
            # What programs write as the used part of a sheet may be wrong.
            sheet.reset_dimensions()
            rows = sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)
            width = 0
            for number, cells in enumerate(rows, 1):
                fields = [*map(_text, cells)]
                while fields and not fields[-1].strip():
                    fields.pop()
                # A row ends with its last cell that was ever filled.
                width = width or len(fields)
                fields += [""] * (width - len(fields))
                if number % _ROWS_A_STEP == 0:
                    # The file has been counted already; this notices that it was discarded.
                    self._progress(Stage.READING, 0, None)
                yield Row(number, fields)
        finally:
            book.close()


def _check_size(copy: IO[bytes]) -> None:
    """Refuse what unpacks to too much; no more than the sizes stated is unpacked."""
    with ZipFile(copy) as archive:
        parts = [each for each in archive.infolist() if each.filename.endswith((".xml", ".rels"))]
    others = 0
    for part in parts:
        if part.filename.startswith("xl/worksheets/"):
            most = MAX_UNPACKED_BYTES
        elif part.filename.endswith("sharedStrings.xml"):
            most = MAX_TEXT_BYTES
        else:
            others += part.file_size
            most = MAX_OTHER_BYTES
        if part.file_size > most or others > MAX_OTHER_BYTES:
            raise UnreadableFileError(
                0, _("The XLSX file contains too much. Split it, or save it as CSV.")
            )


def _text(value: Any) -> str:
    """Return a cell as text: numbers with a decimal point, dates as 2026-11-02."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(format(value, _DIGITS)), "f")
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    return str(value)
