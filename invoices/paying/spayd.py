"""Short Payment Descriptor 1.0: the QR code of transfers in Czech koruna."""

from __future__ import annotations

from urllib.parse import quote

from invoices.paying.transfer import PaymentCode, Scheme, Transfer, line

# What a value contains as it is. An asterisk ends a value, and a per cent sign begins an escape.
_SAFE = " !$&'()+,-./:;<=>?@[]_"
_MOST_AMOUNT, _MOST_NAME, _MOST_TEXT = 10**7, 35, 60


def spayd(transfer: Transfer) -> PaymentCode | None:
    """Return the code of a transfer, or None if the format cannot state it.

    It can state amounts in koruna below ten million to a Czech IBAN. Other letters than those of
    ASCII are escaped, so the code is read in the same way whatever character set is assumed.
    """
    amount = transfer.amount
    if (
        transfer.currency != "CZK"
        or transfer.country != "CZ"
        or amount != round(amount, 2)
        or not 0 < amount < _MOST_AMOUNT
    ):
        return None
    account = f"{transfer.account}+{transfer.bic}" if transfer.bic else transfer.account
    values = {
        "ACC": account,
        "AM": f"{amount:.2f}",
        "CC": "CZK",
        "DT": f"{transfer.due_on:%Y%m%d}" if transfer.due_on else "",
        "MSG": _escaped(transfer.purpose, _MOST_TEXT),
        "RN": _escaped(transfer.payee.name, _MOST_NAME),
    }
    stated = (f"{name}:{value}" for name, value in values.items() if value)
    return PaymentCode(Scheme.SPAYD, "*".join(["SPD", "1.0", *stated]), "iso-8859-1")


def _escaped(text: str, most: int) -> str:
    return quote(line(text, most), safe=_SAFE)
