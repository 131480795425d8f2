"""The Swiss QR-bill, version 2.3 of its implementation guidelines, by the library chqr."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from invoices.paying.references import Form, is_qr_iban
from invoices.paying.transfer import Address, PaymentCode, Scheme, Transfer, line

if TYPE_CHECKING:
    from chqr import QRBill

_MOST_NAME, _MOST_STREET, _MOST_CITY = 70, 70, 35
# What the library leaves out, as it draws scissors instead (section 3.7).
_SEPARATE = {
    "de": "Vor der Einzahlung abzutrennen",
    "en": "Separate before paying in",
    "fr": "A détacher avant le versement",
    "it": "Da staccare prima del versamento",
}


def swiss(transfer: Transfer) -> PaymentCode | None:
    """Return the code of a transfer, or None if a QR-bill cannot state it.

    It can state amounts in francs and euros to an account in Switzerland or Liechtenstein. The
    payee needs a postal code and a city, and Latin letters.
    """
    bill = _bill(transfer)
    if bill is None:
        return None
    return PaymentCode(Scheme.SWISS, bill.build_data_string(), "utf-8")


def slip(transfer: Transfer, language: str) -> dict[str, Any] | None:
    """Return the texts of the payment part and the receipt, or None if there is no QR-bill.

    Headings are in a language of Switzerland, otherwise in English, as the guidelines demand.
    """
    bill = _bill(transfer)
    if bill is None:
        return None
    from chqr.constants import TRANSLATIONS

    language = language if language in TRANSLATIONS else "en"
    account = bill.account
    return {
        "headings": {**TRANSLATIONS[language], "separate": _SEPARATE[language]},
        "account": " ".join(account[at : at + 4] for at in range(0, len(account), 4)),
        "payee": _printed(bill.creditor),
        "payer": _printed(bill.debtor),
        # The receipt is narrow, and may leave out the street (section 3.6.2).
        "payee_on_receipt": _printed(bill.creditor, with_street=False),
        "payer_on_receipt": _printed(bill.debtor, with_street=False),
        "reference": transfer.reference.printed,
        "information": bill.additional_information,
        "currency": bill.currency,
        # With a space between thousands (section 3.5.3).
        "amount": f"{transfer.amount:,.2f}".replace(",", " "),
    }


def _bill(transfer: Transfer) -> QRBill | None:
    """Return the bill, checked; None if one of its values is not allowed.

    The type of the reference follows from the account: the library would take any with none.
    """
    if transfer.currency not in ("CHF", "EUR") or transfer.country not in ("CH", "LI"):
        return None
    expected = Form.SWISS if is_qr_iban(transfer.account) else Form.RF
    if transfer.reference.form is not expected or transfer.amount <= 0:
        return None
    from chqr import Creditor, QRBill, ValidationError

    try:
        return QRBill(
            account=transfer.account,
            creditor=Creditor(**_values(transfer.payee)),
            currency=transfer.currency,
            amount=transfer.amount,
            reference_type="QRR" if expected is Form.SWISS else "SCOR",
            reference=transfer.reference.text,
            additional_information=line(transfer.number),
            debtor=_debtor(transfer.payer),
        )
    except ValidationError:
        return None


def _debtor(payer: Address) -> Any:
    """Return the payer, or None if the bill cannot state the address: then it is left blank."""
    from chqr import UltimateDebtor, ValidationError

    try:
        return UltimateDebtor(**_values(payer))
    except ValidationError:
        return None


def _values(address: Address) -> dict[str, str]:
    return {
        "name": line(address.name, _MOST_NAME),
        "street": line(address.street, _MOST_STREET),
        "postal_code": line(address.postal_code),
        "city": line(address.city, _MOST_CITY),
        "country": address.country,
    }


def _printed(party: Any, *, with_street: bool = True) -> list[str]:
    if party is None:
        return []
    place = f"{party.postal_code} {party.city}"
    if party.country not in ("CH", "LI"):
        place = f"{party.country}-{place}"
    street = [party.street] if party.street and with_street else []
    return [party.name, *street, place]
