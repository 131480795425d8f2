"""OFX: days, repeated ids, several statements. Read with bankfile 0.2.0."""

from datetime import date
from decimal import Decimal

import pytest

from bank.reading.ofx import is_ofx, read_ofx
from bank.reading.tests.files import ACCOUNT, moved, ofx
from bank.reading.values import UnreadableStatementError


def test_a_statement_is_read() -> None:
    content = ofx(moved("21.42", more="<FITID>1<NAME>Muster &amp; Co<MEMO>INV-2026-000031"))

    assert is_ofx(content)
    (found,) = read_ofx(content)
    (line,) = found.lines
    assert (found.account, found.currency, found.closing) == (ACCOUNT, "EUR", Decimal("10.00"))
    assert (line.amount, line.name, line.text) == (
        Decimal("21.42"),
        "Muster & Co",
        "INV-2026-000031",
    )


@pytest.mark.parametrize(
    "posted", ["20261201", "20261201233000", "20261201233000.000[-11:XXX]", "20261201003000[+12]"]
)
def test_the_first_eight_digits_are_the_day(posted: str) -> None:
    (found,) = read_ofx(ofx(moved("1.00", posted)))

    assert found.lines[0].booked_on == date(2026, 12, 1)


def test_lines_with_the_same_id_are_all_read() -> None:
    (found,) = read_ofx(ofx(moved("1.00"), moved("2.00"), moved("-0.50")))

    assert [str(each.amount) for each in found.lines] == ["1.00", "2.00", "-0.50"]


@pytest.mark.parametrize("end", ["<STMTTRN>", "<FITID>", "<LEDGERBAL>", "</OFX>"])
def test_a_file_that_is_cut_off_is_refused(end: str) -> None:
    content = ofx(moved("1.00"), moved("2.00")).decode()

    with pytest.raises(UnreadableStatementError, match="cut off"):
        read_ofx(content[: content.rindex(end)].encode())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (ofx(moved("1.00")).replace(b"</OFX>", ofx() + b"</OFX>"), "one file for each account"),
        (ofx(moved("nothing")), "cannot be read"),
        (ofx(moved("1.00", "19991231")), "not a date"),
        (ofx(moved("1.00", "22000101")), "not a date"),
        (ofx(moved("1.00001")), "not an amount"),
        (ofx(moved("-123456789012345.00")), "not an amount"),
        (ofx(moved("1.00"), account=""), "names no account"),
        (ofx(moved("1.00"), currency=""), "names no currency"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableStatementError, match=reason):
        read_ofx(content)
