"""Convert local dates and times of an organization, as typed and as shown."""

from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language


class SkippedTimeError(ValueError):
    """The local time does not exist, because the clocks were put forward past it."""


def instant_at(local: datetime, zone: tzinfo, *, is_second: bool = False) -> datetime:
    """Return the instant, in UTC, at which clocks in `zone` show the naive `local`.

    If a time occurs twice because clocks are put back, return the first instant, or with
    `is_second` the second.

    Raises:
        SkippedTimeError: the clocks never show it.
        OverflowError: it is outside the years 1 to 9999 in UTC.
    """
    instant = local.replace(tzinfo=zone, fold=int(is_second)).astimezone(UTC)
    # PEP 495: only a time in a gap does not survive the round trip.
    if instant.astimezone(zone).replace(tzinfo=None) != local:
        raise SkippedTimeError
    return instant


def is_doubled(local: datetime, zone: tzinfo) -> bool:
    """Return whether clocks in `zone` show the naive `local` twice, because they are put back."""
    first, second = (local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second


def shown_instant(instant: datetime, zone: tzinfo) -> str:
    """Return an instant as clocks in `zone` show it, with seconds, in the active language."""
    return shown_local(instant.astimezone(zone))


def shown_local(local: datetime) -> str:
    """Return a local date and time with seconds, in the active language."""
    return f"{shown_date(local.date(), 'SHORT_DATE_FORMAT')} {local:%H:%M:%S}"


def shown_date(day: date, pattern: str = "DATE_FORMAT") -> str:
    """Return a date in a format or a pattern of Django, in the active language."""
    return _shown_date(day, pattern, get_language())


# The rows of a page share a few dates.
@lru_cache(maxsize=1_000)
def _shown_date(day: date, pattern: str, language: str | None) -> str:
    return date_format(day, pattern)
