"""1CClientBankExchange: encodings, directions, purposes, tax ids, and files that are cut off."""

from datetime import date
from decimal import Decimal

import pytest

from bank.reading.one_c import is_one_c, read_one_c
from bank.reading.tests.files import RUSSIAN, one_c, received
from bank.reading.values import Line, UnreadableStatementError


def line(*more: str) -> Line:
    (found,) = read_one_c(one_c(received("5.00", *more), closing="1005.00").encode("cp1251"))
    return found.lines[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "cp866"])
def test_the_encoding_is_found_whatever_the_header_says(encoding: str) -> None:
    content = one_c(received("5.00"), closing="1005.00").encode(encoding)

    assert is_one_c(content)
    (found,) = read_one_c(content)
    assert (found.account, found.currency) == (RUSSIAN, "RUB")
    assert (found.lines[0].name, found.lines[0].text) == (
        "ООО Камера",
        "Оплата по счету INV-2026-000031",
    )


def test_the_account_decides_the_direction() -> None:
    paid = [
        "Номер=8",
        "Дата=30.11.2026",
        "Сумма=1.50",
        f"ПлательщикСчет={RUSSIAN}",
        "Получатель=ИНН 0 ИП Иванов",
        "ПолучательСчет=40702810500000000002",
        "ДатаСписано=02.12.2026",
    ]
    foreign = [*received("99.00"), "ПолучательСчет=40702810500000000009"]

    (found,) = read_one_c(
        one_c(received("5.00"), paid, foreign, closing="1003.50").encode("cp1251")
    )

    assert [(each.amount, each.booked_on, each.name) for each in found.lines] == [
        (Decimal("5.00"), date(2026, 12, 1), "ООО Камера"),
        (Decimal("-1.50"), date(2026, 12, 2), "ИП Иванов"),
    ]


def test_documents_of_every_kind_are_read() -> None:
    content = one_c(received("5.00"), closing="1005.00").replace(
        "СекцияДокумент=Платежное поручение", "СекцияДокумент=Банковский ордер"
    )

    (found,) = read_one_c(content.encode("cp1251"))

    assert len(found.lines) == 1


@pytest.mark.parametrize(
    ("fields", "purpose"),
    [
        (["НазначениеПлатежа=", "НазначениеПлатежа1=Счет", "НазначениеПлатежа2=31"], "Счет 31"),
        (["НазначениеПлатежа=Счет 31", "НазначениеПлатежа1=Счет 31"], "Счет 31"),
        (["НазначениеПлатежа=Счет=31; сумма = 5"], "Счет=31; сумма = 5"),
    ],
)
def test_a_purpose_is_in_one_field_or_in_several(fields: list[str], purpose: str) -> None:
    assert line(*fields).text == purpose


@pytest.mark.parametrize(
    ("written", "tax_id"),
    [
        ("7707083893", "7707083893"),
        ("500100732259", "500100732259"),
        ("0", ""),
        ("", ""),
        ("77", ""),
    ],
)
def test_a_tax_id_has_ten_or_twelve_digits(written: str, tax_id: str) -> None:
    assert line(f"ПлательщикИНН={written}").tax_id == tax_id


def test_a_tax_id_may_stand_in_the_name() -> None:
    found = line("ПлательщикИНН=", "Плательщик1=ИНН 7707083893 ООО Камера")

    assert (found.tax_id, found.name) == ("7707083893", "ООО Камера")


@pytest.mark.parametrize(
    ("number", "currency"),
    [
        ("40702810900000000001", "RUB"),
        ("40702978900000000001", "EUR"),
        ("40702156900000000001", "CNY"),
    ],
)
def test_the_account_states_the_currency(number: str, currency: str) -> None:
    (found,) = read_one_c(one_c(account=number).encode("cp1251"))

    assert found.currency == currency


def test_sections_of_one_account_follow_each_other() -> None:
    content = one_c(received("5.00"), opening="1000.00", closing="1002.00")
    second = (
        f"СекцияРасчСчет\r\nДатаНачала=05.12.2026\r\nРасчСчет={RUSSIAN}\r\n"
        "НачальныйОстаток=1002.00\r\nКонечныйОстаток=1005.00\r\nКонецРасчСчет\r\n"
    )

    (found,) = read_one_c(content.replace("СекцияРасчСчет", second + "СекцияРасчСчет").encode())

    assert (found.opening, found.closing) == (Decimal("1000.00"), Decimal("1005.00"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (one_c(received("5.00"), closing="1005.00", end=""), "cut off"),
        (one_c(received("5.00"), closing="1005.00").split("КонецДокумента")[0], "cut off"),
        (one_c(received("5.00")), "does not add up"),
        (one_c(received("пять"), closing="1005.00"), "not an amount"),
        ("1CClientBankExchange\r\n", "incomplete"),
        (one_c(received("5.00", "Примечание=\0"), closing="1005.00"), "NUL"),
        (one_c(received("5.00"), closing="1005.00").replace("01.12.2026", "2026"), "not a date"),
        (
            one_c(received("5.00"), closing="1005.00").replace("01.12.2026", "01.12.0026"),
            "not a date",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_said(content: str, reason: str) -> None:
    with pytest.raises(UnreadableStatementError, match=reason):
        read_one_c(content.encode("cp1251"))
