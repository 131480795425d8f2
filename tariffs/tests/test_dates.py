"""The provider's calendar."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from tariffs.provider_calendar import provider_date


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("UTC", date(2026, 10, 15)), ("Asia/Tokyo", date(2026, 10, 16))],
)
def test_date_is_in_the_time_zone_of_the_provider(
    settings: Settings, zone: str, expected: date
) -> None:
    settings.TIME_ZONE = zone
    with timezone.override("America/New_York"):
        assert provider_date(datetime(2026, 10, 15, 23, 30, tzinfo=UTC)) == expected
