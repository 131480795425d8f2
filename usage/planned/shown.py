"""Planned changes as pages about cameras show them."""

from __future__ import annotations

from typing import NamedTuple

from foundation.web.local_times import shown_instant
from usage.models import PlannedChange
from usage.planned.models import PlannedChangeQuerySet

MOST_SHOWN = 20
"""The maximum number of planned changes that a page about something else shows."""


class ShownChange(NamedTuple):
    """A planned change, with its time in the organization's time zone and the zone's name."""

    planned: PlannedChange
    at: str
    zone: str


def shown_changes(changes: PlannedChangeQuerySet) -> list[ShownChange]:
    """Return the first `MOST_SHOWN` of the changes that are to be carried out."""
    shown = []
    for planned in changes.waiting().with_names()[:MOST_SHOWN]:
        zone = planned.organization.zone_at(planned.at)
        shown.append(ShownChange(planned, shown_instant(planned.at, zone), str(zone)))
    return shown
