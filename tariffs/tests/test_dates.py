"""The provider's calendar."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from tariffs.dates import first_instant, provider_date


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("UTC", date(2026, 10, 15)), ("Asia/Tokyo", date(2026, 10, 16))],
)
def test_date_is_that_of_the_providers_time_zone(
    settings: Settings, zone: str, expected: date
) -> None:
    settings.TIME_ZONE = zone
    with timezone.override("America/New_York"):
        assert provider_date(datetime(2026, 10, 15, 23, 30, tzinfo=UTC)) == expected


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        ("UTC", date(2026, 10, 15), datetime(2026, 10, 15, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 10, 26), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        # Midnight is skipped by a clock change.
        ("Africa/Cairo", date(2026, 4, 24), datetime(2026, 4, 23, 22, tzinfo=UTC)),
        # Midnight occurs twice.
        ("America/Havana", date(2026, 11, 1), datetime(2026, 11, 1, 4, tzinfo=UTC)),
    ],
)
def test_date_begins_at_its_first_instant(zone: str, day: date, instant: datetime) -> None:
    assert first_instant(day, ZoneInfo(zone)) == instant
