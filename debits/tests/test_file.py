"""The file for the bank: pain.008.001.08 by sepaxml 2.7.0, whose traps are tested here.

A second export lists each debit twice, dictionaries change, end-to-end ids are random unless they
are given, and addresses keep letters that names and texts lose.
"""

from datetime import date
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from lxml import etree
from sepaxml import SepaDD
from sepaxml.validation import ValidationError

from debits.file import Address, BadFileError, Creditor, Debit, written

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
    message_id, content = written(CREDITOR, debits, DAY)

    assert texts(content, "MsgId") == [message_id]
    assert sorted(texts(content, "EndToEndId")) == [each.end_to_end_id for each in debits]
    assert texts(content, "NbOfTxs")[0] == "3"
    assert texts(content, "CtrlSum")[0] == "21.43"
    assert set(texts(content, "ReqdColltnDt")) == {"2026-12-10"}
    assert sorted(texts(content, "SeqTp")) == ["FRST", "RCUR"]


def test_addresses_are_structured_and_in_latin_letters() -> None:
    _id, content = written(CREDITOR, [debit()], DAY)

    assert texts(content, "AdrLine") == []
    assert set(texts(content, "StrtNm")) == {"Hafenstrasse 1"}
    assert set(texts(content, "TwnNm")) == {"Gamburg"}
    assert set(texts(content, "Ctry")) == {"DE"}
    assert content.isascii()


def test_the_bic_is_stated_if_it_is_known() -> None:
    _id, content = written(CREDITOR, [debit(bic="BYLADEM1001")], DAY)
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
