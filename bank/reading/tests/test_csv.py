"""CSV files are read as somebody has stated, completely or not at all."""

from datetime import date
from decimal import Decimal

import pytest

from bank.reading.csv_columns import Layout
from bank.reading.csv_statement import headings_in, read_csv, rows_in
from bank.reading.values import Statement, UnreadableStatementError

GERMAN = Layout({"date": "buchungstag", "amount": "betrag", "text": "zweck"}, ",", "dmy", "utf-8")


def read(text: str, layout: Layout = GERMAN, encoding: str = "utf-8") -> Statement:
    (found,) = read_csv(text.encode(encoding), layout, account="DE1", currency="EUR")
    return found


def with_columns(**headings: str) -> Layout:
    return Layout({"date": "date", **headings}, ".", "ymd", "utf-8")


def amounts(statement: Statement) -> list[Decimal]:
    return [each.amount for each in statement.lines]


def test_a_german_file_is_read() -> None:
    found = read(
        "Buchungstag;Name;Zweck;Betrag\n"
        "02.11.2026;Muster;INV-1;1.234,50\n"
        '3.11.2026;Müller;"a;b";-5\n'
        "\n"
        "04/11/2026;;;12,3-\n"
    )

    assert amounts(found) == [Decimal("1234.50"), Decimal(-5), Decimal("-12.3")]
    assert [each.booked_on.day for each in found.lines] == [2, 3, 4]
    assert [each.text for each in found.lines] == ["INV-1", "a;b", ""]
    assert (found.opening, found.closing) == (None, None)


def test_lines_about_the_account_may_come_first() -> None:
    text = 'Konto;"DE1"\n\nSaldo, EUR\nBuchungstag;Zweck;Betrag\n02.11.2026;x;1,00\n'

    assert amounts(read(text)) == [Decimal(1)]
    assert headings_in(rows_in(text.encode(), "utf-8")) == ["Buchungstag", "Zweck", "Betrag"]


@pytest.mark.parametrize(
    ("order", "text"),
    [("dmy", "02.11.2026"), ("mdy", "11/02/2026"), ("ymd", "2026-11-02 10:00:00")],
)
def test_the_order_of_dates_is_the_stated_one(order: str, text: str) -> None:
    layout = Layout({"date": "d", "amount": "a"}, ".", order, "utf-8")

    assert read(f"d,a,b\n{text},1,\n", layout).lines[0].booked_on == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("mark", "text", "amount"),
    [
        (",", "1.234,56", "1234.56"),
        (",", "1 234,56", "1234.56"),
        (",", "1.234", "1234"),
        (",", "1,234", "1.234"),
        (".", "1,234", "1234"),
        (".", "1.234", "1.234"),
        (".", "'1'234'567.8", None),
        (".", "1'234'567.8", "1234567.8"),
        (".", "+7.", "7"),
        (".", "−7", "-7"),
        (",", "1.23", None),
        (",", "1.234.56", None),
        (".", "1,23", None),
        (".", "1,234 567", None),
        (".", "12 EUR", None),
        (".", "", None),
        (".", "--1", None),
        (".", "1e3", None),
        (".", "٣", None),
        (".", "123456789012345", None),
    ],
)
def test_amounts_are_written_as_stated(mark: str, text: str, amount: str | None) -> None:
    layout = Layout({"date": "d", "amount": "a"}, mark, "ymd", "utf-8")
    file = f'd;a;b\n2026-11-02;"{text}";\n'

    if amount is None:
        with pytest.raises(UnreadableStatementError, match=r"Line 2: .* is not an amount"):
            read(file, layout)
    else:
        assert amounts(read(file, layout)) == [Decimal(amount)]


class TestMoneyInAndOut:
    LAYOUT = with_columns(debit="out", credit="in")

    def test_two_columns_give_a_signed_amount(self) -> None:
        text = "date,out,in\n2026-11-02,5.00,\n2026-11-02,-6.00,0.00\n2026-11-02,,7.00\n"

        assert amounts(read(text, self.LAYOUT)) == [Decimal(-5), Decimal(-6), Decimal(7)]

    @pytest.mark.parametrize("fields", [",", "1,1", "0,0", ",-1"])
    def test_anything_else_is_refused(self, fields: str) -> None:
        with pytest.raises(UnreadableStatementError, match="Line 2: "):
            read(f"date,out,in\n2026-11-02,{fields}\n", self.LAYOUT)


