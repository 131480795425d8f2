"""The currencies that a tariff may use (ISO 4217)."""

from typing import Any

from babel import Locale
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import get_language, to_locale
from iso4217 import Currency

# Prices have four decimal places, so a currency with a finer minor unit cannot be charged.
MAX_DIGITS = 4


def _label(currency: Currency) -> str:
    locale = Locale.parse(to_locale(get_language() or settings.LANGUAGE_CODE))
    # ISO 4217 names currencies in English; Babel lacks the names of a few rare ones.
    if locale.language == "en":
        name = currency.currency_name
    else:
        name = locale.currencies.get(currency.code, "")
    return f"{currency.code} – {name}" if name else currency.code


_lazy_label = lazy(_label, str)


def currency_choices() -> list[tuple[str, Any]]:
    """Return the currencies that a tariff may use, sorted by code, with translated names."""
    return [
        (currency.code, _lazy_label(currency))
        for currency in sorted(Currency, key=lambda currency: currency.code)
        if currency.exponent is not None and currency.exponent <= MAX_DIGITS
    ]
