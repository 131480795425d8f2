"""Amounts of money as people read them."""

import re
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale
from babel.numbers import format_currency
from django.conf import settings
from django.utils.translation import get_language, to_locale

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def format_number_of(
    number: Decimal, currency: str, digits: int, language: str | None = None
) -> str:
    """Return `number` with a currency code, in the format of `language` or the active language.

    Show at least `digits` decimals, and more if the number has them: a monthly price may be finer
    than the smallest amount that can be paid. Use the code, because many currencies share a sign.
    """
    language = language or get_language() or settings.LANGUAGE_CODE
    # As text, because -0 and 0 are equal and look different.
    return _formatted(str(number), currency, digits, language)


# Most amounts on a page are prices, or what whole months cost: the same ones again and again.
@lru_cache(maxsize=2_000)
def _formatted(number: str, currency: str, digits: int, language: str) -> str:
    locale = locale_of(language)
    return format_currency(
        Decimal(number),
        currency,
        format=_pattern(locale, digits),
        locale=locale,
        # Babel's own digits are wrong for some currencies; the pattern has the right ones.
        currency_digits=False,
        decimal_quantization=False,
    )


@cache
def locale_of(language: str) -> Locale:
    """Return Babel's locale of a language; Babel would parse its name for each number."""
    return Locale.parse(to_locale(language))


@cache
def _pattern(locale: Locale, digits: int) -> str:
    """Return the locale's pattern for money with a spaced code (¤¤) and `digits` decimals."""
    pattern = locale.currency_formats["standard"].pattern
    pattern = re.sub(r"¤(?=[#0])", f"¤{NO_BREAK_SPACE}", pattern)
    pattern = re.sub(r"(?<=0)¤", f"{NO_BREAK_SPACE}¤", pattern).replace("¤", "¤¤")
    return re.sub(r"0\.0+", f"0.{'0' * digits}".rstrip("."), pattern)
