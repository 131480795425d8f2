"""The currencies that amounts can be in, and those that can be chosen (ISO 4217)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from babel import Locale
from babel.core import get_global
from django.conf import settings
from django.utils.translation import get_language, gettext, to_locale
from iso4217 import Currency

from rating.currencies import KnownCurrency, known_currencies

# Prices have four decimal places, so a currency with a finer minor unit cannot be charged.
MAX_DIGITS = 4
# What replaced a country's withdrawn currency, which Babel 2.18 still names.
_REPLACED_BY = {"BGN": "EUR"}
# Currencies in force that the code lists of electronic invoices lack, with the syntaxes: the rules
# of EN 16931 1.3.16 for UBL, and those of Factur-X 1.09.2 for CII.
_NOT_IN = {"STN": ("UBL",), "XAD": ("CII", "UBL")}


def currency_choices() -> Sequence[tuple[str, str]]:
    """Return all currencies that amounts can be in, sorted by code, with translated names.

    Those that are withdrawn are among them: what is stored in them is still shown.
    """
    return tuple((code, name) for code, name, _withdrawn in _labelled(_language()))


def offered_currencies(*kept: str) -> Sequence[tuple[str, str]]:
    """Return the currencies that can be chosen: those in force, and `kept`, already chosen ones."""
    return tuple(
        (code, _with_warning(code, name))
        for code, name, is_withdrawn in _labelled(_language())
        if not is_withdrawn or code in kept
    )


def syntaxes_without(currency: str) -> Sequence[str]:
    """Return the syntaxes of electronic invoices, CII or UBL, that do not take a currency."""
    return _NOT_IN.get(currency, ())


def _with_warning(code: str, name: str) -> str:
    match syntaxes_without(code):
        case ():
            return name
        case (syntax,):
            text = gettext("%(currency)s (no XML invoices in %(syntax)s)")
            return text % {"currency": name, "syntax": syntax}
    return gettext("%(currency)s (no XML invoices)") % {"currency": name}


def currency_of_country(country: str) -> str:
    """Return the currency in force in a country (ISO 3166), or "" if it is not known (CLDR)."""
    used = get_global("territory_currencies").get(country, ())
    # Each is (code, first day, last day, whether it is legal tender), in order of the first days.
    codes = [code for code, _first, last, is_tender in used if last is None and is_tender]
    found = [_REPLACED_BY.get(code, code) for code in reversed(codes)]
    known = known_currencies()
    return next((code for code in found if code in known and not known[code].is_withdrawn), "")


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


# Forms read the choices of a field several times.
@cache
def _labelled(language: str) -> Sequence[tuple[str, str, bool]]:
    locale = Locale.parse(to_locale(language))
    return tuple(
        (code, _label(currency, locale), currency.is_withdrawn)
        for code, currency in sorted(known_currencies().items())
        if currency.digits <= MAX_DIGITS
    )


def _label(currency: KnownCurrency, locale: Locale) -> str:
    # ISO 4217 names currencies in English; Babel lacks the names of a few rare ones.
    if locale.language == "en" and not currency.is_withdrawn:
        name = Currency(currency.code).currency_name
    else:
        name = locale.currencies.get(currency.code, "")
    label = f"{currency.code} – {name}" if name else currency.code
    return (
        gettext("%(currency)s (withdrawn)") % {"currency": label}
        if currency.is_withdrawn
        else label
    )
