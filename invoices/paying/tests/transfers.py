"""Transfers for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from invoices.paying.references import reference_for
from invoices.paying.transfer import Address, Transfer

NUMBER = "INV-2026-000123"
GERMAN, SWISS, SWISS_QR = (
    "DE02120300000000202051",
    "CH9300762011623852957",
    "CH4431999123000889012",
)
BELGIAN, FINNISH, NORWEGIAN = "BE68539007547034", "FI2112345600000785", "NO9386011117947"
CZECH, BRITISH, RUSSIAN = "CZ6508000000192000145399", "GB29NWBK60161331926819", "4" * 20
PAYEE = Address("Watchful AG", "Hafenstrasse 1", "8001", "Zürich", "CH")
PAYER = Address("Hôtel du Phare SARL", "1 rue de la Mer", "13001", "Marseille", "FR")


def a_transfer(account: str = GERMAN, **values: Any) -> Transfer:
    """Return a transfer of 55.41 for the invoice with the id 123."""
    given = {
        "payee": PAYEE,
        "account": account,
        "bic": "",
        "bank": "Bank",
        "correspondent": "",
        "tax_id": "",
        "payer": PAYER,
        "amount": Decimal("55.41"),
        "currency": "EUR",
        "reference": reference_for(number=NUMBER, key=123, account=account),
        "number": NUMBER,
        "due_on": date(2026, 11, 17),
        "purpose": f"Payment of invoice {NUMBER}",
    }
    return Transfer(**{**given, **values})


def a_russian_transfer(**values: Any) -> Transfer:
    """Return a transfer in roubles to a Russian bank."""
    given = {
        "bic": "049805746",
        "bank": "Волга",
        "correspondent": "30101810800000000746",
        "currency": "RUB",
        "tax_id": "7701234567",
        "purpose": "Оплата счёта INV-2026-000123",
    }
    return a_transfer(RUSSIAN, **{**given, **values})
