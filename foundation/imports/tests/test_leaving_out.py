"""The file that returns the lines of an import that have errors."""

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from foundation.imports.encodings import Encoding
from foundation.imports.leaving_out import can_leave_out, companions, returned
from foundation.imports.records import ReadAs
from foundation.imports.report import WrongLine
from payments.imports.operation import PaymentReport

WRONG = [WrongLine(2, "Wrong")]


def returned_text(content: str, left_out: dict[int, str], encoding: Encoding) -> str:
    file = BytesIO(content.encode(encoding))
    return b"".join(returned(file, encoding, left_out)).decode(encoding)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_lines_keep_their_headings_separator_and_encoding(separator: str) -> None:
    content = "Name,Ort\r\nA,x\r\nMüller €,y\r\nC,\r\n".replace(",", separator)

    text = returned_text(content, {3: "Why", 4: "Why; not"}, Encoding.WINDOWS_1252)

    quoted = '"Why; not"' if separator == ";" else "Why; not"
    expected = f"Name,Ort,error\r\nMüller €,y,Why\r\nC,,{quoted}\r\n"
    assert text == expected.replace(",", separator)


def test_a_byte_order_mark_is_kept() -> None:
    file = BytesIO(b"\xef\xbb\xbfname\nA\nB\n")
    assert (
        b"".join(returned(file, Encoding.UTF_8, {3: "x"})) == b"\xef\xbb\xbfname,error\r\nB,x\r\n"
    )


def test_what_cannot_be_split_into_columns_is_returned_as_it_is() -> None:
    content = 'name,city\nA,b,c\nB"x,"y"z\n"two\nlines",1\nD\n'

    text = returned_text(content, {2: "wide", 3: "quotes", 4: "more", 6: "short"}, Encoding.UTF_8)

    assert text == (
        'name,city,error\r\nA,b,c,wide\r\n"B""x,""y""z",,quotes\r\n'
        '"two\nlines",1,more\r\nD,,short\r\n'
    )


def test_a_file_that_was_returned_before_gets_new_reasons() -> None:
    text = returned_text("name,error\nA,old\nB,old\n", {3: "new"}, Encoding.UTF_8)
    assert text == "name,error\r\nB,new\r\n"


def test_xlsx_is_returned_as_xlsx() -> None:
    book = Workbook()
    for row in (["name", "amount"], ["A", 1.5], ["B", 2]):
        book.worksheets[0].append(row)
    file = BytesIO()
    book.save(file)

    content = b"".join(returned(file, Encoding.UTF_8, {3: "Why"}))

    rows = load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    assert list(rows) == [("name", "amount", "error"), ("B", "2", "Why")]


def test_lines_that_belong_together_stay_out_together() -> None:
    content = b"Cam,at\ngate,1\nyard,1\ngate,2\n,3\n,4\n gate ,5\n"

    found = companions(
        BytesIO(content), "camera", ReadAs(headings={"camera": "cam"}), {4: "x", 5: "y"}
    )

    reason = "This line is right, but it has the same camera as line 4."
    assert found == {2: reason, 7: reason}


@pytest.mark.parametrize(
    "line", ["Acme, Inc,gate,1", "Acme,gate", 'Acme "Inc",gate,"1"x', '"Acme,gate,1\nAcme,mast,2']
)
def test_lines_stay_out_if_one_that_cannot_be_split_may_belong_to_them(line: str) -> None:
    content = f"payer,camera,at\nAcme,gate,0\nAcme,yard,2\n{line}\n".encode()

    found = companions(BytesIO(content), "camera", ReadAs(), {4: "Wrong columns"})

    assert found == {2: "This line is right, but it has the same camera as line 4."}


@pytest.mark.parametrize(
    ("report", "possible"),
    [
        (PaymentReport(2, True, errors=WRONG, error_count=1), True),
        (PaymentReport(2, True), False),
        (PaymentReport(1, True, errors=WRONG, error_count=1), False),
        (PaymentReport(9, True, errors=WRONG, error_count=2), False),
        (PaymentReport(9, True, errors=WRONG, error_count=1, is_cut_short=True), False),
        (PaymentReport(9, True, errors=[WrongLine(0, "?")], error_count=1), False),
    ],
)
def test_all_errors_must_be_known_and_other_lines_be_left(
    report: PaymentReport, possible: bool
) -> None:
    assert can_leave_out(report) is possible


def test_reasons_in_letters_that_the_encoding_lacks_make_it_utf_8() -> None:
    content = "Name;Ort\r\nMüller;x\r\n"
    file = BytesIO(content.encode(Encoding.WINDOWS_1252))

    text = b"".join(returned(file, Encoding.WINDOWS_1252, {2: "Неверно"})).decode("utf-8-sig")

    assert text == "Name;Ort;error\r\nMüller;x;Неверно\r\n"
