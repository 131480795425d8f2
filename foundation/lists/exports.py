"""Export rows as CSV or XLSX, in memory that does not grow with their number.

CSV is sent while rows are read. XLSX is first written to the system's temporary folder, so that a
failure shows an error page instead of sending a broken file. Column names are not translated.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from tempfile import TemporaryDirectory, TemporaryFile
from types import TracebackType
from typing import TYPE_CHECKING, Self

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse

from foundation.statement_limits import allow_export

if TYPE_CHECKING:
    import xlsxwriter

EXPORT_KINDS = ("csv", "xlsx")
# Rows read from the database at a time.
ROWS_A_FETCH = 2_000
# The limit of the XLSX format.
MAX_ROWS_A_SHEET = 1_048_576
# A column is as wide as its widest cell among the first rows, up to MAX_WIDTH characters.
ROWS_MEASURED = 100
MAX_WIDTH = 50
_PART_BYTES = 500_000

# Also after characters that some spreadsheets take for the end of a cell or line.
_FORMULA = re.compile(r"(?:^|(?<=[\t\r\n;|]))(?=[=+\-@\t\r\n＝＋－＠])")  # noqa: RUF001 (full width)
_GUARD = re.compile(r"(?:^|(?<=[\t\r\n;|]))'(?=[=+\-@\t\r\n＝＋－＠])")  # noqa: RUF001 (full width)
# Text that text_cell does not change and that needs no quotes in CSV.
_PLAIN = re.compile(r'(?![=+\-@＝＋－＠])[^,"\t\r\n;|]*+')  # noqa: RUF001 (full width)
_PLAIN_PAIR = re.compile(f"{_PLAIN.pattern},{_PLAIN.pattern}")
_PLAIN_PAIRS = re.compile(f"(?:{_PLAIN_PAIR.pattern}\n)*+")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class Month(date):
    """The month that begins on this date."""

    def isoformat(self) -> str:
        """Return the month as 2026-10."""
        return f"{self:%Y-%m}"


# A Decimal is written with all its decimal places. XLSX does not have time zones, so a datetime is
# written there as its local time.
Cell = str | int | bool | Decimal | date | datetime | None


def text_cell(text: str) -> str:
    """Return text that a spreadsheet does not take for a formula when it opens the CSV.

    Put an apostrophe before every character that could start a formula (OWASP, "CSV Injection").
    """
    return _FORMULA.sub("'", text)


def without_guard(text: str) -> str:
    """Return what `text_cell` made a text of."""
    return _GUARD.sub("", text)


def csv_cell(text: str) -> str:
    """Return a CSV cell, guarded by `text_cell` and quoted if necessary."""
    if _PLAIN.fullmatch(text):
        return text
    line: str = csv.writer(_Echo()).writerow([text_cell(text)])
    return line.removesuffix("\r\n")


def csv_pairs(pairs: Collection[tuple[str, str]]) -> list[str]:
    """Return each pair of cells as `csv_cell` writes them, in half the time if all are plain."""
    joined = list(map(",".join, pairs))
    text = "\n".join((*joined, ""))
    if _PLAIN_PAIRS.fullmatch(text) and text.count("\n") == len(joined):
        return joined
    return [
        line if _PLAIN_PAIR.fullmatch(line) else f"{csv_cell(first)},{csv_cell(second)}"
        for line, (first, second) in zip(joined, pairs, strict=True)
    ]


def trimmed(price: Decimal, digits: int) -> Decimal:
    """Return a price with at least `digits` decimals and no trailing zeros beyond them."""
    whole = price.quantize(Decimal(1).scaleb(-digits))
    return whole if whole == price else price.normalize()


def export_response(
    kind: str, name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, sheet: str = ""
) -> HttpResponseBase:
    """Return a response with rows as a file of one of `EXPORT_KINDS`; `name` has no extension.

    `sheet` is the title of the sheet in XLSX, which has up to 31 characters; otherwise `name` is.
    """
    if kind == "csv":
        return csv_response(name, columns, rows)
    with XlsxFile() as file:
        file.add_sheet(sheet or name[:1].upper() + name[1:], columns).write_all(rows)
    return file.response(name)


def refused_export(text: str) -> HttpResponse:
    """Return the answer to a request for a file that cannot be made; `text` says why."""
    return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")


# --- CSV ---------------------------------------------------------------------------------------


def csv_response(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> StreamingHttpResponse:
    """Return a response that sends each row as CSV as soon as it is read.

    The first row is read before, so that a query which takes too long shows an error page.
    """
    allow_export()
    lines = csv_lines(columns, rows)
    begin = list(islice(lines, 2))
    return csv_stream(name, chain(begin, lines))


def csv_stream(name: str, parts: Iterable[str | bytes]) -> StreamingHttpResponse:
    """Return a response that sends each part of a CSV file as soon as it is ready."""
    return file_stream(f"{name}.csv", parts, "text/csv; charset=utf-8")


def file_stream(
    name: str, parts: Iterable[str | bytes], content_type: str
) -> StreamingHttpResponse:
    """Return a response that sends each part of a file as soon as it is ready.

    The first part is made before, so that a query which takes too long shows an error page.
    """
    allow_export()
    rest = iter(parts)
    begin = list(islice(rest, 1))
    response = StreamingHttpResponse(chain(begin, rest), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class _Echo:
    """A file for csv.writer whose `write` returns the line."""

    def write(self, line: str) -> str:
        return line


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield the header and the rows as lines of CSV."""
    yield csv.writer(_Echo()).writerow(columns)
    yield from csv_rows(rows)


