"""What an electronic invoice states, by the terms of EN 16931, whatever its syntax."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from invoices.checking.profiles import Syntax
from invoices.checking.reading import Read
from invoices.checking.terms import ALLOWANCES, GROUPS, LINES, NOTES, TAXES, Group, found_in

MOST_LINES = 200
"""How many lines of a document are kept; a document can have many thousands."""

_MOST_CHARACTERS = 1_000
_MOST_VALUES = 20
_COMPACT_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)")


def stated_by(document: Read) -> dict[str, Any]:
    """Return what a document states, as values that can be stored as JSON.

    `groups` are pairs of a group and its pairs of a term and a value. `notes`, `allowances`,
    `taxes` and `lines` (up to `MOST_LINES` of `line_count`) are lists of dictionaries by term.
    """
    root, syntax = document.root, document.syntax
    groups = [(group.code, list(_values(group, root, syntax))) for group in GROUPS]
    lines = LINES.elements(root, syntax)
    return {
        "groups": [(code, values) for code, values in groups if values],
        "notes": _rows(NOTES, NOTES.elements(root, syntax), syntax),
        "allowances": _rows(ALLOWANCES, ALLOWANCES.elements(root, syntax), syntax),
        "taxes": _taxes_of_fa(root) if syntax is Syntax.FA else _taxes(root, syntax),
        "lines": _rows(LINES, lines[:MOST_LINES], syntax),
        "line_count": len(lines),
    }


def value_of(document: Read, code: str) -> str:
    """Return the first value of a term outside of lines, or an empty text."""
    for group in GROUPS:
        for term in group.terms:
            if term.code == code and (path := term.path(document.syntax)):
                for element in group.elements(document.root, document.syntax)[:1]:
                    found = found_in(element, path, document.syntax)
                    return _text(found[0]) if found else ""
    return ""


def schemes_of(document: Read, code: str) -> list[str]:
    """Return the schemes of the identifiers that a document states for a term of a party."""
    return [
        str(each.get("schemeID"))
        for group in GROUPS
        for term in group.terms
        if term.code == code and term.path(document.syntax)
        for element in group.elements(document.root, document.syntax)
        for each in found_in(element, term.path(document.syntax), document.syntax)
        if not isinstance(each, str) and each.get("schemeID")
    ]


def _values(group: Group, root: etree._Element, syntax: Syntax) -> Iterator[tuple[str, str]]:
    for element in group.elements(root, syntax)[:1]:
        for term in group.terms:
            path = term.path(syntax)
            for each in found_in(element, path, syntax)[:_MOST_VALUES] if path else ():
                if text := _text(each):
                    yield term.code, _with_scheme(text, each)


def _rows(group: Group, elements: list[etree._Element], syntax: Syntax) -> list[dict[str, str]]:
    return [
        {
            term.code: " ".join(filter(None, map(_text, found_in(element, path, syntax))))
            for term in group.terms
            if (path := term.path(syntax))
        }
        for element in elements[:MOST_LINES]
    ]


def _taxes(root: etree._Element, syntax: Syntax) -> list[dict[str, str]]:
    return _rows(TAXES, TAXES.elements(root, syntax), syntax)


# FA(3) has a pair of fields for each rate: which rate, or why there is no tax.
_FIELDS_OF_FA = (
    ("1", "22/23 %"),
    ("2", "7/8 %"),
    ("3", "5 %"),
    ("4", "3/4 %"),
    ("5", "OSS"),
    ("6_1", "0 % KR"),
    ("6_2", "0 % WDT"),
    ("6_3", "0 % EX"),
    ("7", "zw"),
    ("8", "np I"),
    ("9", "np II"),
    ("10", "oo"),
    ("11", "marża"),
)


def _taxes_of_fa(root: etree._Element) -> list[dict[str, str]]:
    def amount(field: str) -> str:
        found = found_in(root, f"f:Fa/f:{field}", Syntax.FA)
        return _text(found[0]) if found else ""

    return [
        {"BT-118": label, "BT-116": net, "BT-117": amount(f"P_14_{number}")}
        for number, label in _FIELDS_OF_FA
        if (net := amount(f"P_13_{number}"))
    ]


def _text(found: Any) -> str:
    """Return the text of an element or an attribute in one line; a compact date with hyphens."""
    whole = found if isinstance(found, str) else "".join(found.itertext())
    text = " ".join(whole.split())
    if not isinstance(found, str) and found.get("format") == "102":
        text = _COMPACT_DATE.sub(r"\1-\2-\3", text)
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"


def _with_scheme(text: str, found: Any) -> str:
    """Return an identifier with its scheme, by which it is unique."""
    scheme = None if isinstance(found, str) else found.get("schemeID")
    return f"{text} ({scheme})" if scheme and scheme not in ("VA", "FC") else text
