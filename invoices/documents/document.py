"""The contents of an invoice or a credit note, as frozen values with exact amounts.

`documents` turns them into PDF and XML. They are stored with the invoice when it is issued, so
that nothing is computed later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from invoices.documents.accounting_tax import AccountingTax
from invoices.documents.french import French
from invoices.documents.references import NO_REFERENCES, References
from invoices.documents.style import ORIGINAL, Style
from invoices.documents.terms import NO_TERMS, Terms
from invoices.paying.references import PaymentReference
from organizations.billing.profiles import Profile
from organizations.models import TaxCategory
from rating.agreement.lines import Section
from rating.money import to_places
from rating.periods import Period, month_of

CAMERA_MONTH_PLACES = 6


class Kind(StrEnum):
    """The kind of a document. A credit note cancels an invoice or credits a part of it.

    The codes in UNTDID 1001 are 380 for invoices and 381 for credit notes.
    """

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


@dataclass(frozen=True, slots=True)
class Party:
    """The seller or the buyer. `country` is an ISO 3166 code. Unknown details are empty.

    `legal_id` and `endpoint` have schemes by `organizations.billing.identifiers`; a legal ID can
    have none. Only a seller has a contact, whose address is `email`.
    """

    name: str
    street: str
    postal_code: str
    city: str
    country: str
    tax_id: str
    email: str
    legal_id: str = ""
    legal_scheme: str = ""
    endpoint: str = ""
    endpoint_scheme: str = ""
    contact_name: str = ""
    contact_phone: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """The account for payments: an IBAN or another number, the bank's BIC or BIK, and its name.

    A Russian bank has a `correspondent` account at the central bank.
    """

    number: str
    bic: str
    bank: str
    correspondent: str = ""


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """What is charged for one item with one tax, on dates `[period_from, period_until)`.

    `tax_category` and `tax_percent` identify the line's tax among the document's `taxes`. `amount`
    is exact; it can differ from `quantity` times `price`, as its parts are rounded before they are
    added up. What else is stated depends on the `section`:

    - usage: the `item` is a tariff, the `price` that of a month, the `quantity` the billable share
      of the month of all `cameras` with billable time, to six places. `gross_price` is the price
      before a discount, if one applies to all dates of the line; otherwise None.
    - fees: the `item` is a fee and the `price` its amount per month. It is charged for `days` dates
      of the month; the `quantity` is their share of the month, to six places.
    - one-off: the `item` is the text of a charge, with its `quantity` and the `price` of each.
    - minimum: the `item` is empty. The `price` is what cameras and fees fall short of the minimum
      `gross_price`, which applies to `days` dates of the month. The `quantity` is 1.
    - credits: as one-off charges, but `quantity` and `amount` are negative. Of a credit of which a
      part is deducted, the `quantity` is -1 and the `price` that part.

    A line that `corrects` an invoice, given by its number, states what is charged more. If less
    is charged, `quantity` and `amount` are negative. Its `cameras` are those that differ.
    """

    item: str
    period_from: date
    period_until: date
    price: Decimal
    cameras: int
    quantity: Decimal
    amount: Decimal
    tax_category: TaxCategory
    tax_percent: Decimal
    corrects: str = ""
    section: Section = Section.USAGE
    gross_price: Decimal | None = None
    days: int | None = None

    def turned(self) -> DocumentLine:
        """Return the line with the opposite sign."""
        days = None if self.days is None else -self.days
        return replace(self, quantity=-self.quantity, amount=-self.amount, days=days)

    @property
    def period(self) -> Period:
        """The dates of the line."""
        return Period(self.period_from, self.period_until)

    @property
    def month_days(self) -> int:
        """The number of dates in the month of the line."""
        return month_of(self.period_from).days

    @property
    def is_by_month(self) -> bool:
        """Whether the quantity is in months; otherwise it is in pieces."""
        return self.section in (Section.USAGE, Section.FEES)

    @property
    def discount(self) -> Decimal | None:
        """What a discount takes off the gross price of usage; None if it is not stated."""
        if self.section is not Section.USAGE or self.gross_price is None:
            return None
        return self.gross_price - self.price

    @property
    def discount_percent(self) -> Decimal | None:
        """The discount in percent, or None if it is not stated or nothing is taken off."""
        if not self.discount or not self.gross_price:
            return None
        return to_places(Fraction(self.discount) * 100 / Fraction(self.gross_price), 2)


@dataclass(frozen=True, slots=True)
class CarriedCredit:
    """What an invoice leaves of a credit: it becomes a credit of its own of a later date."""

    text: str
    day: date
    amount: Decimal


def values_of(part: Party | Account | DocumentLine | TaxSubtotal | French) -> dict[str, Any]:
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
    organization. `profile` decides which rules the XML follows, and `references` are the buyer's.
    `taxes` are subtotals by category and percentage, in this order. The total of a credit note is
    also positive, so its lines state what is credited; its `due_on` is None, and `cancels` is set
    if it cancels an invoice. `corrects` are the invoices that lines correct, and `carried` is what
    an invoice leaves of credits. The total of an invoice can be 0. Only an issued invoice has a
    `payment_reference`. `french` is set between French companies. The `style` is how the document
    looks. The `terms` of a credit note are those without payment.
    `accounting_tax` has the taxes in the provider's own currency, if they are due and that is
    another one.
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
    carried: tuple[CarriedCredit, ...] = ()
    payment_reference: PaymentReference | None = None
    profile: Profile = Profile.EN16931
    references: References = NO_REFERENCES
    french: French | None = None
    style: Style = ORIGINAL
    terms: Terms = NO_TERMS
    accounting_tax: AccountingTax | None = None

    @property
    def tax_amount(self) -> Decimal:
        """The sum of all taxes."""
        return sum((tax.amount for tax in self.taxes), self.net * 0)

    @property
    def total(self) -> Decimal:
        """The amount to pay, or the amount credited."""
        return self.net + self.tax_amount
