"""Local times: skipped, repeated and ordinary ones."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from foundation.web.local_times import SkippedTimeError, instant_at, is_doubled, shown_instant

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("zone", "local", "is_second", "instant"),
    [
        ("UTC", "2026-10-15T12:00:00", False, "2026-10-15T12:00:00"),
        ("Europe/Berlin", "2026-10-15T12:00:00", False, "2026-10-15T10:00:00"),
        ("Europe/Berlin", "2026-10-15T12:00:00", True, "2026-10-15T10:00:00"),
        ("Asia/Tokyo", "2026-10-15T08:59:59", False, "2026-10-14T23:59:59"),
        # On 2026-10-25, 02:00 to 03:00 occurs twice.
        ("Europe/Berlin", "2026-10-25T01:59:59", False, "2026-10-24T23:59:59"),
        ("Europe/Berlin", "2026-10-25T02:30:00", False, "2026-10-25T00:30:00"),
        ("Europe/Berlin", "2026-10-25T02:30:00", True, "2026-10-25T01:30:00"),
        ("Europe/Berlin", "2026-10-25T03:00:00", True, "2026-10-25T02:00:00"),
        # On 2026-03-29, clocks go from 02:00 to 03:00.
        ("Europe/Berlin", "2026-03-29T01:59:59", False, "2026-03-29T00:59:59"),
        ("Europe/Berlin", "2026-03-29T03:00:00", False, "2026-03-29T01:00:00"),
    ],
)
def test_a_local_time_is_converted_to_an_instant(
    zone: str, local: str, is_second: bool, instant: str
) -> None:
    found = instant_at(datetime.fromisoformat(local), ZoneInfo(zone), is_second=is_second)
    assert found == datetime.fromisoformat(instant).replace(tzinfo=UTC)


@pytest.mark.parametrize("is_second", [False, True])
@pytest.mark.parametrize(
    ("zone", "local"),
    [
        ("Europe/Berlin", "2026-03-29T02:00:00"),
        ("Europe/Berlin", "2026-03-29T02:59:59"),
        ("Africa/Cairo", "2026-04-24T00:30:00"),
        ("Pacific/Apia", "2011-12-30T12:00:00"),
    ],
)
def test_a_skipped_time_is_refused(zone: str, local: str, is_second: bool) -> None:
    with pytest.raises(SkippedTimeError):
        instant_at(datetime.fromisoformat(local), ZoneInfo(zone), is_second=is_second)


def test_the_end_of_the_calendar_overflows() -> None:
    with pytest.raises(OverflowError):
        instant_at(datetime(9999, 12, 31, 23), ZoneInfo("America/New_York"))


@pytest.mark.parametrize(
    ("zone", "local", "doubled"),
    [
        ("Europe/Berlin", "2026-10-25T01:59:59", False),
        ("Europe/Berlin", "2026-10-25T02:00:00", True),
        ("Europe/Berlin", "2026-10-25T02:59:59", True),
        ("Europe/Berlin", "2026-10-25T03:00:00", False),
        ("Europe/Berlin", "2026-03-29T02:30:00", False),
        ("Asia/Tokyo", "2026-10-25T02:30:00", False),
        ("UTC", "2026-10-25T02:30:00", False),
    ],
)
def test_a_time_is_doubled_only_while_clocks_are_put_back(
    zone: str, local: str, doubled: bool
) -> None:
    assert is_doubled(datetime.fromisoformat(local), ZoneInfo(zone)) is doubled


def test_an_instant_is_shown_with_seconds() -> None:
    instant = datetime(2026, 10, 15, 22, 0, 5, tzinfo=UTC)
    assert shown_instant(instant, BERLIN) == "16 Oct 2026 00:00:05"
