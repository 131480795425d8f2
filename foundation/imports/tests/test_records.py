"""Files as Excel writes them in Germany, Russia and elsewhere."""

import zipfile
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from foundation.imports import xlsx_rows
from foundation.imports.encodings import Encoding
from foundation.imports.records import ReadAs, RecordReader, UnreadableFileError
from foundation.imports.report import WrongLines, no_progress
from foundation.imports.values import date_from, decimal_from

COLUMNS = ("title", "amount")


def read(
    content: bytes,
    encoding: Encoding = Encoding.UTF_8,
    *,
    optional: tuple[str, ...] = (),
    **how: Any,
) -> tuple[list[Any], WrongLines]:
    wrong = WrongLines()
    reader = RecordReader(
        BytesIO(content),
        columns=COLUMNS,
        optional=optional,
        wrong=wrong,
        progress=no_progress,
        read_as=ReadAs(encoding, **how),
    )
    return list(reader), wrong


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_commas_semicolons_or_tabs_separate_columns(separator: str, end: str) -> None:
    lines = [separator.join(COLUMNS), separator.join(["Müller", '"1,5;0"']), ""]

    found, wrong = read(end.join(lines).encode())

    assert found == [(2, ["Müller", "1,5;0"])]
    assert not wrong.count


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        (Encoding.UTF_8, "Müller Камера"),
        (Encoding.WINDOWS_1252, "Müller €"),
        (Encoding.WINDOWS_1251, "Камера №1"),
    ],
)
def test_a_file_is_read_in_the_encoding_chosen(encoding: Encoding, title: str) -> None:
    content = f"title;amount\r\n{title};1\r\n".encode(encoding)
    assert read(content, encoding)[0] == [(2, [title, "1"])]


def test_utf_8_may_begin_with_a_mark() -> None:
    content = b"\xef\xbb\xbftitle;amount\nM\xc3\xbcller;1\n"

    assert read(content)[0] == [(2, ["Müller", "1"])]
    with pytest.raises(UnreadableFileError, match="The file is in UTF-8, but you chose Windows"):
        read(content, Encoding.WINDOWS_1251)


def test_another_encoding_is_not_guessed() -> None:
    found, wrong = read("title;amount\nM\xfcller;1\n".encode("cp1252"))

    assert not found
    assert "not valid UTF-8. Choose the encoding" in wrong.kept[0].reason


def test_the_line_that_names_the_separator_is_skipped() -> None:
    assert read(b"sep=;\r\ntitle;amount\r\na,b,c;1\r\n")[0] == [(3, ["a,b,c", "1"])]


def test_empty_columns_to_the_right_are_skipped_but_text_in_them_is_refused() -> None:
    found, wrong = read(b"title;amount;;\nA;1;;\nB;2;;x\nC;3\n")

    assert found == [(2, ["A", "1"])]
    assert [each.line for each in wrong.kept] == [3, 4]


def test_optional_columns_may_be_absent() -> None:
    optional = ("note", "city")

    assert read(b"city;title;amount\nBonn;A;1\n", optional=optional)[0] == [
        (2, ["A", "1", "", "Bonn"])
    ]
    with pytest.raises(UnreadableFileError, match=r"unknown: town"):
        read(b"town;title;amount\n", optional=optional)


def test_a_column_that_says_why_a_line_was_returned_is_ignored() -> None:
    assert read(b"title;amount;error\nA;1;Wrong\n")[0] == [(2, ["A", "1"])]


def test_a_file_may_call_its_columns_otherwise() -> None:
    headings = {"title": "Name", "amount": "Betrag"}

    found, wrong = read(b"Betrag;Datum;NAME\n1;2026;A\n;;\n2\n", headings=headings)

    assert found == [(2, ["A", "1"])]
    assert [each.line for each in wrong.kept] == [4]
    with pytest.raises(UnreadableFileError, match=r"missing: betrag"):
        read(b"Name;Preis\n", headings=headings)


