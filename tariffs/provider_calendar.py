"""The provider's calendar."""

from datetime import date, datetime

from django.utils import timezone


def provider_date(now: datetime) -> date:
    """Return the date of an instant in the provider's time zone (`TIME_ZONE`)."""
    return timezone.localdate(now, timezone.get_default_timezone())
