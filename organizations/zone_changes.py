"""Change the time zone of an organization from a date on."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from organizations.models import EarlierTimeZone, Organization
from rating.periods import ONE_DAY, ZoneVersion
from tariffs.affected_invoices import Span


class _Version(NamedTuple):
    valid_from: date | None
    time_zone: str


def set_time_zone(organization: Organization, time_zone: str, valid_from: date | None) -> None:
    """Let a time zone apply from a date on, in place of any that began then or later.

    Without a date, it applies from the beginning. The last change can also be moved to a later
    date. The earlier time zones are stored; the caller has locked the organization and saves it.
    """
    stored = _versions(organization)
    changed = _changed(stored, time_zone, valid_from)
    if changed == stored:
        return
    *earlier, last = changed
    organization.time_zone_from, organization.time_zone = last
    gone = [each for each in stored[:-1] if each not in earlier]
    for version in gone:
        organization.earlier_time_zones.filter(valid_from=version.valid_from).delete()
    EarlierTimeZone.objects.bulk_create(
        EarlierTimeZone(organization=organization, **version._asdict())
        for version in earlier
        if version not in stored[:-1]
    )
    organization.__dict__.pop("zones", None)


def recomputed_by(
    organization: Organization, time_zone: str, valid_from: date | None
) -> Span | None:
    """Return the time whose charges a change of time zone changes; None if there is none.

    The date before the change becomes longer or shorter, and so do its month and the month of the
    change, whose lengths divide prices.
    """
    stored = _versions(organization)
    if (changed := _changed(stored, time_zone, valid_from)) == stored:
        return None
    if valid_from is None:
        return datetime.fromtimestamp(0, UTC), None
    if changed[-1].time_zone == stored[-1].time_zone:
        # The same change on another date, which differs from the earlier of both dates on.
        valid_from = min(valid_from, stored[-1].valid_from or valid_from)
    after = copy(organization)
    after.zones = tuple(
        ZoneVersion(each.valid_from or date.min, ZoneInfo(each.time_zone)) for each in changed
    )
    first = (valid_from - ONE_DAY).replace(day=1)
    return min(organization.start_of(first), after.start_of(first)), None


def _versions(organization: Organization) -> list[_Version]:
    """Return the stored time zones in order. The first one has no date."""
    earlier = organization.earlier_time_zones.all()
    dated = [_Version(each.valid_from, each.time_zone) for each in earlier]
    dated.sort(key=lambda each: each.valid_from or date.min)
    return [*dated, _Version(organization.time_zone_from, organization.time_zone)]


def _changed(
    versions: Sequence[_Version], time_zone: str, valid_from: date | None
) -> list[_Version]:
    if valid_from is None:
        return [_Version(None, time_zone)]
    kept = [each for each in versions if each.valid_from is None or each.valid_from < valid_from]
    last = versions[-1]
    if kept[-1] == last and last.valid_from is not None and last.time_zone == time_zone:
        return [*kept[:-1], _Version(valid_from, time_zone)]
    if kept[-1].time_zone == time_zone:
        return kept
    return [*kept, _Version(valid_from, time_zone)]
