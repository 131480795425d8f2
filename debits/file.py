"""The file for the bank: pain.008.001.08 by sepaxml, checked against its schema.

sepaxml is used as it must be: one export, the id of each collection given, amounts in cents, and
dictionaries that nobody uses again, and texts in the characters that banks take: it transliterates
names, but keeps signs such as &, and leaves addresses to us. What it wrote is read
again and compared with what was asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from debits.latin import latin, street_and_number

SCHEMA = "pain.008.001.08"
_MAX_NAME, _MAX_TEXT = 70, 140
_NAMESPACE = {"p": f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"}
_CENTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A structured address; banks have refused others since November 2026."""

    street: str
    postal_code: str
    town: str
    country: str

    def fields(self) -> dict[str, Any]:
        """Return it as sepaxml takes it; nothing if there is no town, which banks demand."""
        street, number = street_and_number(self.street)
        fields = {
            "street_name": latin(street, 70),
            "building_number": latin(number, 16),
            "postcode": latin(self.postal_code, 16),
            "town": latin(self.town, 35),
            "country": self.country,
        }
        return fields if fields["town"] else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Creditor:
    """Who collects. `scheme` is CORE or B2B."""

    name: str
    creditor_id: str
    iban: str
    bic: str
    scheme: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Debit:
    """What is collected from a payer: an amount in euro with two decimals."""

    end_to_end_id: str
    amount: Decimal
    name: str
    iban: str
    bic: str
    mandate: str
    signed_on: date
    sequence: str
    text: str
    address: Address


@dataclass(frozen=True, slots=True)
class File:
    """A file, its message id, and the id of the part that has each collection, by end-to-end id."""

    message_id: str
    content: bytes
    blocks: Mapping[str, str]


class BadFileError(Exception):
    """The library wrote something else than it was asked for."""


def written(creditor: Creditor, debits: Sequence[Debit], collected_on: date) -> File:
    """Return the file that collects debits.

    Raises:
        sepaxml.validation.ValidationError: the file does not fit its schema.
        BadFileError: it does not contain the debits.
    """
    from sepaxml import SepaDD

    config = {
        "name": latin(creditor.name, _MAX_NAME),
        "IBAN": creditor.iban,
        "batch": True,
        "creditor_id": creditor.creditor_id,
        "currency": "EUR",
        "instrument": creditor.scheme,
        "address": creditor.address.fields(),
        **_bic(creditor.bic),
    }
    file = SepaDD(config, schema=SCHEMA, clean=True)
    for debit in debits:
        file.add_payment(
            {
                "name": latin(debit.name, _MAX_NAME),
                "IBAN": debit.iban,
                "amount": int(debit.amount * _CENTS),
                "type": debit.sequence,
                "collection_date": collected_on,
                "mandate_id": debit.mandate,
                "mandate_date": debit.signed_on,
                "description": latin(debit.text, _MAX_TEXT),
                "endtoend_id": debit.end_to_end_id,
                "address": debit.address.fields(),
                **_bic(debit.bic),
            }
        )
    content: bytes = file.export(validate=True)
    return File(file.msg_id, content, _checked(content, debits))


def _bic(bic: str) -> dict[str, str]:
    return {"BIC": bic} if bic else {}


def _checked(content: bytes, debits: Sequence[Debit]) -> dict[str, str]:
    """Return the payment information id of each debit of a file, after comparing them."""
    from lxml import etree

    document = etree.fromstring(content)
    blocks: dict[str, str] = {}
    found = []
    for part in document.iterfind(".//p:PmtInf", _NAMESPACE):
        block = _text(part, "p:PmtInfId")
        for each in part.iterfind("p:DrctDbtTxInf", _NAMESPACE):
            number = _text(each, "p:PmtId/p:EndToEndId")
            blocks[number] = block
            found.append((number, _text(each, "p:InstdAmt"), _text(part, "p:PmtTpInf/p:SeqTp")))
    asked = sorted((each.end_to_end_id, f"{each.amount:.2f}", each.sequence) for each in debits)
    total = sum((each.amount for each in debits), Decimal(0))
    header = [_text(document, f".//p:GrpHdr/p:{name}") for name in ("NbOfTxs", "CtrlSum")]
    if sorted(found) != asked or header != [str(len(debits)), f"{total:.2f}"]:
        raise BadFileError
    return blocks


def _text(element: Any, path: str) -> str:
    text: str = element.findtext(path, "", _NAMESPACE)
    return text
