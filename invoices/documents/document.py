"""The contents of an invoice or a credit note, as frozen values with exact amounts.

`documents` turns them into PDF and XML. They are stored with the invoice when it is issued, so
that nothing is computed later.
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
    """The kind of a document. A credit note cancels an invoice or credits a part of it.

    The codes in UNTDID 1001 are 380 for invoices and 381 for credit notes.
    """

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


@dataclass(frozen=True, slots=True)
class Party:
    """The seller or the buyer. `country` is an ISO 3166 code. Unknown details are empty."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str
    tax_id: str
    email: str


@dataclass(frozen=True, slots=True)
class Account:
    """The account for payments: an IBAN or another number, the bank's BIC or BIK, and its name."""

    number: str
    bic: str
    bank: str


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """The cameras on one tariff at one monthly price and one tax on some dates of a month.

    The dates are `[period_from, period_until)`. `cameras` are those with billable time.
    `camera_months` is their billable share of the month, to six places. `amount` is the sum of
    their rounded charges, so it can differ from `camera_months` times `monthly_price`.
    `tax_category` and `tax_percent` identify the line's tax among the document's `taxes`.

    A line that `corrects` an invoice, given by its number, states what is charged more. If less
    is charged, `camera_months` and `amount` are negative. Its `cameras` are those that differ.
    """

    tariff: str
    period_from: date
    period_until: date
    monthly_price: Decimal
    cameras: int
    camera_months: Decimal
    amount: Decimal
    tax_category: TaxCategory
    tax_percent: Decimal
    corrects: str = ""

    @property
    def period(self) -> Period:
        """The dates of the line."""
        return Period(self.period_from, self.period_until)


def values_of(part: Party | Account | DocumentLine | TaxSubtotal) -> dict[str, Any]:
    """Return the values by name, as `asdict` does, but without copies: values are immutable."""
    return {name: getattr(part, name) for name in part.__slots__}


@dataclass(frozen=True, slots=True)
class TaxSubtotal:
    """The tax on the sum `net` of the lines with it, rounded once (EN 16931, BG-23, BR-CO-17).

    `percent` is 0 except for the standard category. `reason` and `reason_code` (a code of VATEX)
    say why no tax is due; they are empty for the standard and the zero category.
    """

    category: TaxCategory
    percent: Decimal
    reason: str
    reason_code: str
    net: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Reference:
    """The invoice that a document cancels or corrects."""

    number: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class Document:
    """Everything that an invoice or a credit note states.

    Amounts are in `currency` and have `digits` decimal places. `number` is empty in a preview.
    `buyer_reference` is the number of the contract, `organization` the title of the subscriber's
    organization. `taxes` are subtotals by category and percentage, in this order. The total of a
    credit note is also positive, so its lines state what is credited; its `due_on` is None, and
    `cancels` is set if it cancels an invoice. `corrects` are the invoices that lines correct.
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
    taxes: tuple[TaxSubtotal, ...]
    cancels: Reference | None
    corrects: tuple[Reference, ...] = ()

    @property
    def tax_amount(self) -> Decimal:
        """The sum of all taxes."""
        return sum((tax.amount for tax in self.taxes), self.net * 0)

    @property
    def total(self) -> Decimal:
        """The amount to pay, or the amount credited."""
        return self.net + self.tax_amount
