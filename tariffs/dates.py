"""The provider's calendar: which date it is; and when a date begins."""

from datetime import UTC, date, datetime, time, tzinfo

from django.utils import timezone


def provider_date(now: datetime) -> date:
    """Return the date that an instant falls on in the provider's time zone (`TIME_ZONE`)."""
    return timezone.localdate(now, timezone.get_default_timezone())


def first_instant(day: date, zone: tzinfo) -> datetime:
    """Return, in UTC, the first instant of a date in a time zone.

    Of a midnight that occurs twice it is the first, and of one that a clock change skips it is
    the change: both are what the standard library makes of a local time by default (PEP 495).
    """
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
