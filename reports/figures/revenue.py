"""Calculate the monthly revenue of organizations, and add it up.

Amounts are those of `statement_for`. A calculation first deletes what the trigger recorded, and
then reads usage and prices. So a change has either been read, or is recorded and calculated later.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from organizations.models import Fee, Minimum, Organization, Partnership
from rating.money import in_major_units, minor_digits
from rating.periods import ONE_DAY, Period, first_instant, month_of, next_month
from reports.figures.models import ChangedDates, ChangedMonth, MonthlyRevenue, MonthSum
from usage.models import UsageInterval
from usage.statements.price_list import Tariffs
from usage.statements.statement import statement_for

# The months that Home shows, and the one before them, to which the first of them is compared.
MONTHS_SHOWN = 24
_MONTHS_KEPT = MONTHS_SHOWN + 1
# By when the month before is over in every time zone.
_OVER_EVERYWHERE = timedelta(days=3)
_ROWS_AT_ONCE = 1_000

# A month and a currency.
Key = tuple[date, str]


class _Sums(NamedTuple):
    """What recurs in months, in minor units, and the numbers of charges without a price."""

    minor: Counter[Key]
    unpriced: Counter[Key]


def mark_current(now: datetime) -> None:
    """Record that the present month of all organizations that pay each month is to be calculated.

    Its amounts grow without any change. On its first days, so does the month before.
    """
    start = month_of((now - _OVER_EVERYWHERE).date()).start
    # The earliest instant at which the month begins anywhere.
    begins_at = first_instant(start - ONE_DAY, UTC)
    used = UsageInterval.objects.filter(Q(ended_at=None) | Q(ended_at__gt=begins_at))
    in_force = Q(last_on=None) | Q(last_on__gte=start)
    paying = (
        (used, "organization"),
        (Fee.objects.filter(in_force), "organization"),
        (Minimum.objects.filter(in_force), "organization"),
        (Partnership.objects.filter(in_force), "partner"),
    )
    of_usage, *of_terms = (each.order_by().values_list(payer, flat=True) for each, payer in paying)
    ids = of_usage.union(*of_terms)
    marks = (ChangedDates(organization_id=pk, from_on=start) for pk in ids.iterator())
    ChangedDates.objects.bulk_create(marks, batch_size=_ROWS_AT_ONCE)


def waiting_organizations() -> list[int]:
    """Return the ids of the organizations with something to calculate."""
    waiting = ChangedDates.objects.order_by("organization_id")
    return list(waiting.values_list("organization_id", flat=True).distinct())


@transaction.atomic
def calculate(*, organization_id: int, now: datetime, tariffs: Tariffs) -> None:
    """Store an organization's revenue of the recorded months. Further calls do nothing."""
    locked = Organization.objects.select_for_update(no_key=True)
    organization = locked.filter(pk=organization_id).first()
    changed = _taken(organization_id)
    if organization is None or changed is None:
        return
    current = month_of(organization.date_at(now))
    start = max(
        month_of(changed[0]).start, month_of(current.start, months_before=_MONTHS_KEPT).start
    )
    end = min(next_month(changed[1]), current.end) if changed[1] else current.end
    if start < end:
        _store(organization, Period(start, end), current, now, tariffs)


def _taken(organization_id: int) -> tuple[date, date | None] | None:
    """Delete what is recorded about an organization; return the first date and the end, if any."""
    recorded = ChangedDates.objects.filter(organization=organization_id)
    rows = list(recorded.values_list("pk", "from_on", "until_on"))
    if not rows:
        return None
    ChangedDates.objects.filter(pk__in=[pk for pk, *_ in rows]).delete()
    starts, ends = [start for _pk, start, _end in rows], [end for *_, end in rows]
    return min(starts), None if None in ends else max(filter(None, ends))


def _store(
    organization: Organization, months: Period, current: Period, now: datetime, tariffs: Tariffs
) -> None:
    """Replace the revenue of whole months, and record the months whose sums this changes."""
    until_end = organization.start_of(current.end)
    whole, so_far = _sums(organization, months, until_end, tariffs), Counter[Key]()
    if months.end == current.end:
        so_far = _sums(organization, current, now, tariffs).minor
    rows = [
        MonthlyRevenue(
            organization=organization,
            month=month,
            currency=currency,
            amount=in_major_units(minor, digits),
            so_far=in_major_units(so_far[key] if month == current.start else minor, digits),
            unpriced=whole.unpriced[key],
            computed_at=now,
        )
        for key, minor in whole.minor.items()
        if minor or whole.unpriced[key]
        for month, currency in [key]
        for digits in [minor_digits(currency)]
    ]
    stored = MonthlyRevenue.objects.filter(
        organization=organization, month__gte=months.start, month__lt=months.end
    )
    before = {_summed(each, current) for each in stored}
    stored.delete()
    MonthlyRevenue.objects.bulk_create(rows)
    after = {_summed(each, current) for each in rows}
    changed = {month for month, *_ in before ^ after}
    # The next month is compared to it.
    changed |= {next_month(month) for month in changed if month < current.start}
    ChangedMonth.objects.bulk_create(ChangedMonth(month=month) for month in sorted(changed))


def _summed(row: MonthlyRevenue, current: Period) -> tuple[date, str, object, object, int, object]:
    """Return what the sums of the row's month depend on; of the present month also the time."""
    at = row.computed_at if row.month == current.start else None
    return row.month, row.currency, row.amount, row.so_far, row.unpriced, at


def _sums(organization: Organization, period: Period, as_of: datetime, tariffs: Tariffs) -> _Sums:
    """Return the sums of an organization's statement, without one-off charges and credits."""
    statement = statement_for(
        organization=organization, period=period, as_of=as_of, tariffs=tariffs
    )
    sums = _Sums(Counter(), Counter())
    for bill in statement.bills():
        for month, of_month in bill.by_month().items():
            sums.minor[month, bill.currency] = of_month.recurring
            sums.unpriced[month, bill.currency] = of_month.unpriced
    return sums


def add_up_changed(now: datetime) -> None:
    """Add up each month whose revenue has changed. Only one process may do so at a time.

    Each month is a transaction, so that nothing waits for long.
    """
    for month in ChangedMonth.objects.order_by("month").values_list("month", flat=True).distinct():
        with transaction.atomic():
            ChangedMonth.objects.filter(month=month).delete()
            MonthSum.objects.add_up(month, now)
