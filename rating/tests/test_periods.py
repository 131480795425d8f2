"""Test dates, months and periods."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from rating.periods import Period, first_instant, month_of, next_month


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
def test_a_date_begins_at_its_first_instant(zone: str, day: date, instant: datetime) -> None:
    assert first_instant(day, ZoneInfo(zone)) == instant


@pytest.mark.parametrize(
    ("day", "first_of_next"),
    [
        (date(2026, 1, 31), date(2026, 2, 1)),
        (date(2026, 11, 1), date(2026, 12, 1)),
        (date(2026, 12, 15), date(2027, 1, 1)),
    ],
)
def test_next_month_returns_the_first_date_of_the_following_month(
    day: date, first_of_next: date
) -> None:
    assert next_month(day) == first_of_next


def test_months_are_counted_across_the_turn_of_the_year() -> None:
    day = date(2026, 2, 10)
    assert month_of(day) == Period(date(2026, 2, 1), date(2026, 3, 1))
    assert month_of(day, months_before=3, months=3) == Period(date(2025, 11, 1), date(2026, 2, 1))


def test_an_inclusive_period_contains_its_last_date() -> None:
    period = Period.inclusive(date(2026, 9, 1), date(2026, 9, 30))
    assert (period.end, period.last) == (date(2026, 10, 1), date(2026, 9, 30))
