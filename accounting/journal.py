"""The journal: what documents and payments book to which accounts, in the order of their dates.

Each amount is booked in full from one account to another, so debits and credits are equal. An
allocation books nothing: both sides are the same debtor's. docs/accounting.md has the rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from heapq import merge
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection

from accounting.models import AccountingSettings, RevenueAccount
from foundation.lists.exports import ROWS_A_FETCH, Cell
from invoices.documents.document import Kind
from payments.models import Method, PaymentKind
from rating.periods import Period
from tariffs.money import exact

COLUMNS = (
    "date",
    "entry",
    "number",
    "refers_to",
    "organization",
    "contract",
    "debtor",
    "debit_account",
    "credit_account",
    "currency",
    "amount",
    "tax_category",
    "tax_percent",
    "net",
    "tax",
    "text",
)
ALLOCATION = "allocation"
REVERSAL = "reversal"

EARLIER = """
    LEFT JOIN invoices_invoice AS earlier ON earlier.id = coalesce(
        document.cancels_id,
        (SELECT corrects_id FROM invoices_correction WHERE document_id = document.id)
    )
"""
"""Joins the invoice that a `document` cancels or corrects."""
ONLY_INVOICE = """
    SELECT CASE WHEN min(invoice_id) = max(invoice_id) THEN (
        SELECT number FROM invoices_invoice WHERE id = min(invoice_id)
    ) END
    FROM payments_allocation WHERE payment_id = coalesce(reverses_id, payment.id)
"""
"""The number of the invoice that a `payment` pays, or that what it reverses paid, if it is one."""
_DOCUMENTS = f"""
    SELECT document.issued_on, document.kind, document.number, document.organization_id,
        document.organization_title, document.buyer_reference, document.currency,
        part.category, part.percent, part.net, part.amount, earlier.number,
        organization.debtor_number
    FROM invoices_invoice AS document
    JOIN organizations_organization AS organization ON organization.id = document.organization_id
    JOIN invoices_invoicetax AS part ON part.invoice_id = document.id
    {EARLIER}
    WHERE document.issued_on >= %(start)s AND document.issued_on < %(end)s
    ORDER BY document.issued_on, document.number, part.position
"""
_PAYMENTS = f"""
    SELECT paid_on, kind, method, payment.id, organization_id, title, contract_number, currency,
        amount, reference, reverses_id, ({ONLY_INVOICE}), debtor_number
    FROM payments_payment AS payment
    JOIN organizations_organization AS organization ON organization.id = organization_id
    WHERE paid_on >= %(start)s AND paid_on < %(end)s
    ORDER BY paid_on, payment.id
"""
_ALLOCATIONS = """
    SELECT (allocated_at AT TIME ZONE %(zone)s)::date AS day, allocation.id, payment_id, number,
        payment.organization_id, title, contract_number, payment.currency, allocation.amount,
        debtor_number
    FROM payments_allocation AS allocation
    JOIN payments_payment AS payment ON payment.id = payment_id
    JOIN invoices_invoice AS document ON document.id = allocation.invoice_id
    JOIN organizations_organization AS organization ON organization.id = payment.organization_id
    WHERE allocated_at >= %(start)s::timestamp AT TIME ZONE %(zone)s
        AND allocated_at < %(end)s::timestamp AT TIME ZONE %(zone)s
    ORDER BY day, allocation.id
"""


@dataclass(frozen=True, slots=True)
class Accounts:
    """Where things are booked. An account that is not known is ""."""

    settings: AccountingSettings
    revenue: Mapping[tuple[str, Decimal], RevenueAccount]

    def debtor(self, organization_id: int, given: str | None) -> str:
        """Return the number of an organization's personal account: the given or a counted one."""
        return given or str(self.settings.debtor(organization_id))

    def of_money(self, kind: str, method: str) -> str:
        """Return the account on the other side of a payment."""
        match kind:
            case PaymentKind.BANK_FEE:
                return self.settings.bank_fees
            case PaymentKind.WRITE_OFF:
                return self.settings.write_offs
            case PaymentKind.TRANSFER:
                return self.settings.clearing
        by_method = {
            Method.TRANSFER: self.settings.bank,
            Method.CARD: self.settings.card,
            Method.DIRECT_DEBIT: self.settings.direct_debit,
            Method.CASH: self.settings.cash,
        }
        return by_method.get(Method(method), self.settings.other)


