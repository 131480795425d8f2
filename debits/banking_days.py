"""Banking days of the euro: all but weekends and the days on which TARGET is closed.

TARGET is closed on 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December
(European Central Bank, since 2002).
"""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.easter import easter

_DAY = timedelta(days=1)
_FIXED = {(1, 1), (5, 1), (12, 25), (12, 26)}
_SATURDAY = 5


def is_banking_day(day: date) -> bool:
    """Return whether banks settle payments in euro on a date."""
    sunday = easter(day.year)
    moving = (sunday - 2 * _DAY, sunday + _DAY)
    return day.weekday() < _SATURDAY and (day.month, day.day) not in _FIXED and day not in moving


def banking_days_later(day: date, number: int) -> date:
    """Return the banking day that is `number` (at least 1) banking days after a date."""
    while number:
        day += _DAY
        number -= is_banking_day(day)
    return day
