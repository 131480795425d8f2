"""GOST R 56042-2014: the QR code of transfers in Russian roubles."""

from __future__ import annotations

import re

from invoices.paying.transfer import PaymentCode, Scheme, Transfer, line
from organizations.billing.tax_id_rules import russian_tax_id

_HEADER = "ST00012"
_ENCODING = "utf-8"
_BIK = re.compile(r"[0-9]{9}", re.ASCII)
_ACCOUNT = re.compile(r"[0-9]{20}", re.ASCII)
# The character after the header separates the values, which must not contain it.
_SEPARATORS = "|~^#;"


def gost(transfer: Transfer) -> PaymentCode | None:
    """Return the code of a transfer, or None if the standard cannot state it.

    It can state amounts in roubles to an account at a bank of which the BIK, the name and the
    correspondent account are known: they are mandatory (section 5.2).
    """
    amount = transfer.amount
    if (
        transfer.currency != "RUB"
        or not _ACCOUNT.fullmatch(transfer.account)
        or not _ACCOUNT.fullmatch(transfer.correspondent)
        or not _BIK.fullmatch(transfer.bic)
        or not transfer.bank
        or amount != round(amount, 2)
        or amount <= 0
    ):
        return None
    values = {
        "Name": line(transfer.payee.name, 160),
        "PersonalAcc": transfer.account,
        "BankName": line(transfer.bank, 45),
        "BIC": transfer.bic,
        "CorrespAcc": transfer.correspondent,
        # In kopecks.
        "Sum": f"{amount * 100:.0f}",
        "Purpose": line(transfer.purpose, 210),
    }
    if known := russian_tax_id(transfer.tax_id):
        values["PayeeINN"], kpp = known
        values |= {"KPP": kpp} if kpp else {}
    used = "".join(values.values())
    separator = next((each for each in _SEPARATORS if each not in used), None)
    if separator is None:
        return None
    parts = [_HEADER, *(f"{name}={value}" for name, value in values.items())]
    return PaymentCode(Scheme.GOST, separator.join(parts), _ENCODING)
