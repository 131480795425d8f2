"""Say how the instants of usage are known: stated here, dated by the platform, or seen by it.

`within_seconds` is that of `UsageInterval`: None if somebody stated the instant, 0 if the platform
dates it, and otherwise within how many seconds after it, or before it if negative, the true one is.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from django.utils.translation import gettext as _

from foundation.web.local_times import shown_instant

EXACT = 0


def known_span(at: datetime, within_seconds: int) -> tuple[datetime, datetime]:
    """Return from when to when the true instant lies."""
    other = at + timedelta(seconds=within_seconds)
    return min(at, other), max(at, other)


def known_text(at: datetime | None, within_seconds: int | None, zone: tzinfo) -> str:
    """Return how an instant is known, for a page; empty if it was stated here."""
    if at is None or within_seconds is None:
        return ""
    if within_seconds == EXACT:
        return _("exact, from Watcher")
    start, end = known_span(at, within_seconds)
    return _("between two readings: %(start)s and %(end)s") % {
        "start": shown_instant(start, zone),
        "end": shown_instant(end, zone),
    }


def known_code(within_seconds: int | None) -> str:
    """Return how an instant is known, for a file: empty, `exact`, or seconds such as `-60`."""
    if within_seconds is None:
        return ""
    return "exact" if within_seconds == EXACT else str(within_seconds)
