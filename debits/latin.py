"""Texts as every bank takes them: the Latin letters and signs of EPC 217-08, section 1."""

from __future__ import annotations

import re

_OTHERS = re.compile(r"[^A-Za-z0-9/?:().,'+ -]+")
_SIGNS = {"&": "+", "@": "(at)", "_": "-", ";": ",", "!": ".", '"': "'", "[": "(", "]": ")"}
# The number at the end of a street, or before its name, with a letter or a range.
_NUMBER = r"\d+(?: ?[A-Za-z])?(?: ?[-/] ?\d+ ?[A-Za-z]?)?"
_AFTER = re.compile(rf"(?P<street>\D.*?),? (?P<number>{_NUMBER})")
_BEFORE = re.compile(rf"(?P<number>{_NUMBER}),? (?P<street>\D.*)")
_LONGEST_NUMBER = 16


def latin(text: str, longest: int) -> str:
    """Return a text in the characters that banks take, of at most `longest` of them.

    Letters are transliterated, and signs replaced by similar ones or a space. It neither begins nor
    ends with a slash and has no two in a row, which would mean something.
    """
    from text_unidecode import unidecode

    for sign, similar in _SIGNS.items():
        text = text.replace(sign, similar)
    plain = _OTHERS.sub(" ", unidecode(text))
    plain = re.sub(r"/{2,}", "/", " ".join(plain.split()))
    return plain.strip("/ ")[:longest].strip("/ ")


def street_and_number(text: str) -> tuple[str, str]:
    """Return the street of an address and the number of the building, "" if that is not clear.

    In most countries the number comes last, in some first.
    """
    text = " ".join(text.split())
    for pattern in (_AFTER, _BEFORE):
        found = pattern.fullmatch(text)
        if found and len(found["number"]) <= _LONGEST_NUMBER:
            return found["street"], found["number"]
    return text, ""
