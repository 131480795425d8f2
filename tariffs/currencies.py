"""The currencies that a tariff may use (ISO 4217)."""

from collections.abc import Sequence
from functools import cache

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language, to_locale
from iso4217 import Currency

# Prices have four decimal places, so a currency with a finer minor unit cannot be charged.
MAX_DIGITS = 4


def currency_choices() -> Sequence[tuple[str, str]]:
    """Return the currencies that a tariff may use, sorted by code, with translated names."""
    return _choices(get_language() or settings.LANGUAGE_CODE)


# Forms read the choices of a field several times.
@cache
def _choices(language: str) -> Sequence[tuple[str, str]]:
    locale = Locale.parse(to_locale(language))
    return tuple(
        (currency.code, _label(currency, locale))
        for currency in sorted(Currency, key=lambda currency: currency.code)
        if currency.exponent is not None and currency.exponent <= MAX_DIGITS
    )


def _label(currency: Currency, locale: Locale) -> str:
    # ISO 4217 names currencies in English; Babel lacks the names of a few rare ones.
    if locale.language == "en":
        name = currency.currency_name
    else:
        name = locale.currencies.get(currency.code, "")
    return f"{currency.code} – {name}" if name else currency.code
