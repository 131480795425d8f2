"""Format amounts of money with the decimals of their currency."""

from decimal import Decimal

from foundation.web.money import format_number_of
from rating.money import minor_digits


def format_money(amount: Decimal, currency: str, language: str | None = None) -> str:
    """Return `amount` with the currency code, in the format of `language` or the active language.

    Raises:
        ValueError: `currency` is not an ISO 4217 code with a defined number of decimals.
    """
    return format_number_of(amount, currency, minor_digits(currency), language)


def exact(amount: Decimal, currency: str) -> Decimal:
    """Return an amount with the decimals of its currency, for fields and files.

    Raises:
        ValueError: as `format_money`.
    """
    return amount.quantize(Decimal(1).scaleb(-minor_digits(currency)))
