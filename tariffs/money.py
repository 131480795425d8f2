"""Amounts of money as people read them, with the decimals of their currency."""

from decimal import Decimal

from foundation.web.money import format_number_of
from rating.money import minor_digits


def format_money(amount: Decimal, currency: str, language: str | None = None) -> str:
    """Return `amount` with the currency's code, written as in `language`, or else the active one.

    Raises:
        ValueError: `currency` is not an ISO 4217 currency that money is counted in.
    """
    return format_number_of(amount, currency, minor_digits(currency), language)
