"""Banking days of the euro: the closing days of TARGET, as the European Central Bank publishes."""

from datetime import date

import pytest

from debits.banking_days import banking_days_later, is_banking_day


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 12, 25),
        date(2027, 3, 26),
        date(2027, 3, 29),
        date(2026, 11, 21),
        date(2026, 11, 22),
    ],
)
def test_banks_do_not_settle_then(day: date) -> None:
    assert not is_banking_day(day)


@pytest.mark.parametrize("day", [date(2026, 12, 24), date(2026, 12, 31), date(2026, 10, 3 + 2)])
def test_other_holidays_are_banking_days(day: date) -> None:
    assert is_banking_day(day)


@pytest.mark.parametrize(
    ("day", "number", "later"),
    [
        (date(2026, 11, 17), 2, date(2026, 11, 19)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 12, 24), 1, date(2026, 12, 28)),
        (date(2026, 4, 2), 2, date(2026, 4, 8)),
    ],
)
def test_days_are_counted_without_the_others(day: date, number: int, later: date) -> None:
    assert banking_days_later(day, number) == later
