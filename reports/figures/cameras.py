"""Count how many cameras used each tariff at the end of each day."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from itertools import accumulate

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from rating.periods import ONE_DAY, first_instant
from reports.figures.models import CameraDay
from tariffs.provider_calendar import provider_date
from usage.models import UsageInterval

DAYS_SHOWN = 90


@transaction.atomic
def count_cameras(now: datetime) -> None:
    """Replace the counts of the last `DAYS_SHOWN` days that are over.

    All intervals are read at once, because a correction can change any day.
    """
    until = provider_date(now)
    days = [until - ONE_DAY * number for number in range(DAYS_SHOWN, 0, -1)]
    CameraDay.objects.all().delete()
    CameraDay.objects.bulk_create(
        CameraDay(day=day, tariff_id=tariff, cameras=cameras, counted_at=now)
        for tariff, changes in _changes(days[0], until).items()
        for day, cameras in zip(days, accumulate(changes[day] for day in days), strict=True)
        if cameras
    )


def _changes(first: date, until: date) -> dict[int, Counter[date]]:
    """Return by how much the number of cameras changed on each day before `until`, by tariff.

    What happened before the first day counts on the first day.
    """
    zone = timezone.get_default_timezone()
    changes: dict[int, Counter[date]] = {}
    for field, sign in (("started_at", 1), ("ended_at", -1)):
        before = UsageInterval.objects.filter(**{f"{field}__lt": first_instant(until, zone)})
        by_day = before.order_by().annotate(day=TruncDate(field, tzinfo=zone))
        counted = by_day.values_list("tariff", "day").annotate(Count("pk"))
        for tariff, day, number in counted.iterator():
            changes.setdefault(tariff, Counter())[max(day, first)] += sign * number
    return changes
