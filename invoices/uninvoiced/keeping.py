"""Keep the stored months without an invoice: one organization at a time, like a check.

An organization is locked, as by issuing, and then everything is counted that triggers recorded, and
each month that has ended since. Issuing removes what it invoices by a trigger.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q

from foundation.fast_sql import insert
from invoices.differences import checking
from invoices.differences.late_usage import Uninvoiced, late_usage_of
from invoices.differences.models import Recheck
from invoices.issuing.blockers import blockers_of, known_before_pricing
from invoices.models import Invoice
from invoices.provider.parties import provider_details
from invoices.uninvoiced.models import CountedMonths, UninvoicedMonth, stored_blockers
from organizations.agreement.reading import first_charged_on
from organizations.billing.details import details_of
from organizations.models import Organization
from rating.currencies import currency_number
from rating.periods import ONE_DAY, month_of, next_month
from usage.models import UsageInterval

_BEGINNING = date(1970, 1, 1)


class Difference(NamedTuple):
    """A month of an organization and currency whose stored values are not those counted now."""

    organization_id: int
    month: date
    currency: str


def mark_ended_months(now: datetime) -> int:
    """Record the months that have ended and are not counted yet; return of how many organizations.

    An organization whose time zone has just changed, or will, may be recorded again until its month
    is over.
    """
    of_first: dict[date, list[str]] = defaultdict(list)
    for zone in Organization.objects.order_by().values_list("time_zone", flat=True).distinct():
        of_first[now.astimezone(ZoneInfo(zone)).date().replace(day=1)].append(zone)
    waiting = Recheck.objects.filter(organization=OuterRef("pk"))
    marks = []
    for first, zones in of_first.items():
        behind = Organization.objects.filter(
            Q(counted_months=None) | Q(counted_months__until__lt=first), time_zone__in=zones
        )
        rows = behind.exclude(Exists(waiting)).order_by("pk")
        marks += [
            Recheck(organization_id=pk, from_on=until or _BEGINNING, until_on=first)
            for pk, until in rows.values_list("pk", "counted_months__until")
        ]
    insert(marks)
    return len(marks)


@transaction.atomic
def keep(*, organization_id: int, now: datetime) -> None:
    """Compare an organization's invoices, and store its months without an invoice.

    Further calls do nothing until something changes, or a month ends.
    """
    locked = Organization.objects.select_for_update(no_key=True)
    organization = locked.filter(pk=organization_id).first()
    changed = checking.check(organization_id=organization_id, now=now)
    if organization is None:
        return
    counted = CountedMonths.objects.filter(pk=organization_id).first()
    until = counted.until if counted else _BEGINNING
    current = organization.date_at(now).replace(day=1)
    changed = [*changed, checking.Dates(until, current)] if until < current else changed
    if changed:
        _store(organization, changed, now)
    if until < current:
        CountedMonths.objects.update_or_create(pk=organization_id, defaults={"until": current})


def differences(organization: Organization, now: datetime) -> list[Difference]:
    """Return what is stored otherwise than it is counted now from all usage and invoices."""
    every = [checking.Dates(_BEGINNING, None)]
    stored = {_key(each): _values(each) for each in organization.uninvoiced_months.all()}
    counted = {_key(each): _values(each) for each in _counted(organization, every, now)}
    return [
        Difference(organization.pk, *key)
        for key in sorted({*stored, *counted})
        if stored.get(key) != counted.get(key)
    ]


def _key(each: UninvoicedMonth) -> tuple[date, str]:
    return each.month, each.currency


def _values(each: UninvoicedMonth) -> tuple[object, ...]:
    blockers = json.dumps(each.blockers, default=str, sort_keys=True)
    return each.amount, each.unpriced, each.is_blocked, blockers


def _store(organization: Organization, changed: Collection[checking.Dates], now: datetime) -> None:
    """Replace what is stored of the months of dates by what is counted now."""
    found = list(_counted(organization, changed, now))
    stale = [
        each.pk
        for each in organization.uninvoiced_months.all()
        if any(dates.overlap(each.period) for dates in changed)
    ]
    UninvoicedMonth.objects.filter(pk__in=stale).delete()
    UninvoicedMonth.objects.bulk_create(found)


def _counted(
    organization: Organization, changed: Collection[checking.Dates], now: datetime
) -> Iterator[UninvoicedMonth]:
    """Yield the months without an invoice, of those that are over and overlap dates."""
    months = [
        month
        for month in _used_months(organization, now)
        if any(dates.overlap(month_of(month)) for dates in changed)
    ]
    if not months:
        return
    since = organization.invoices.in_force().filter(period_until__gt=months[0])
    in_force = list(since.order_by("pk"))
    for month in months:
        found = list(late_usage_of(organization, month, in_force, now))
        if found:
            yield from _of_month(organization, month, found, in_force, now)


def _used_months(organization: Organization, now: datetime) -> Iterator[date]:
    """Yield the months that are over since the first usage, fee or the like of an organization."""
    used = UsageInterval.objects.filter(organization=organization)
    first = used.aggregate(first=Min("started_at"))["first"]
    days = [first_charged_on(organization.pk), first and first.date() - ONE_DAY]
    earliest = min(filter(None, days), default=None)
    if earliest is None:
        return
    month = earliest.replace(day=1)
    while organization.start_of(next_month(month)) <= now:
        yield month
        month = next_month(month)


def _of_month(
    organization: Organization,
    month: date,
    found: Sequence[Uninvoiced],
    in_force: Sequence[Invoice],
    now: datetime,
) -> Iterator[UninvoicedMonth]:
    period, details = month_of(month), details_of(organization.pk)
    overlapping = [
        each
        for each in in_force
        if each.period_from < period.end and period.start < each.period_until
    ]
    blockers = blockers_of(
        known_before_pricing(provider_details(), organization, details, period, now),
        nets={each.currency: each.charged for each in found},
        unpriced=sum(each.unpriced for each in found),
        overlapping=overlapping,
    )
    invoiced = blockers.of_currency
    for each in found:
        own = [*blockers.of_all, *([invoiced[each.currency]] if each.currency in invoiced else [])]
        yield UninvoicedMonth(
            organization=organization,
            month=month,
            currency=each.currency,
            currency_number=currency_number(each.currency),
            amount=each.amount,
            unpriced=each.unpriced,
            is_blocked=bool(own),
            blockers=stored_blockers(own),
            as_of=now,
        )
