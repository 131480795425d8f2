"""What this month comes to so far, and what it will come to if nothing changes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from rating.periods import month_of
from reports.figures.models import MonthSum


class CurrencyMonth(NamedTuple):
    """The present month in a currency beside the last one, before tax."""

    currency: str
    so_far: Decimal
    forecast: Decimal
    last_month: Decimal


class ThisMonth(NamedTuple):
    """The present month. All usage up to `as_of` is included."""

    month: date
    as_of: datetime
    of_currency: list[CurrencyMonth]


def this_month(today: date) -> ThisMonth | None:
    """Return the stored figures of the present month, or None if there are none yet."""
    month, last = (month_of(today, months_before=number).start for number in (0, 1))
    found = MonthSum.objects.by_currency([month, last])
    present = {currency: of[month] for currency, of in found.items() if month in of}
    if not present:
        return None
    rows = [
        CurrencyMonth(
            currency,
            each.so_far,
            each.amount,
            found[currency][last].amount if last in found[currency] else Decimal(0),
        )
        for currency, each in present.items()
    ]
    return ThisMonth(month, min(each.oldest_at for each in present.values()), rows)
