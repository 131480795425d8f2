"""The payment code of an invoice, and what the Swiss payment part states."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, override

from invoices.documents.contents import payee_details
from invoices.documents.document import Document, Kind, Party
from invoices.paying.codes import code_for, drawn
from invoices.paying.swiss import slip
from invoices.paying.transfer import Address, PaymentCode, Transfer


def code_of(document: Document, amount: Decimal) -> PaymentCode | None:
    """Return the code by which an amount of an invoice is paid, or None if there is none.

    There is none for previews, credit notes and amounts of 0 or less, nor if no standard fits the
    account and the currency.
    """
    transfer = transfer_of(document, amount)
    return code_for(transfer) if transfer else None


def slip_of(document: Document) -> dict[str, Any] | None:
    """Return the texts of the payment part of a Swiss QR-bill, or None if there is none."""
    transfer = transfer_of(document, document.total)
    return slip(transfer, document.language) if transfer else None


@dataclass(frozen=True, slots=True)
class ToPay:
    """How an amount of an invoice is paid: details with their labels, and the code as SVG."""

    amount: Decimal
    details: list[list[str]]
    picture: bytes | None


def to_pay(document: Document, outstanding: Decimal) -> ToPay | None:
    """Return how the outstanding amount of an issued invoice is paid, in the current language.

    None if nothing is, or if the invoice states no account.
    """
    if transfer_of(document, outstanding) is None or not document.account.number:
        return None
    code = code_of(document, outstanding)
    return ToPay(outstanding, list(payee_details(document)), drawn(code) if code else None)


def transfer_of(document: Document, amount: Decimal) -> Transfer | None:
    """Return the transfer that pays an amount of an invoice, or None if there is nothing to pay."""
    reference, account = document.payment_reference, document.account
    if document.kind is not Kind.INVOICE or reference is None or amount <= 0:
        return None
    with override(document.language):
        purpose = gettext("Payment of invoice %(number)s dated %(date)s") % {
            "number": document.number,
            "date": date_format(document.issued_on),
        }
    return Transfer(
        payee=_address(document.seller),
        account="".join(account.number.split()),
        bic=account.bic,
        bank=account.bank,
        correspondent=account.correspondent,
        tax_id=document.seller.tax_id,
        payer=_address(document.buyer),
        amount=amount,
        currency=document.currency,
        reference=reference,
        number=document.number,
        due_on=document.due_on,
        purpose=purpose,
    )


def _address(party: Party) -> Address:
    return Address(party.name, party.street, party.postal_code, party.city, party.country)