class TestBalances:
    LAYOUT = with_columns(amount="amount", balance="balance")
    LINES = ("2026-11-02,10.00,110.00", "2026-11-02,-30.00,80.00", "2026-11-03,5.00,85.00")

    @pytest.mark.parametrize("lines", [LINES, LINES[::-1]])
    def test_they_are_checked_in_either_order(self, lines: tuple[str, ...]) -> None:
        found = read("\n".join(["date,amount,balance", *lines]), self.LAYOUT)

        assert (found.opening, found.closing) == (Decimal(100), Decimal(85))
        assert amounts(found) == [Decimal(10), Decimal(-30), Decimal(5)]

    @pytest.mark.parametrize(
        ("lines", "number"), [(LINES[:1] + LINES[2:], 3), (LINES[::-2], 2), (LINES[::-1][1:], None)]
    )
    def test_a_missing_line_is_found(self, lines: tuple[str, ...], number: int | None) -> None:
        text = "\n".join(["date,amount,balance", *lines])
        if number is None:
            assert read(text, self.LAYOUT)
            return
        with pytest.raises(UnreadableStatementError, match=f"Line {number}: the balance"):
            read(text, self.LAYOUT)


class TestRefusals:
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("Datum;Zweck;Betrag\n02.11.2026;x;1,00\n", "No line of the file has the headings"),
            ("Buchungstag;Zweck;Betrag\n2026-11-02;x;1,00\n", "Line 2: .*is not a date"),
            ("Buchungstag;Zweck;Betrag\n31.02.2026;x;1,00\n", "Line 2: .*is not a date"),
            ("Buchungstag;Zweck;Betrag\n02.11.26;x;1,00\n", "Line 2: .*is not a date"),
            ("Buchungstag;Zweck;Betrag\n02.11.0026;x;1,00\n", "Line 2: .*is not a date"),
            ("Buchungstag;Zweck;Betrag\n02.11.2026;x\n", "Line 2: it has 2 columns"),
            ("Buchungstag;Zweck;Betrag\n02.11.2026;x;1,00;y\n", "Line 2: it has 4 columns"),
            ("Buchungstag;Zweck;Betrag\n02.11.2026;x;1,00\nSumme;;1,00\n", "Line 3: "),
            ('Buchungstag;Zweck;Betrag\n02.11.2026;"x;1,00\n', "Line 2: The quotation marks"),
        ],
    )
    def test_a_line_that_cannot_be_read_refuses_the_file(self, text: str, reason: str) -> None:
        with pytest.raises(UnreadableStatementError, match=reason):
            read(text)

    def test_another_encoding_is_not_guessed(self) -> None:
        text = "Buchungstag;Zweck;Betrag\n02.11.2026;Müller;1,00\n"

        with pytest.raises(UnreadableStatementError, match="Line 2: The line is not valid UTF-8"):
            read(text, encoding="cp1252")

    def test_a_mark_of_utf_8_contradicts_another_encoding(self) -> None:
        layout = Layout(GERMAN.headings, ",", "dmy", "cp1251")

        with pytest.raises(UnreadableStatementError, match="Choose UTF-8"):
            read("\ufeffBuchungstag;Zweck;Betrag\n", layout)

    def test_another_account_or_currency_is_refused(self) -> None:
        layout = with_columns(amount="a", own_account="own", currency="cur")

        assert read("date,a,own,cur\n2026-11-02,1,de 1,eur\n", layout).lines
        for fields in ("DE2,EUR", "DE1,USD"):
            with pytest.raises(UnreadableStatementError, match=r"Line 2: .* is not the account"):
                read(f"date,a,own,cur\n2026-11-02,1,{fields}\n", layout)


def test_what_else_a_line_states_is_read() -> None:
    names = ("name", "account", "reference", "end_to_end_id", "bank_reference", "tax_id")
    layout = with_columns(amount="a", text="t", text_2="u", value_date="v", **{n: n for n in names})
    text = (
        f"date,a,t,u,v,{','.join(names)}\n"
        "2026-11-02,1,first,second,2026-11-03,A  B,nl91 abna,RF98 INV2,NOTPROVIDED,B7,7701234567\n"
    )

    (line,) = read(text, layout).lines

    assert (line.text, line.valued_on, line.name) == ("first second", date(2026, 11, 3), "A B")
    assert (line.account, line.references, line.end_to_end_id) == ("NL91ABNA", ("RF98INV2",), "")
    assert (line.bank_reference, line.tax_id) == ("B7", "7701234567")


def test_a_file_with_nothing_but_headings_has_no_lines() -> None:
    assert read("Buchungstag;Zweck;Betrag\n").lines == []
