"""Local dates and times of an organization: as they are typed in, and as they are shown."""

from datetime import UTC, datetime, tzinfo

from django.utils.formats import date_format


class SkippedTimeError(ValueError):
    """A local time that does not exist: the clocks were put forward over it."""


def instant_at(local: datetime, zone: tzinfo, *, is_second: bool = False) -> datetime:
    """Return, in UTC, the instant at which clocks in `zone` show the naive `local`.

    Of a time that occurs twice, because clocks were put back, it is the first, or with
    `is_second` the second.

    Raises:
        SkippedTimeError: the clocks never showed it.
        OverflowError: it lies at an end of the calendar, outside of the years 1 to 9999 in UTC.
    """
    instant = local.replace(tzinfo=zone, fold=int(is_second)).astimezone(UTC)
    # PEP 495: a time in a gap is the only one that does not come back as it was.
    if instant.astimezone(zone).replace(tzinfo=None) != local:
        raise SkippedTimeError
    return instant


def changes_clocks(zone: tzinfo, year: int) -> bool:
    """Tell whether clocks are changed in `zone` during a year, so that some time occurs twice."""
    return len({datetime(year, month, 1, tzinfo=zone).utcoffset() for month in range(1, 13)}) > 1


def shown_instant(instant: datetime, zone: tzinfo) -> str:
    """Return an instant as clocks in `zone` show it, with seconds, in the reader's language."""
    local = instant.astimezone(zone)
    return f"{date_format(local, 'SHORT_DATE_FORMAT')} {local:%H:%M:%S}"
