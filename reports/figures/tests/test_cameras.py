"""Tests of the cameras counted at the end of each day."""

from datetime import UTC, date, datetime

import pytest
from pytest_django import Settings

from reports.figures.cameras import DAYS_SHOWN, count_cameras
from reports.figures.models import CameraDay
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)


def at(month: int, day: int, hour: int = 0) -> datetime:
    """Return an instant of 2026 in UTC."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def counted() -> dict[str, int]:
    """Return the days with cameras, and how many there are, as texts."""
    rows = CameraDay.objects.order_by("day")
    return {f"{each.day:%m-%d}": each.cameras for each in rows}


def test_a_camera_counts_on_the_days_at_whose_end_it_is_in_use() -> None:
    use = UsageIntervalFactory.create(started_at=at(11, 10, 9), ended_at=at(11, 13))
    UsageIntervalFactory.create(tariff=use.tariff, started_at=at(11, 12), ended_at=at(11, 12, 23))

    count_cameras(NOW)

    # In use up to the first instant of the 13th, that is, to the end of the 12th.
    assert counted() == {"11-10": 1, "11-11": 1, "11-12": 1}


def test_days_are_those_of_the_provider(settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    UsageIntervalFactory.create(started_at=at(11, 13, 16))

    count_cameras(at(11, 16, 16))

    assert counted() == {"11-14": 1, "11-15": 1, "11-16": 1}


def test_what_began_earlier_counts_from_the_first_day_on() -> None:
    use = UsageIntervalFactory.create(started_at=at(1, 1))
    other = UsageIntervalFactory.create(started_at=at(1, 1))
    UsageIntervalFactory.create(started_at=at(1, 1), ended_at=at(2, 1))

    count_cameras(NOW)
    count_cameras(NOW)

    rows = CameraDay.objects.all()
    assert {each.tariff_id for each in rows} == {use.tariff_id, other.tariff_id}
    assert {each.cameras for each in rows} == {1}
    assert len(rows) == 2 * DAYS_SHOWN
    assert max(each.day for each in rows) == date(2026, 11, 15)
