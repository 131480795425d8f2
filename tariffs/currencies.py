"""The currencies that a tariff can have (ISO 4217)."""

from typing import Any

from babel import Locale
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import get_language, to_locale
from iso4217 import Currency

# A price has four decimal places, so no currency whose minor unit is finer can be charged.
MAX_DIGITS = 4


def _label(currency: Currency) -> str:
    locale = Locale.parse(to_locale(get_language() or settings.LANGUAGE_CODE))
    # ISO 4217 has its names in English, and Babel none of a few rare currencies.
    if locale.language == "en":
        name = currency.currency_name
    else:
        name = locale.currencies.get(currency.code, "")
    return f"{currency.code} – {name}" if name else currency.code


_lazy_label = lazy(_label, str)


def currency_choices() -> list[tuple[str, Any]]:
    """List the currencies that a tariff may have, by code, with their names to whoever reads."""
    return [
        (currency.code, _lazy_label(currency))
        for currency in sorted(Currency, key=lambda currency: currency.code)
        if currency.exponent is not None and currency.exponent <= MAX_DIGITS
    ]
