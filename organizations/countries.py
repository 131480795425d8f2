"""Countries by ISO 3166 code."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language, to_locale

KOSOVO = "XK"
"""The code that is used by most, such as CLDR, though ISO 3166 has none."""


@cache
def country_codes() -> tuple[str, ...]:
    """Return the codes of all countries that the tz database lists, and of Kosovo."""
    table = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text("utf-8")
    listed = (line[:2] for line in table.splitlines() if not line.startswith("#"))
    return (*listed, KOSOVO)


def country_name(code: str, language: str | None = None) -> str:
    """Return the name of a country in `language` or the active language."""
    locale = Locale.parse(to_locale(language or get_language() or settings.LANGUAGE_CODE))
    name: str = locale.territories.get(code, code)
    return name


def country_choices() -> Sequence[tuple[str, str]]:
    """Return the countries to choose from, sorted by name, after an empty choice."""
    return _choices(get_language() or settings.LANGUAGE_CODE)


# Forms read the choices of a field several times.
@cache
def _choices(language: str) -> Sequence[tuple[str, str]]:
    named = ((code, country_name(code, language)) for code in country_codes())
    return ("", "—"), *sorted(named, key=lambda each: each[1])
