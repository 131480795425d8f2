"""The months in which an import replaces usage, as people enter them: 2026-09:2026-10."""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import gettext as _

from rating.periods import Period, month_of

_MONTH = re.compile(r"(?:19[7-9]\d|20\d\d|21\d\d)-(?:0[1-9]|1[0-2])", re.ASCII)


def month_from(text: str) -> date:
    """Return the first date of a month, such as 2026-09.

    Raises:
        ValueError: `text` is not such a month.
    """
    if not _MONTH.fullmatch(text):
        raise ValueError(_("Enter a month, for example 2026-11."))
    return date.fromisoformat(f"{text}-01")


def months_from(text: str) -> Period:
    """Return whole months from the first and the last one, or from a single one.

    Raises:
        ValueError: `text` does not name such months.
    """
    first, _colon, last = text.partition(":")
    start, end = month_from(first), month_of(month_from(last or first)).end
    if end <= start:
        raise ValueError(_("The last month cannot be before the first."))
    return Period(start, end)


def months_text(months: Period) -> str:
    """Return months as `months_from` reads them."""
    return f"{months.start:%Y-%m}:{months.last:%Y-%m}"
