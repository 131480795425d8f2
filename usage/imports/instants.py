"""Parse the instants in a file."""

import re
from datetime import UTC, datetime

from django.utils.translation import gettext as _

# The extended format of ISO 8601, or the date as in 01.09.2026. A space instead of the T, as
# PostgreSQL writes it, is allowed.
_DOTTED_DATE = re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4})(?=[T ])", re.ASCII)
_INSTANT = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(?P<fraction>(?<=:\d\d:\d\d)[.,]\d+)?"
    r" ?(?P<offset>Z|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
# Far from the ends of the calendar, where a UTC offset could leave the range of datetime.
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def parse_instant(column: str, text: str, now: datetime) -> datetime:
    """Return the instant in `text`, which is in ISO 8601 with an offset, in UTC.

    Raises:
        ValueError: `text` is not such an instant, contains a fraction of a second, or lies before
            1970 or after `now`; the message, in the user's language, says what to do.
    """
    match = _INSTANT.fullmatch(_in_iso_order(text))
    if match is None:
        raise ValueError(_unreadable(column, text))
    if match["offset"] is None:
        raise ValueError(
            _(
                "%(column)s “%(text)s” has no UTC offset. Add Z for UTC, or an "
                "offset such as +02:00."
            )
            % {"column": column, "text": text}
        )
    if match["fraction"] and match["fraction"].strip(".,0"):
        raise ValueError(
            _("%(column)s “%(text)s” contains a fraction of a second. Use whole seconds.")
            % {"column": column, "text": text}
        )
    try:
        instant = datetime.fromisoformat(match["time"] + match["offset"]).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(_unreadable(column, text)) from None
    _check_bounds(column, text, instant, now)
    return instant


def _in_iso_order(text: str) -> str:
    """Return the text with a date such as 01.09.2026 as 2026-09-01."""
    dotted = _DOTTED_DATE.match(text)
    if dotted is None:
        return text
    day, month, year = dotted.groups()
    return f"{year}-{month:0>2}-{day:0>2}{text[dotted.end() :]}"


def _check_bounds(column: str, text: str, instant: datetime, now: datetime) -> None:
    if instant > now:
        raise ValueError(
            _("%(column)s “%(text)s” is in the future. Only usage up to now can be imported.")
            % {"column": column, "text": text}
        )
    if instant < _EARLIEST:
        raise ValueError(
            _("%(column)s “%(text)s” is before 1970. Correct the year.")
            % {"column": column, "text": text}
        )


def _unreadable(column: str, text: str) -> str:
    return _(
        "%(column)s “%(text)s” is not a valid date and time. Use the format "
        "2026-09-01T08:30:00+02:00."
    ) % {"column": column, "text": text[:100]}
