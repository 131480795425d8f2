"""The provider's calendar."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def provider_date(now: datetime) -> date:
    """Return the date of an instant in the provider's time zone (`TIME_ZONE`)."""
    return timezone.localdate(now, timezone.get_default_timezone())


def end_of_day(day: date) -> datetime:
    """Return the instant at which a day ends in the provider's time zone."""
    return datetime.combine(day + timedelta(days=1), time(), timezone.get_default_timezone())
