"""Texts that XML can hold: names are people's, and any character may stand in them."""

import re
from collections.abc import Callable
from typing import Any

# Stands, visibly, for a character that cannot be written or printed.
STAND_IN = "\N{REPLACEMENT CHARACTER}"

# All but what XML 1.0 calls Char (section 2.2): control characters, halves of surrogate pairs.
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def storable(text: str) -> str:
    """Return `text` with a stand-in for each character that XML cannot hold."""
    return _NOT_IN_XML.sub(STAND_IN, text)


def in_each_text(data: Any, change: Callable[[str], str]) -> Any:
    """Return dictionaries and lists, however nested, with each text in them changed."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {key: in_each_text(value, change) for key, value in data.items()}
    if isinstance(data, list):
        return [in_each_text(value, change) for value in data]
    return data