def csv_rows(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield rows as lines of CSV."""
    line_of = csv.writer(_Echo()).writerow
    for row in rows:
        yield line_of(["" if cell is None else csv_text(cell) for cell in row])


def csv_text(cell: Cell) -> str:
    """Return the text of a cell, guarded but not quoted."""
    match cell:
        case str():
            return text_cell(cell)
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case Decimal():
            return f"{cell:f}"
        case date():
            return cell.isoformat()
    return str(cell)


# --- XLSX --------------------------------------------------------------------------------------


class XlsxFile:
    """Write an XLSX file. A context manager; the file can be sent after its block."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="export-")
        self._file = TemporaryFile()  # noqa: SIM115 (the response closes it)
        # It takes 8 MB, which a process that writes no such file does not need.
        import xlsxwriter

        self._book = xlsxwriter.Workbook(
            self._file, {"constant_memory": True, "tmpdir": self._folder.name}
        )
        self._formats: dict[str, xlsxwriter.format.Format] = {}
        self._sheets: list[XlsxSheet] = []
        self.heading = self._book.add_format({"bold": True})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            for sheet in self._sheets:
                sheet.finish()
            # Also after a failure: nothing else closes the temporary files of the sheets.
            self._book.close()
        finally:
            self._folder.cleanup()
            if kind is not None:
                self._file.close()

    def add_sheet(self, title: str, columns: Sequence[str] = ()) -> XlsxSheet:
        """Add a sheet. Write its rows in order; other sheets may be written in between."""
        sheet = XlsxSheet(self, title, columns)
        self._sheets.append(sheet)
        return sheet

    def add_worksheet(self, title: str) -> xlsxwriter.worksheet.Worksheet:
        """Add a worksheet, which holds up to `MAX_ROWS_A_SHEET` rows."""
        return self._book.add_worksheet(title)

    def number_format(self, pattern: str) -> xlsxwriter.format.Format:
        """Return the cell format that shows numbers by an XLSX pattern."""
        if pattern not in self._formats:
            self._formats[pattern] = self._book.add_format({"num_format": pattern})
        return self._formats[pattern]

    def content(self) -> Iterator[bytes]:
        """Yield the content in parts, and close the file."""
        with self._file:
            self._file.seek(0)
            while part := self._file.read(_PART_BYTES):
                yield part

    def response(self, name: str) -> FileResponse:
        """Return a response with the file; `name` has no extension."""
        self._file.seek(0)
        return FileResponse(
            self._file,
            as_attachment=True,
            filename=f"{name}.xlsx",
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )


class XlsxSheet:
    """A table on a sheet; rows that do not fit continue on another sheet."""

    def __init__(self, file: XlsxFile, title: str, columns: Sequence[str]) -> None:
        self._file = file
        self._title = title
        self._columns = columns
        self._number = 0
        self._widths: list[int] = []
        self._begin()

    def _begin(self) -> None:
        self._number += 1
        title = self._title if self._number == 1 else f"{self._title} ({self._number})"
        self._sheet = self._file.add_worksheet(title)
        self._row = 0
        if self._columns:
            self.write_heading(self._columns)
            self._sheet.freeze_panes(1, 0)

    def write_all(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows."""
        for row in rows:
            self.write(row)

    def write_heading(self, texts: Sequence[str]) -> None:
        """Write a row of headings."""
        for column, text in enumerate(texts):
            self._measure(column, text)
            self._sheet.write_string(self._row, column, text, self._file.heading)
        self._row += 1

    def write(self, cells: Sequence[Cell]) -> None:
        """Write a row."""
        if self._row == MAX_ROWS_A_SHEET:
            self.finish()
            self._begin()
        for column, cell in enumerate(cells):
            self._write_cell(column, cell)
            if self._row < ROWS_MEASURED:
                self._measure(column, csv_text(cell))
        self._row += 1

    def _write_cell(self, column: int, cell: Cell) -> None:
        sheet, row, number_format = self._sheet, self._row, self._file.number_format
        match cell:
            case "":
                pass
            case str():
                sheet.write_string(row, column, _xlsx_text(cell))
            case bool():
                sheet.write_boolean(row, column, cell)
            case int():
                sheet.write_number(row, column, cell, number_format("#,##0"))
            case Decimal():
                shown = number_format(_decimal_pattern(cell))
                # An XLSX cell holds a float, which keeps up to 15 digits exactly.
                sheet.write_number(row, column, float(cell), shown)
            case datetime():
                local = cell.replace(tzinfo=None)
                sheet.write_datetime(row, column, local, number_format("yyyy-mm-dd hh:mm:ss"))
            case date():
                pattern = "yyyy-mm" if isinstance(cell, Month) else "yyyy-mm-dd"
                midnight = datetime(cell.year, cell.month, cell.day)
                sheet.write_datetime(row, column, midnight, number_format(pattern))

    def _measure(self, column: int, text: str) -> None:
        if column == len(self._widths):
            self._widths.append(0)
        self._widths[column] = max(self._widths[column], min(len(text) + 2, MAX_WIDTH))

    def finish(self) -> None:
        """Set the column widths and the filter, which depend on all rows."""
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, width)
        if self._columns:
            self._sheet.autofilter(0, 0, self._row - 1, len(self._columns) - 1)


def _xlsx_text(text: str) -> str:
    """Return text that XLSX can hold. XlsxWriter itself truncates it to 32,767 characters."""
    text = _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    # XlsxWriter would take this for formatted text and not escape it.
    return f"{text} " if text.startswith("<r>") else text


def _decimal_pattern(amount: Decimal) -> str:
    exponent = amount.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    return "#,##0." + "0" * places if places > 0 else "#,##0"
