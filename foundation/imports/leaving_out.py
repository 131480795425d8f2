"""Leave lines with errors out of an import, and return them as a file."""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from io import StringIO
from typing import IO

from django.utils.translation import gettext as _

from foundation.imports.csv_rows import CsvRows
from foundation.imports.encodings import Encoding
from foundation.imports.records import REASON_COLUMN, ReadAs, rows_of
from foundation.imports.report import Report, no_progress
from foundation.imports.rows import Row
from foundation.imports.xlsx_rows import XlsxRows
from foundation.lists.exports import XlsxFile

_CHUNK_CHARACTERS = 200_000


def can_leave_out(report: Report) -> bool:
    """Return whether all lines with errors are known, and there are others."""
    return (
        0 < report.error_count < report.lines
        and len(report.errors) == report.error_count
        and not report.is_cut_short
        and all(each.line for each in report.errors)
    )


def companions(
    file: IO[bytes], column: str, read_as: ReadAs, left_out: Collection[int]
) -> dict[int, str]:
    """Return the other lines with the same text in `column` as a line that stays out, and why.

    What a line that cannot be split into columns has there is unknown: it is any text in the line.
    """
    found: dict[str, int] = {}
    unsplit: dict[int, str] = {}
    for line, text, is_split in _texts_in(file, column, read_as):
        if line in left_out and not is_split:
            unsplit[line] = text
        elif text and line in left_out:
            found.setdefault(text, line)

    @cache
    def other_with(text: str) -> int | None:
        return found.get(text) or next((line for line in unsplit if text in unsplit[line]), None)

    reason = _("This line is right, but it has the same %(column)s as line %(line)s.")
    return {
        line: reason % {"column": column, "line": other}
        for line, text, _is_split in _texts_in(file, column, read_as)
        if text and line not in left_out and (other := other_with(text))
    }


def _texts_in(file: IO[bytes], column: str, read_as: ReadAs) -> Iterator[tuple[int, str, bool]]:
    """Yield each line with its text in a column, or all its text if it cannot be split."""
    _rows, header, others = _opened(file, read_as.encoding)
    names = [name.strip().lower() for name in header.fields]
    at = names.index(read_as.headings.get(column, column).lower())
    for line, fields, fault in others:
        is_split = not fault and len(fields) == len(names)
        yield line, fields[at].strip() if is_split else "\n".join(fields), is_split


def returned(file: IO[bytes], encoding: Encoding, left_out: Mapping[int, str]) -> Iterator[bytes]:
    """Yield a file like `file` with only the lines that stay out, each with the reason.

    It is in UTF-8 if the encoding of the file lacks letters of the reasons.
    """
    rows, header, others = _opened(file, encoding)
    all_names = len(header.fields)
    names = list(header.fields)
    # The file may itself have been returned.
    while names and names[-1].strip().lower() in ("", REASON_COLUMN):
        names.pop()

    def lines() -> Iterator[list[str]]:
        yield [*names, REASON_COLUMN]
        for line, fields, _fault in others:
            if line in left_out:
                # What is too much or too little is kept as it is, for someone to correct.
                known = fields[: len(names)] if len(fields) == all_names else fields
                missing = [""] * (len(names) - len(known))
                yield [*known, *missing, left_out[line]]

    if isinstance(rows, CsvRows):
        mark = rows.mark
        if not _can_be_written("".join(left_out.values()), encoding):
            # Reasons are in the language of the person, names in that of the file.
            encoding, mark = Encoding.UTF_8, BOM_UTF8
        yield mark
        yield from _as_csv(lines(), rows.separator, encoding)
    else:
        yield from _as_xlsx(lines())


def _can_be_written(text: str, encoding: Encoding) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _as_csv(lines: Iterable[list[str]], separator: str, encoding: Encoding) -> Iterator[bytes]:
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    for line in lines:
        writer.writerow(line)
        if text.tell() > _CHUNK_CHARACTERS:
            yield text.getvalue().encode(encoding, errors="replace")
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode(encoding, errors="replace")


def _as_xlsx(lines: Iterable[list[str]]) -> Iterator[bytes]:
    with XlsxFile() as file:
        file.add_sheet("Lines").write_all(lines)
    yield from file.content()


def _opened(file: IO[bytes], encoding: Encoding) -> tuple[CsvRows | XlsxRows, Row, Iterator[Row]]:
    """Return the rows of a file: as a whole, its header, and those after it that have text."""
    file.seek(0)
    rows = rows_of(file, encoding, no_progress)
    with_text = (row for row in rows if any(map(str.strip, row.fields)))
    header = next(with_text)
    return rows, header, with_text
