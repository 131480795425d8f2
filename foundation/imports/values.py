"""Read numbers and dates as spreadsheets write them in Germany, Russia and elsewhere."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DOTTED_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)
# Thousands are grouped by one separator, which is not that of the decimals.
_GROUPED = re.compile(
    r"\d{1,3}(?P<group>[.,' \xa0\u202f’])\d{3}(?:(?P=group)\d{3})*(?:(?!(?P=group))[.,]\d+)?",
    re.ASCII,
)


def date_from(text: str) -> date | None:
    """Return the date in a text such as 2026-11-02 or 02.11.2026; None if there is none."""
    if dotted := _DOTTED_DATE.fullmatch(text):
        day, month, year = dotted.groups()
        text = f"{year}-{month:0>2}-{day:0>2}"
    try:
        return date.fromisoformat(text) if _ISO_DATE.fullmatch(text) else None
    except ValueError:
        return None


def decimal_from(text: str) -> Decimal | None:
    """Return the number in a text such as 1234.50, 1234,50, 1.234,50 or 1 234,50.

    None if there is none, or if it could be two: 1,234 is 1.234 in Berlin and 1234 in London.
    """
    if _PLAIN.fullmatch(text):
        is_certain = len(text.partition(",")[2]) != len("000")
        return Decimal(text.replace(",", ".")) if is_certain else None
    if grouped := _GROUPED.fullmatch(text):
        return Decimal(text.replace(grouped["group"], "").replace(",", "."))
    return None
