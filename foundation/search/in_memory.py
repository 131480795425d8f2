"""The search of `foundation.search.index` for texts that are not in a table: the same rules."""

import re
from unicodedata import normalize

from foundation.search.index import TWO_LETTERS, words_of

_DOTLESS_I = "\N{LATIN SMALL LETTER DOTLESS I}"
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ø": "o", "ł": "l", "đ": "d", "ð": "d"}
    | {_DOTLESS_I: "i"}
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_LEADING_ZEROS = re.compile(" 0+(?=[1-9])")


def folded_text(text: str) -> str:
    """Return what `search_text` in migrations/sql/0001_functions.sql returns."""
    lower = normalize("NFC", f" {text.lower()}")
    other = lower.translate(TWO_LETTERS)
    if other != lower:
        lower = f"{lower} {other}"
    plain = _ACCENTS.sub("", normalize("NFKD", lower.translate(_LETTERS)))
    folded = re.sub(r"[\W_]+", "  ", plain)
    return folded + _LEADING_ZEROS.sub(" ", folded) if " 0" in folded else folded


def is_found(text: str, typed: str) -> bool:
    """Return whether each typed word is in `text`."""
    folded = folded_text(text)
    return all(
        any(_needle(word) in folded for word in {each, each.translate(TWO_LETTERS)})
        for each in words_of(typed)
    )


def _needle(word: str) -> str:
    # A few signs, such as an iota subscript on its own, have nothing to look for.
    folded = (folded_text(word).split() or [""])[0]
    return folded if len(folded) > 2 else f"  {folded}"
