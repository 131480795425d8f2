"""Exports: the content of CSV and XLSX files, and protection against formulas in cells."""

import csv
import io
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.http import FileResponse, StreamingHttpResponse
from hypothesis import given
from hypothesis import strategies as st

from foundation.lists import exports
from foundation.lists.exports import (
    Cell,
    Month,
    XlsxFile,
    csv_cell,
    csv_lines,
    csv_pairs,
    csv_response,
    export_response,
    text_cell,
)

ROW: list[Cell] = [
    "Gate, main",
    1771200,
    Decimal("9.00"),
    Decimal("1000"),
    Decimal("3.125"),
    date(2026, 10, 1),
    Month(2026, 10, 1),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC).astimezone(ZoneInfo("Europe/Berlin")),
    True,
    None,
]
COLUMNS = [f"column_{number}" for number, _ in enumerate(ROW)]
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1")  # noqa: RUF001 (full width)


def xlsx(response: Any) -> Any:
    assert isinstance(response, FileResponse)
    content = response.getvalue()
    # Not the response: Django would close its database connections as well.
    assert response.file_to_stream is not None
    response.file_to_stream.close()
    return openpyxl.load_workbook(io.BytesIO(content))


def exported(*rows: list[Cell]) -> Any:
    return xlsx(export_response("xlsx", "things", COLUMNS, rows)).active


def test_csv_has_plain_values() -> None:
    response = export_response("csv", "things", COLUMNS, [ROW])
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="things.csv"'
    assert isinstance(response, StreamingHttpResponse)
    assert response.getvalue().decode() == (
        ",".join(COLUMNS)
        + '\r\n"Gate, main",1771200,9.00,1000,3.125,2026-10-01,2026-10,'
        + "2026-10-25T02:30:00+01:00,yes,\r\n"
    )


def test_csv_is_sent_row_by_row_once_the_first_is_read() -> None:
    read = []

    def rows() -> Iterator[list[Cell]]:
        for number in range(3):
            read.append(number)
            yield [number]

    lines = iter(csv_response("things", ["number"], rows()))
    assert (next(lines), read) == (b"number\r\n", [0])
    assert (next(lines), read) == (b"0\r\n", [0])
    assert (next(lines), read) == (b"1\r\n", [0, 1])


def test_xlsx_has_dates_and_numbers_not_text() -> None:
    response = export_response("xlsx", "things", COLUMNS, [ROW])
    assert response.headers["Content-Disposition"] == 'attachment; filename="things.xlsx"'
    sheet = xlsx(response).active
    assert sheet.title == "Things"
    assert [cell.value for cell in sheet[1]] == COLUMNS
    cells = sheet[2]
    assert [cell.value for cell in cells] == [
        "Gate, main",
        1771200,
        9,
        1000,
        3.125,
        datetime(2026, 10, 1),
        datetime(2026, 10, 1),
        datetime(2026, 10, 25, 2, 30),
        True,
        None,
    ]
    assert [cell.number_format for cell in cells[1:8]] == [
        "#,##0",
        "#,##0.00",
        "#,##0",
        "#,##0.000",
        "yyyy-mm-dd",
        "yyyy-mm",
        "yyyy-mm-dd hh:mm:ss",
    ]
    assert cells[5].is_date


@pytest.mark.parametrize("text", FORMULAS)
def test_text_never_starts_a_formula(text: str) -> None:
    response = csv_response("things", ["text"], [[text]])
    (_heading, (cell,)) = csv.reader(io.StringIO(response.getvalue().decode(), newline=""))
    assert cell == "'" + text_cell(text)[1:]
    assert text_cell(text)[0] == "'"

    cell = exported([text]).cell(2, 1)
    assert cell.data_type == "s"
    # An XML reader takes a carriage return for a line feed.
    assert cell.value.replace("_x000D_", "\n") == text.replace("\r", "\n")


@pytest.mark.parametrize("separator", ["\t", "\n", "\r", ";", "|"])
def test_text_after_another_cell_separator_does_not_start_a_formula(separator: str) -> None:
    assert text_cell(f"Gate{separator}=1+1") == f"Gate{separator}'=1+1"


def test_text_that_does_not_start_a_formula_is_unchanged() -> None:
    for text in ("Gate = 1", "a-b", "x@example.com", "", "'", "1+1", "Склад №1"):
        assert text_cell(text) == text


def test_xlsx_replaces_unsupported_characters_and_truncates_long_text() -> None:
    sheet = exported(["a\x0bb\x1fc\ufffed"], ["tab\tand\nline"], ["x" * 40_000], ["😀" * 20_000])
    assert [sheet.cell(row, 1).value for row in (2, 3)] == ["a�b�c�d", "tab\tand\nline"]
    assert sheet.cell(4, 1).value == "x" * 32_767
    assert sheet.cell(5, 1).value == "😀" * 16_383


@pytest.mark.parametrize("text", ["<r><t>rich</t></r>", "<b>&amp;</b>", "]]>", " spaces "])
def test_markup_stays_text(text: str) -> None:
    assert exported([text]).cell(2, 1).value.strip() == text.strip()


def test_text_that_looks_like_an_xlsx_escape_is_escaped() -> None:
    # Spreadsheets read this as _x0041_; without the escape they would read A.
    assert exported(["_x0041_"]).cell(2, 1).value == "_x005F_x0041_"


def test_rows_beyond_the_limit_of_a_sheet_continue_on_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exports, "MAX_ROWS_A_SHEET", 3)
    book = xlsx(export_response("xlsx", "things", ["number"], ([number] for number in range(5))))
    assert book.sheetnames == ["Things", "Things (2)", "Things (3)"]
    values = [[cell.value for (cell,) in sheet.iter_rows()] for sheet in book]
    assert values == [["number", 0, 1], ["number", 2, 3], ["number", 4]]


def test_sheets_are_written_side_by_side() -> None:
    with XlsxFile() as file:
        totals, rows = file.add_sheet("Totals"), file.add_sheet("Rows", ["number"])
        rows.write_all([[1], [2]])
        totals.write(["sum", 3])
    book = xlsx(file.response("things"))
    assert [cell.value for cell in book["Totals"][1]] == ["sum", 3]
    assert [row[0].value for row in book["Rows"].iter_rows()] == ["number", 1, 2]


def test_a_failure_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def rows() -> Iterator[list[Cell]]:
        yield [1]
        raise LookupError

    with pytest.raises(LookupError):
        export_response("xlsx", "things", ["number"], rows())
    assert list(tmp_path.iterdir()) == []


def test_an_export_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    xlsx(export_response("xlsx", "things", ["number"], [[1]]))
    assert list(tmp_path.iterdir()) == []


texts = st.text(st.sampled_from("ab =+-@\t\r\n;|,\"'＝＋－＠é\x00"))  # noqa: RUF001 (full width)


@given(st.lists(st.tuples(texts, texts)))
def test_pairs_of_cells_are_written_like_single_cells(pairs: list[tuple[str, str]]) -> None:
    alone = [f"{csv_cell(first)},{csv_cell(second)}" for first, second in pairs]
    assert csv_pairs(pairs) == alone


def test_cells_that_look_like_more_cells_are_quoted() -> None:
    assert csv_pairs([("a,b\nc", "d")]) == ['"a,b\nc",d']


@given(texts)
def test_a_single_cell_is_written_as_in_a_line(text: str) -> None:
    *_, line = csv_lines(["a", "b"], [[text, 1]])
    assert f"{csv_cell(text)},1\r\n" == line
