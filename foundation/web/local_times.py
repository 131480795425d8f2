"""Convert local dates and times of an organization, as typed and as shown."""

from datetime import UTC, datetime, tzinfo

from django.utils.formats import date_format


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


def changes_clocks(zone: tzinfo, year: int) -> bool:
    """Return whether clocks in `zone` change during `year`, so that some time occurs twice."""
    return len({datetime(year, month, 1, tzinfo=zone).utcoffset() for month in range(1, 13)}) > 1


def shown_instant(instant: datetime, zone: tzinfo) -> str:
    """Return an instant as clocks in `zone` show it, with seconds, in the active language."""
    local = instant.astimezone(zone)
    return f"{date_format(local, 'SHORT_DATE_FORMAT')} {local:%H:%M:%S}"
