"""The cameras by day and tariff, as Home draws them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from string import ascii_uppercase

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rating.periods import ONE_DAY
from reports.figures.cameras import DAYS_SHOWN
from reports.figures.drawing import Columns, Drawing, Series, drawing_of, places_of
from reports.figures.models import CameraDay
from usage.statements.drawings.palette import COLOURS, OTHER
from usage.statements.drawings.scale import day_ticks


def cameras_by_day(today: date) -> Drawing | None:
    """Return the stored counts of the last days, or None if there are none.

    The tariffs with the most cameras have colours of their own.
    """
    counts = CameraDay.objects.filter(day__lt=today, day__gte=today - ONE_DAY * DAYS_SHOWN)
    rows = list(counts.values_list("day", "tariff__name", "cameras", "counted_at"))
    if not rows:
        return None
    of_tariff: dict[str, Counter[date]] = {}
    for day, name, cameras, _counted_at in rows:
        of_tariff.setdefault(name, Counter())[day] = cameras
    days = [today - ONE_DAY * number for number in range(DAYS_SHOWN, 0, -1)]
    columns = Columns(
        _("Day"),
        [date_format(day, "DATE_FORMAT") for day in days],
        day_ticks(days, places_of(days)),
    )
    drawing = drawing_of(
        "cameras",
        _("Cameras by day and tariff plan"),
        columns,
        _series(of_tariff, days),
        Decimal(1),
        _written,
    )
    counted = timezone.localtime(rows[0][-1])
    note = _("Cameras in use at the end of each day, as of %(at)s %(zone)s.") % {
        "at": date_format(counted, "DATETIME_FORMAT"),
        "zone": date_format(counted, "T"),
    }
    return drawing._replace(note=note)


def _series(of_tariff: dict[str, Counter[date]], days: list[date]) -> list[Series]:
    by_size = sorted(of_tariff, key=lambda name: (-of_tariff[name].total(), name))
    own, others = by_size[: COLOURS - 1], by_size[COLOURS - 1 :]
    series = [
        Series(name, ascii_uppercase[index], index + 1, [of_tariff[name][day] for day in days])
        for index, name in enumerate(own)
    ]
    if others:
        name = ngettext("%(number)s other tariff", "%(number)s other tariffs", len(others))
        sums = [sum(of_tariff[each][day] for each in others) for day in days]
        series.append(Series(name % {"number": len(others)}, "…", OTHER, sums))
    return series


def _written(cameras: Decimal) -> str:
    return number_format(cameras, decimal_pos=0, force_grouping=True)
