"""What an invoice or a credit note states: frozen values, exact amounts, nothing computed later.

`documents` turns it into PDF and XML. It is stored with the invoice as it was when that was issued.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from organizations.models import TaxCategory
from rating.periods import Period


class Kind(StrEnum):
    """An invoice, or the credit note that cancels one; their codes in UNTDID 1001 are 380, 381."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


@dataclass(frozen=True, slots=True)
class Party:
    """Who bills or is billed. `country` is an ISO 3166 code; what is not known is empty."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str
    tax_id: str
    email: str


@dataclass(frozen=True, slots=True)
class Account:
    """Where payments go: an IBAN or another number, and the bank's BIC or Russian BIK, and name."""

    number: str
    bic: str
    bank: str


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """The cameras on one tariff at one monthly price in one month.

    `camera_months` is their billable share of the month, to six places; `amount` is the sum of
    their rounded charges, and so need not be their product with the price.
    """

    tariff: str
    month: date
    monthly_price: Decimal
    cameras: int
    camera_months: Decimal
    amount: Decimal


def values_of(part: Party | Account | DocumentLine) -> dict[str, Any]:
    """Return the values by name, as `asdict` does: uncopied, since they cannot be changed."""
    return {name: getattr(part, name) for name in part.__slots__}


@dataclass(frozen=True, slots=True)
class Tax:
    """The tax of a document, on the sum of its lines, rounded once (EN 16931, BR-CO-17).

    `rate` is in percent, 0 but for the standard category; `reason` tells why no tax is due, empty
    for the standard and the zero category.
    """

    category: TaxCategory
    rate: Decimal
    reason: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Reference:
    """The invoice that a credit note cancels."""

    number: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class Document:
    """All that one invoice or credit note states. Amounts are in `currency`, with its `digits`.

    `number` is empty in the preview of one that is not issued. `buyer_reference` is the contract's
    number, `organization` the title under which the subscriber is known. Of a credit note the
    amounts are positive too, `cancels` is set and `due_on` is None.
    """

    kind: Kind
    number: str
    issued_on: date
    due_on: date | None
    language: str
    currency: str
    digits: int
    period: Period
    seller: Party
    account: Account
    logo: bytes
    buyer: Party
    organization: str
    buyer_reference: str
    lines: tuple[DocumentLine, ...]
    net: Decimal
    tax: Tax
    cancels: Reference | None

    @property
    def total(self) -> Decimal:
        """What is to be paid, or credited."""
        return self.net + self.tax.amount
