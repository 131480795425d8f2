"""Texts as they may be: names are people's, and any character may stand in them."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

# Stands, visibly, for a character that cannot be written or printed.
STAND_IN = "\N{REPLACEMENT CHARACTER}"

# All but what XML 1.0 calls Char (section 2.2): control characters, halves of surrogate pairs.
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What ends a line or goes to the next column: no text has more than one line.
_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")


# Categories of Unicode: marks of all kinds, and characters that only tell how to draw others.
_JOINED = {"Mn", "Mc", "Me", "Cf"}


def on_one_line(text: str) -> str:
    """Return `text` with a space wherever it breaks."""
    return _BREAKS.sub(" ", text)


def storable(text: str) -> str:
    """Return `text` with a stand-in for each character that XML cannot hold."""
    return _NOT_IN_XML.sub(STAND_IN, text)


def without_marks(text: str) -> str:
    """Return `text` with a stand-in for each sign that is drawn on or with another."""
    return "".join(STAND_IN if unicodedata.category(each) in _JOINED else each for each in text)


def in_each_text(data: Any, change: Callable[[str], str]) -> Any:
    """Return dictionaries and lists, however nested, with each text in them changed."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {key: in_each_text(value, change) for key, value in data.items()}
    if isinstance(data, list):
        return [in_each_text(value, change) for value in data]
    return data


def texts_of(data: Any) -> set[str]:
    """Return the texts in dictionaries and lists, however nested."""
    texts: set[str] = set()
    in_each_text(data, lambda text: texts.add(text) or text)  # type: ignore[func-returns-value]
    return texts


def is_from_right(text: str) -> bool:
    """Tell whether the first letter of a text is of a script written from right to left."""
    directions = map(unicodedata.bidirectional, text)
    return next((each for each in directions if each in ("L", "R", "AL")), "L") != "L"
