"""What a payment code says: who is to be paid how much, where, and for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from invoices.paying.references import PaymentReference


class Scheme(StrEnum):
    """A standard of payment codes."""

    EPC = "epc"
    GOST = "gost"
    SWISS = "swiss"
    SPAYD = "spayd"


@dataclass(frozen=True, slots=True)
class Address:
    """A structured address; `country` is an ISO 3166 code. Unknown details are empty."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer of an `amount` above 0 that pays the invoice `number`, due on `due_on`.

    `account` is the payee's account number without spaces. The `bank` has a BIC, or in Russia a
    BIK and a `correspondent` account. `tax_id` is the payee's. `purpose` says in a language of
    the payer what is paid.
    """

    payee: Address
    account: str
    bic: str
    bank: str
    correspondent: str
    tax_id: str
    payer: Address
    amount: Decimal
    currency: str
    reference: PaymentReference
    number: str
    due_on: date | None
    purpose: str

    @property
    def country(self) -> str:
        """The country of an IBAN, or "" if the account has none."""
        return self.account[:2] if self.account[:2].isalpha() else ""


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """The contents of a QR code by a standard, in the encoding in which it is drawn."""

    scheme: Scheme
    text: str
    encoding: str


def line(text: str, most: int | None = None) -> str:
    """Return a text on one line, cut off after `most` characters."""
    return " ".join(text.split())[:most].strip()
