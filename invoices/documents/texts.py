"""Make texts safe for XML and PDF: people's names can contain any character."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

# A visible replacement for a character that cannot be written or printed.
STAND_IN = "\N{REPLACEMENT CHARACTER}"

# All characters except those that XML 1.0 calls Char (section 2.2), that is, control characters
# and halves of surrogate pairs.
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Line breaks and tabs: every text must fit on one line.
_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
# document.typ breaks these words, because they are wider than a column.
_LONG_WORD = re.compile(r"\S{36}")

# Unicode categories of marks, and of characters that only control how others are drawn.
_JOINED = {"Mn", "Mc", "Me", "Cf"}


def on_one_line(text: str) -> str:
    """Return `text` with line breaks and tabs replaced by spaces."""
    return _BREAKS.sub(" ", text)


def storable(text: str) -> str:
    """Return `text` with a replacement for each character that XML cannot contain."""
    return _NOT_IN_XML.sub(STAND_IN, text)


def is_plain(texts: Iterable[str]) -> bool:
    """Return whether `on_one_line` and `storable` would change none of the texts."""
    joined = "".join(texts)
    return not _BREAKS.search(joined) and not _NOT_IN_XML.search(joined)


def has_long_word(text: str) -> bool:
    """Return whether a word of a text may be too wide for a column."""
    return _LONG_WORD.search(text) is not None


def without_marks(text: str) -> str:
    """Return `text` with a replacement for each character that is drawn on or with another."""
    return "".join(STAND_IN if unicodedata.category(each) in _JOINED else each for each in text)


def in_each_text(data: Any, change: Callable[[str], str]) -> Any:
    """Return a copy of nested dictionaries and lists with `change` applied to each text."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {key: in_each_text(value, change) for key, value in data.items()}
    if isinstance(data, list):
        return [in_each_text(value, change) for value in data]
    return data


def texts_of(data: Any) -> set[str]:
    """Return the texts in nested dictionaries and lists."""
    texts: set[str] = set()
    _add_texts(data, texts)
    return texts


def _add_texts(data: Any, texts: set[str]) -> None:
    if isinstance(data, str):
        texts.add(data)
    elif isinstance(data, dict):
        for value in data.values():
            _add_texts(value, texts)
    elif isinstance(data, list):
        for value in data:
            _add_texts(value, texts)


def is_from_right(text: str) -> bool:
    """Return whether the first letter of a text belongs to a right-to-left script."""
    directions = map(unicodedata.bidirectional, text)
    return next((each for each in directions if each in ("L", "R", "AL")), "L") != "L"
