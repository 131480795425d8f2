"""EPC069-12: the QR code of SEPA credit transfers in euros, version 002."""

from __future__ import annotations

from invoices.paying.transfer import PaymentCode, Scheme, Transfer, line

# What a code of version 13 with error correction M holds, which is the largest allowed.
MOST_BYTES = 331
_MOST_NAME, _MOST_INFORMATION = 70, 70
_ENCODING, _ENCODING_NUMBER = "utf-8", "1"
# Version 002 may leave out the BIC for banks in the European Economic Area.
_WITHOUT_BIC = frozenset(
    (
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE"),
        *("SI", "SK"),
    )
)
_SEPA = _WITHOUT_BIC | {
    *("AD", "AL", "CH", "GB", "GI", "MC", "MD", "ME", "MK", "RS", "SM", "VA"),
}


def epc(transfer: Transfer) -> PaymentCode | None:
    """Return the code of a transfer, or None if EPC069-12 cannot state it.

    It can state amounts in euros up to 999,999,999.99 to an IBAN of a SEPA country. A reference
    and a text exclude each other: an RF reference is stated as such, any other as text. A name of
    letters that need many bytes is cut off so that the code holds it.
    """
    amount = transfer.amount
    if (
        transfer.currency != "EUR"
        or transfer.country not in _SEPA
        or not (transfer.bic or transfer.country in _WITHOUT_BIC)
        or amount != round(amount, 2)
        or not 0 < amount < 10**9
    ):
        return None
    for length in range(_MOST_NAME, 0, -1):
        text = _text(transfer, line(transfer.payee.name, length))
        if len(text.encode(_ENCODING)) <= MOST_BYTES:
            return PaymentCode(Scheme.EPC, text, _ENCODING)
    return None


def _text(transfer: Transfer, name: str) -> str:
    reference = transfer.reference
    parts = (
        *("BCD", "002", _ENCODING_NUMBER, "SCT"),
        *(transfer.bic, name, transfer.account, f"EUR{transfer.amount:.2f}"),
        # The purpose has a code of its own, which nobody needs.
        "",
        *(reference.in_rf, "" if reference.in_rf else reference.stated),
        line(transfer.number, _MOST_INFORMATION),
    )
    return "\n".join(parts)
