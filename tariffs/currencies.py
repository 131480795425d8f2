"""Currencies and their minor units (ISO 4217)."""

from functools import cache

from iso4217 import Currency

# A price has four decimal places, so no currency whose minor unit is finer can be charged.
MAX_DIGITS = 4


@cache
def minor_digits(code: str) -> int:
    """Return how many decimal places an amount in currency `code` has: 0 to 4.

    Raises:
        ValueError: `code` is no ISO 4217 currency that money is counted in.
    """
    digits = Currency(code).exponent
    if digits is None:
        raise ValueError(f"{code} has no minor unit.")
    return digits


def currency_choices() -> list[tuple[str, str]]:
    """List the currencies that a tariff may have, by code, with their names."""
    return [
        (currency.code, f"{currency.code} – {currency.currency_name}")
        for currency in sorted(Currency, key=lambda currency: currency.code)
        if currency.exponent is not None and currency.exponent <= MAX_DIGITS
    ]
