"""Months as commands and URLs contain them: 2026-10, in the years 2000 to 2199."""

import re
from datetime import date, datetime

from tariffs.provider_calendar import provider_date

PATTERN = "2[01][0-9]{2}-(?:0[1-9]|1[0-2])"


def month_from(text: str) -> date:
    """Return the first date of a month.

    Raises:
        ValueError: `text` is not a month in this format and range.
    """
    if not re.fullmatch(PATTERN, text):
        raise ValueError(text)
    return date.fromisoformat(f"{text}-01")


def has_begun(month: date, now: datetime) -> bool:
    """Return whether a month, given by its first date, has begun in the provider's time zone."""
    return month <= provider_date(now)
