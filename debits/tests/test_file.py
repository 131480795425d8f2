"""The file for the bank: pain.008.001.08 by sepaxml 2.7.0, whose traps are tested here.

A second export lists each debit twice, dictionaries change, end-to-end ids are random unless they
are given, and addresses keep letters that names and texts lose.
"""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from lxml import etree
from sepaxml import SepaDD
from sepaxml.validation import ValidationError

from debits.file import Address, BadFileError, Creditor, Debit, written
from debits.latin import street_and_number

ADDRESS = Address(street="Hafenstraße 1", postal_code="20457", town="Гамбург", country="DE")
CREDITOR = Creditor(
    name="Sehwerk Cloud GmbH",
    creditor_id="DE98ZZZ09999999999",
    iban="DE02120300000000202051",
    bic="",
    scheme="CORE",
    address=ADDRESS,
)
DAY = date(2026, 12, 10)


def debit(number: int = 1, **fields: Any) -> Debit:
    values: dict[str, Any] = {
        "end_to_end_id": f"INV-2026-{number:06}",
        "amount": Decimal("10.71"),
        "name": "Brückner, Гавань",
        "iban": "DE75512108001245126199",
        "bic": "",
        "mandate": f"M-{number}",
        "signed_on": date(2026, 1, 5),
        "sequence": "RCUR",
        "text": f"INV-2026-{number:06}",
        "address": ADDRESS,
        **fields,
    }
    return Debit(**values)


def texts(content: bytes, name: str) -> list[str]:
    """Return the texts of all elements of a name."""
    found = etree.fromstring(content).iterfind(f".//{{*}}{name}")
    return [each.text or "" for each in found]


def test_each_debit_is_in_it_once_with_sums() -> None:
    debits = [debit(1, sequence="FRST"), debit(2), debit(3, amount=Decimal("0.01"))]
    file = written(CREDITOR, debits, DAY)
    content = file.content

    assert texts(content, "MsgId") == [file.message_id]
    assert sorted(texts(content, "EndToEndId")) == [each.end_to_end_id for each in debits]
    assert texts(content, "NbOfTxs")[0] == "3"
    assert texts(content, "CtrlSum")[0] == "21.43"
    assert set(texts(content, "ReqdColltnDt")) == {"2026-12-10"}
    assert sorted(texts(content, "SeqTp")) == ["FRST", "RCUR"]


def test_addresses_are_structured_and_in_latin_letters() -> None:
    content = written(CREDITOR, [debit()], DAY).content

    assert texts(content, "AdrLine") == []
    assert set(texts(content, "StrtNm")) == {"Hafenstrasse"}
    assert set(texts(content, "BldgNb")) == {"1"}
    assert set(texts(content, "PstCd")) == {"20457"}
    assert set(texts(content, "TwnNm")) == {"Gamburg"}
    assert set(texts(content, "Ctry")) == {"DE"}
    assert content.isascii()


def test_an_address_without_a_town_is_left_out() -> None:
    address = Address(street="Hafenstraße 1", postal_code="", town="", country="DE")
    content = written(CREDITOR, [debit(address=address)], DAY).content
    # That of the creditor is stated.
    assert texts(content, "TwnNm") == ["Gamburg"]


def test_each_part_has_its_own_sums_and_no_other_parties() -> None:
    debits = [debit(1, sequence="FRST"), debit(2), debit(3, amount=Decimal("0.01"))]
    file = written(CREDITOR, debits, DAY)

    assert texts(file.content, "PmtInfId") == [
        file.blocks["INV-2026-000001"],
        file.blocks["INV-2026-000002"],
    ]
    assert file.blocks["INV-2026-000002"] == file.blocks["INV-2026-000003"]
    # The header's comes first.
    assert texts(file.content, "NbOfTxs") == ["3", "1", "2"]
    assert texts(file.content, "CtrlSum") == ["21.43", "10.71", "10.72"]
    assert set(texts(file.content, "BtchBookg")) == {"true"}
    assert texts(file.content, "UltmtCdtr") == texts(file.content, "UltmtDbtr") == []
    # Without a BIC, banks in the European Economic Area go by the IBAN.
    assert texts(file.content, "BICFI") == []


@pytest.mark.parametrize("name", ["Müller & Söhne; „Kamera“_7!", "Гавань «Юг» №1", "A//B/"])
def test_texts_have_the_characters_that_banks_take(name: str) -> None:
    content = written(replace(CREDITOR, name=name), [debit(name=name, text=name)], DAY).content
    for element in ("Nm", "Ustrd"):
        for text in texts(content, element):
            assert re.fullmatch(r"[A-Za-z0-9?:().,'+ -][A-Za-z0-9/?:().,'+ -]*", text)
            assert "//" not in text
            assert not text.endswith("/")


@pytest.mark.parametrize(
    ("text", "street", "number"),
    [
        ("Hafenstraße 1", "Hafenstraße", "1"),
        ("Straße des 17. Juni 135 a", "Straße des 17. Juni", "135 a"),
        ("Via Roma, 12/14", "Via Roma", "12/14"),
        ("221B Baker Street", "Baker Street", "221B"),
        ("C 4", "C", "4"),
        ("Hafen", "Hafen", ""),
        ("12", "12", ""),
    ],
)
def test_the_number_of_a_building_is_stated_apart(text: str, street: str, number: str) -> None:
    assert street_and_number(text) == (street, number)


def test_the_bic_is_stated_if_it_is_known() -> None:
    content = written(CREDITOR, [debit(bic="BYLADEM1001")], DAY).content
    assert texts(content, "BICFI") == ["BYLADEM1001"]


def test_what_does_not_fit_the_schema_is_refused() -> None:
    with pytest.raises(ValidationError):
        written(CREDITOR, [debit(mandate="M" * 36)], DAY)


def test_a_file_with_other_sums_is_refused() -> None:
    def twice(self: SepaDD, validate: bool) -> bytes:
        original(self, validate=False)
        content: bytes = original(self, validate=False)
        return content

    original = SepaDD.export
    with patch.object(SepaDD, "export", twice), pytest.raises(BadFileError):
        written(CREDITOR, [debit()], DAY)