def test_a_heading_that_was_not_chosen_means_nothing_even_if_it_is_one_of_our_names() -> None:
    headings = {"title": "Name", "amount": "Betrag"}

    found, _wrong = read(b"Name,Betrag,note,,\nA,1,x,,\n", optional=("note",), headings=headings)

    assert found == [(2, ["A", "1", ""])]


def test_lines_can_be_left_out() -> None:
    content = b"title;amount\nA;1\nB\nC;3\n"

    found, wrong = read(content, left_out={2, 3})

    assert found == [(4, ["C", "3"])]
    assert not wrong.count


def test_xlsx_is_read_as_its_cells_look() -> None:
    found, wrong = read(
        workbook(
            ["Amount", "Title"],
            [1234.5, "Камера"],
            [0.1 + 0.2, 7],
            [None, datetime(2026, 11, 2)],
            [None, None],
            [date(2026, 11, 2), datetime(2026, 11, 2, 8, 30)],
            [1e16, True],
            [5],
        )
    )
    assert not wrong.count
    assert found == [
        (2, ["Камера", "1234.5"]),
        (3, ["7", "0.3"]),
        (4, ["2026-11-02", ""]),
        (6, ["2026-11-02T08:30:00", "2026-11-02"]),
        (7, ["true", "10000000000000000"]),
        (8, ["", "5"]),
    ]


def test_a_cell_beside_the_table_is_refused() -> None:
    found, wrong = read(workbook(["title", "amount"], ["A", 1, None, "note"], ["B", 2]))

    assert found == [(3, ["B", "2"])]
    assert "The line has 4 columns, but the header has 2" in wrong.kept[0].reason


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 and nothing more\n" * 100, workbook(["title", "amount"])[:-300]]
)
def test_a_damaged_xlsx_file_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFileError, match="The XLSX file cannot be read"):
        read(content)


def test_an_archive_without_worksheets_is_refused() -> None:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("letter.txt", "Hello")
    with pytest.raises(UnreadableFileError, match="The XLSX file cannot be read"):
        read(content.getvalue())


@pytest.mark.parametrize(
    ("part", "most"),
    [
        ("xl/worksheets/sheet1.xml", xlsx_rows.MAX_UNPACKED_BYTES),
        ("xl/sharedStrings.xml", xlsx_rows.MAX_TEXT_BYTES),
        ("xl/styles.xml", xlsx_rows.MAX_OTHER_BYTES),
    ],
)
def test_a_small_file_that_unpacks_to_very_much_is_refused(part: str, most: int) -> None:
    content = BytesIO()
    with (
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(part, "w") as opened,
    ):
        for _ in range(most // 1_000_000 + 1):
            opened.write(b" " * 1_000_000)

    assert len(content.getvalue()) < most / 50
    with pytest.raises(UnreadableFileError, match="contains too much"):
        read(content.getvalue())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234", "1234"),
        ("1234.5", "1234.5"),
        ("1234,50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\xa0234\u202f", None),
        ("1\xa0234\xa0567,5", "1234567.5"),
        ("1\u202f234", "1234"),
        ("1'234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("1.234", "1.234"),
        ("1,234", None),
        ("1.234.56", None),
        ("1,234,56", None),
        ("12.34,56.7", None),
        ("1 23", None),
        ("-1", None),
        ("1e3", None),
        ("\u0661", None),
        ("", None),
        (",", None),
    ],
)
def test_numbers(text: str, number: str | None) -> None:
    assert decimal_from(text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-02", date(2026, 11, 2)),
        ("02.11.2026", date(2026, 11, 2)),
        ("2.1.2026", date(2026, 1, 2)),
        ("31.02.2026", None),
        ("02.11.26", None),
        ("11/02/2026", None),
        ("20261102", None),
        ("", None),
    ],
)
def test_dates(text: str, day: date | None) -> None:
    assert date_from(text) == day
