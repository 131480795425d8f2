"""MT940: signs of reversals, expected entries, dialects of :86:, several accounts, balances.

Read with bankfile 0.2.0 and mt-940 5.1.1.
"""

from datetime import date
from decimal import Decimal

import pytest

from bank.reading.mt940 import is_mt940, read_mt940
from bank.reading.tests.files import ACCOUNT, OTHER, mt940
from bank.reading.values import Line, UnreadableStatementError


def lines(*rows: str, moved: str) -> list[Line]:
    closing = f"{Decimal(1000) + Decimal(moved):.2f}".replace(".", ",")
    (found,) = read_mt940(mt940(*rows, closing=f"C261201EUR{closing}").encode())
    return list(found.lines)


class TestMarks:
    @pytest.mark.parametrize(
        ("mark", "amount", "is_reversal"),
        [("C", "5.00", False), ("D", "-5.00", False), ("RC", "-5.00", True), ("RD", "5.00", True)],
    )
    def test_the_mark_decides_the_sign(self, mark: str, amount: str, is_reversal: bool) -> None:
        (line,) = lines(f":61:2612011201{mark}5,00NTRFNONREF", ":86:text", moved=amount)

        assert (line.amount, line.is_reversal) == (Decimal(amount), is_reversal)

    @pytest.mark.parametrize("mark", ["EC", "ED"])
    def test_what_is_expected_is_not_booked(self, mark: str) -> None:
        rows = (f":61:2612011201{mark}5,00NTRFNONREF", ":86:text")

        (found,) = read_mt940(mt940(*rows).encode())

        assert (list(found.lines), found.not_booked) == ([], 1)

    def test_an_amount_may_end_with_its_comma(self) -> None:
        assert [each.amount for each in lines(":61:2612011201C12,NTRFNONREF", moved="12")] == [12]


class TestDates:
    def test_the_booking_day_counts_across_the_end_of_a_year(self) -> None:
        (line,) = lines(":61:2701021231C5,00NTRFNONREF", moved="5")

        assert (line.booked_on, line.valued_on) == (date(2026, 12, 31), date(2027, 1, 2))

    def test_without_a_booking_day_the_day_of_value_counts(self) -> None:
        (line,) = lines(":61:261201C5,00NTRFNONREF", moved="5")

        assert line.booked_on == date(2026, 12, 1)


class TestTexts:
    def test_german_subfields(self) -> None:
        text = (
            ":86:166?00GUTSCHRIFT?20EREF+E2E-4711?21SVWZ+INV-2026-0000?2231 und INV-2026-0000"
            f"?2332?30COBADEFF?31{OTHER}?32Muster GmbH"
        )

        (line,) = lines(":61:2612011201C5,00NTRFNONREF//B-1", text, moved="5")

        assert (line.name, line.account) == ("Muster GmbH", OTHER)
        assert (line.end_to_end_id, line.bank_reference) == ("E2E-4711", "B-1")
        assert "".join(line.text.split()) == "INV-2026-000031undINV-2026-000032"

    def test_codes_between_slashes(self) -> None:
        text = (
            ":86:/TRTP/SEPA OVERBOEKING/IBAN/NL91ABNA0417164300/BIC/ABNANL2A/NAME/Jan\n"
            " de Vries/REMI/INV-2026-000031/EREF/NOTPROVIDED"
        )

        (line,) = lines(":61:2612011201C5,00NTRFNONREF", text, moved="5")

        assert (line.name, line.account) == ("Jan de Vries", "NL91ABNA0417164300")
        assert (line.text, line.end_to_end_id) == ("INV-2026-000031", "")

    def test_free_text(self) -> None:
        (line,) = lines(
            ":61:2612011201C5,00NTRFNONREF", ":86:Payment of INV-2026-000031\nMuster", moved="5"
        )

        assert line.text == "Payment of INV-2026-000031 Muster"


class TestFiles:
    def test_each_block_is_a_statement_of_its_account(self) -> None:
        first = mt940(":61:2612011201C5,00NTRFNONREF", closing="C261201EUR1005,00")
        second = mt940(opening="C261130USD1,00", closing="C261130USD1,00", account=OTHER)

        found = read_mt940(f"{first}\n{second}".replace("\n", "\r\n").encode())

        assert [(each.account, each.currency, len(each.lines)) for each in found] == [
            (ACCOUNT, "EUR", 1),
            (OTHER, "USD", 0),
        ]

    def test_western_european_letters_are_read(self) -> None:
        block = mt940(":61:2612011201C5,00NTRFNONREF", ":86:Müller", closing="C261201EUR1005,00")

        (found,) = read_mt940(block.encode("cp1252"))

        assert found.lines[0].text == "Müller"

    @pytest.mark.parametrize("end", [":61:2612021202", ":62F:", "62F:"])
    def test_a_file_that_is_cut_off_is_refused(self, end: str) -> None:
        rows = (":61:2612011201C5,00NTRFNONREF", ":61:2612021202C7,00NTRFNONREF", ":86:text")
        whole = mt940(*rows, closing="C261202EUR1012,00")
        first = mt940(account=OTHER)

        for content in (whole, f"{first}\n{whole}"):
            assert read_mt940(content.encode())
            with pytest.raises(UnreadableStatementError, match="cut off"):
                read_mt940(content[: content.rindex(end)].encode())

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (mt940(":61:2612011201C5,00NTRFNONREF"), "does not add up"),
            (mt940().replace(":60F:C261130EUR1000,00\n", ""), "cut off"),
            (mt940(":86:a\0b"), "NUL"),
            (mt940(account=""), "does not name one account"),
            (mt940(f":25:{OTHER}"), "does not name one account"),
            (mt940(":61:nonsense"), "cannot be read|does not name one account"),
        ],
    )
    def test_what_is_wrong_with_a_file_is_said(self, content: str, reason: str) -> None:
        assert is_mt940(content.encode())
        with pytest.raises(UnreadableStatementError, match=reason):
            read_mt940(content.encode())
