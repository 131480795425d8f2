"""The file for the bank: pain.008.001.08 by sepaxml, checked against its schema.

sepaxml is used as it must be: one export, the id of each collection given, amounts in cents, and
dictionaries that nobody uses again. What it wrote is read again and compared with what was asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

SCHEMA = "pain.008.001.08"
_MAX_NAME = 70
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
        """Return it as sepaxml takes it, in Latin letters, which it leaves to us for addresses."""
        from text_unidecode import unidecode

        return {
            "street_name": unidecode(self.street)[:70],
            "postcode": unidecode(self.postal_code)[:16],
            "town": unidecode(self.town)[:35],
            "country": self.country,
        }


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


class BadFileError(Exception):
    """The library wrote something else than it was asked for."""


def written(creditor: Creditor, debits: Sequence[Debit], collected_on: date) -> tuple[str, bytes]:
    """Return the message id of a file, and the file.

    Raises:
        sepaxml.validation.ValidationError: the file does not fit its schema.
        BadFileError: it does not contain the debits.
    """
    from sepaxml import SepaDD

    config = {
        "name": creditor.name[:_MAX_NAME],
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
                "name": debit.name[:_MAX_NAME],
                "IBAN": debit.iban,
                "amount": int(debit.amount * _CENTS),
                "type": debit.sequence,
                "collection_date": collected_on,
                "mandate_id": debit.mandate,
                "mandate_date": debit.signed_on,
                "description": debit.text,
                "endtoend_id": debit.end_to_end_id,
                "address": debit.address.fields(),
                **_bic(debit.bic),
            }
        )
    content: bytes = file.export(validate=True)
    _check(content, debits)
    return file.msg_id, content


def _bic(bic: str) -> dict[str, str]:
    return {"BIC": bic} if bic else {}


def _check(content: bytes, debits: Sequence[Debit]) -> None:
    from lxml import etree

    document = etree.fromstring(content)
    found = [
        (
            each.findtext(".//p:EndToEndId", None, _NAMESPACE),
            each.findtext("p:InstdAmt", None, _NAMESPACE),
        )
        for each in document.iterfind(".//p:DrctDbtTxInf", _NAMESPACE)
    ]
    header = document.find(".//p:GrpHdr", _NAMESPACE)
    asked = sorted((each.end_to_end_id, f"{each.amount:.2f}") for each in debits)
    total = sum((each.amount for each in debits), Decimal(0))
    if (
        sorted(found) != asked
        or header is None
        or header.findtext("p:NbOfTxs", None, _NAMESPACE) != str(len(debits))
        or header.findtext("p:CtrlSum", None, _NAMESPACE) != f"{total:.2f}"
    ):
        raise BadFileError