class Booking(NamedTuple):
    """An entry of the journal. `amount` is positive, and `refers_to` a document, if there is one.

    It is booked from `credit` to `debit`; an allocation has neither. `net` and `tax` have the sign
    of the document: those of a credit note are negative.
    """

    day: date
    entry: str
    number: str
    refers_to: str
    organization: str
    contract: str
    debtor: str
    debit: str
    credit: str
    currency: str
    amount: Decimal
    text: str
    category: str = ""
    percent: Decimal | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    tax_key: str = ""
    is_debtor_debited: bool = True

    @property
    def is_booked(self) -> bool:
        return self.entry != ALLOCATION


def stored_settings() -> AccountingSettings:
    """Return the settings, or the defaults if there are none."""
    return AccountingSettings.objects.first() or AccountingSettings()


def accounts() -> Accounts:
    """Read where things are booked."""
    revenue = {(each.category, each.percent): each for each in RevenueAccount.objects.all()}
    return Accounts(stored_settings(), revenue)


def bookings(period: Period, known: Accounts) -> Iterator[Booking]:
    """Yield the entries of dates, in their order: documents, then payments, then allocations.

    Memory does not grow with their number.
    """
    of_documents = (_document(row, known) for row in rows_of(_DOCUMENTS, period))
    of_payments = (_payment(row, known) for row in rows_of(_PAYMENTS, period))
    of_allocations = (_allocation(row, known) for row in rows_of(_ALLOCATIONS, period))
    in_order = merge(of_documents, of_payments, of_allocations, key=lambda each: each.day)
    return (each for each in in_order if each.amount)


def rows_of(sql: str, period: Period) -> Iterator[Any]:
    """Yield the rows of a query about `start`, `end` and the time `zone` of the provider."""
    values = {**period._asdict(), "zone": settings.TIME_ZONE}
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(ROWS_A_FETCH):
            yield from rows


def _document(row: Sequence[Any], known: Accounts) -> Booking:
    day, kind, number, organization, title, contract, currency, category, percent, *rest = row
    net, tax, earlier, given = rest
    sign = -1 if kind == Kind.CREDIT_NOTE else 1
    amount = sign * (net + tax)
    revenue = known.revenue.get((category, percent))
    debtor = known.debtor(organization, given)
    account = revenue.account if revenue else ""
    return Booking(
        day,
        kind,
        number,
        earlier or "",
        title,
        contract,
        debtor,
        *((debtor, account) if amount >= 0 else (account, debtor)),
        currency,
        abs(amount),
        title,
        category,
        percent,
        sign * net,
        sign * tax,
        revenue.tax_key if revenue else "",
        amount >= 0,
    )


def _payment(row: Sequence[Any], known: Accounts) -> Booking:
    day, kind, method, pk, organization, title, contract, currency, amount, *rest = row
    reference, reverses, invoice, given = rest
    debtor, money = known.debtor(organization, given), known.of_money(kind, method)
    return Booking(
        day,
        kind if reverses is None else REVERSAL,
        f"P{pk}",
        invoice or ("" if reverses is None else f"P{reverses}"),
        title,
        contract,
        debtor,
        *((money, debtor) if amount > 0 else (debtor, money)),
        currency,
        abs(amount),
        reference or title,
        is_debtor_debited=amount < 0,
    )


def _allocation(row: Sequence[Any], known: Accounts) -> Booking:
    day, _pk, payment, number, organization, title, contract, currency, amount, given = row
    debtor = known.debtor(organization, given)
    return Booking(
        day,
        ALLOCATION,
        f"P{payment}",
        number,
        title,
        contract,
        debtor,
        "",
        "",
        currency,
        amount,
        "",
    )


def cells(booking: Booking) -> list[Cell]:
    """Return the cells of `COLUMNS`, amounts with the decimals of the currency."""

    def money(amount: Decimal | None) -> Decimal | None:
        return None if amount is None else exact(amount, booking.currency)

    return [
        booking.day,
        booking.entry,
        booking.number,
        booking.refers_to or None,
        booking.organization,
        booking.contract or None,
        booking.debtor or None,
        booking.debit or None,
        booking.credit or None,
        booking.currency,
        money(booking.amount),
        booking.category or None,
        booking.percent,
        money(booking.net),
        money(booking.tax),
        booking.text or None,
    ]
