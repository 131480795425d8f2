"""The queries of a statement: usage intervals as pricing wants them, in seconds since 1970.

The index usage_interval_statement holds all that they read, in their order. A statement of 1,000
cameras takes 3 ms, and the ORM 1 to 2 ms to build its query: docs/decisions/pricing-speed.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import BigIntegerField, F, Func, QuerySet

from foundation.fast_sql import compiled_once, written_as
from usage.models import UsageInterval
from usage.querysets import UsageIntervalQuerySet

# What `pricing.Usage` has: camera, tariff, start, end.
Row = tuple[int, int, int, int | None]
# The same, then the camera's name and title.
NamedRow = tuple[int, int, int, int | None, str, str]

ROWS_A_FETCH = 5_000
# So few that writing begins while PostgreSQL still finds the others of a small organization. Totals
# gain by it on one process, and lose on two.
NAMED_ROWS_A_FETCH = 500


class _Epoch(Func):
    """An instant of a whole second as seconds since 1970."""

    template = "extract(epoch FROM %(expressions)s)::bigint"
    output_field = BigIntegerField()


_COLUMNS = (F("camera_id"), F("tariff_id"), _Epoch("started_at"), _Epoch("ended_at"))


def _usages_of(
    organization_id: int, starts_at: datetime, ends_at: datetime
) -> UsageIntervalQuerySet:
    """Return what overlaps `[starts_at, ends_at)`, by camera, then time."""
    held = UsageInterval.objects.filter(organization=organization_id)
    return held.overlapping(starts_at, ends_at).order_by("camera_id", "started_at")


@compiled_once
def usages(
    organization_id: int, starts_at: datetime, ends_at: datetime
) -> QuerySet[UsageInterval, Row]:
    """A `Row` for each usage interval of an organization in a period."""
    return _usages_of(organization_id, starts_at, ends_at).values_list(*_COLUMNS)


# The organization's own cameras are sorted by id once, and merged, which takes a third of the time
# of looking each up; only a camera that has moved away is looked up. A queryset would say it by a
# `FilteredRelation`, but Django makes that an inner join, as the key is never empty.
_NAMED = """
    SELECT camera_id, tariff_id, extract(epoch FROM started_at)::bigint,
        extract(epoch FROM ended_at)::bigint,
        coalesce(own.name, (SELECT name FROM usage_camera WHERE id = camera_id)),
        coalesce(own.title, (SELECT title FROM usage_camera WHERE id = camera_id))
    FROM usage_usageinterval AS held
    LEFT JOIN usage_camera AS own
        ON own.organization_id = %(organization_id)s AND own.id = camera_id
    WHERE held.organization_id = %(organization_id)s AND started_at < %(ends_at)s
        AND (ended_at IS NULL OR ended_at > %(starts_at)s)
    ORDER BY camera_id, started_at
"""


@written_as(_NAMED)
def named_usages(
    organization_id: int, starts_at: datetime, ends_at: datetime
) -> QuerySet[UsageInterval, NamedRow]:
    """A `NamedRow` for each usage interval of an organization in a period."""
    held = _usages_of(organization_id, starts_at, ends_at)
    return held.values_list(*_COLUMNS, "camera__name", "camera__title")


def stream(organization_id: int, starts_at: datetime, ends_at: datetime) -> Iterator[Row]:
    """Return the rows of a period while PostgreSQL still finds more; it keeps none of them.

    The connection is busy until the last row: ask it nothing else before.
    """
    return usages.stream(organization_id, starts_at, ends_at, size=ROWS_A_FETCH)


def stream_named(
    organization_id: int, starts_at: datetime, ends_at: datetime
) -> Iterator[NamedRow]:
    """Return the rows with cameras' names, as `stream`."""
    return named_usages.stream(organization_id, starts_at, ends_at, size=NAMED_ROWS_A_FETCH)


def fetch(organization_id: int, starts_at: datetime, ends_at: datetime) -> Iterator[Row]:
    """Yield the rows of a period; other queries may be made meanwhile."""
    return usages.in_parts(organization_id, starts_at, ends_at, size=ROWS_A_FETCH)


def fetch_of(
    camera_ids: Collection[int], organization_id: int, starts_at: datetime, ends_at: datetime
) -> Iterator[Row]:
    """Return the rows of a period of some cameras: those of one page."""
    held = _usages_of(organization_id, starts_at, ends_at)
    return iter(held.filter(camera__in=camera_ids).values_list(*_COLUMNS))
