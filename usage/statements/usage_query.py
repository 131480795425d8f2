"""Query usage intervals for statements, in the form that pricing needs, in seconds since 1970.

The index usage_interval_statement has all columns that the queries read, in the same order. A
statement of 1,000 cameras takes 3 ms; the ORM would take 1 to 2 ms just to build the query. See
docs/decisions/pricing-speed.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from django.db.models import BigIntegerField, F, Func, QuerySet

from foundation.fast_sql import compiled_once, written_as
from usage.models import UsageInterval
from usage.querysets import UsageIntervalQuerySet

# The fields of `pricing.Usage`: camera, tariff, start, end.
Row = tuple[int, int, int, int | None]
# The same, followed by the name and title of the camera. The title is empty if another organization
# has the camera now, because that organization may have changed it.
NamedRow = tuple[int, int, int, int | None, str, str]
# A `Row`, followed by the organization that would use the camera.
PlannedRow = tuple[int, int, int, int | None, int]
# A `NamedRow`, followed by the organization that used the camera.
HeldRow = tuple[int, int, int, int | None, str, str, int]

ROWS_A_FETCH = 5_000
# Small, so that writing begins while PostgreSQL is still finding the other rows of a small
# organization. For totals, this size would be faster in one process but slower in two.
NAMED_ROWS_A_FETCH = 500


class _Epoch(Func):
    """An instant without fractions of a second, as seconds since 1970."""

    template = "extract(epoch FROM %(expressions)s)::bigint"
    output_field = BigIntegerField()


_COLUMNS = (F("camera_id"), F("tariff_id"), _Epoch("started_at"), _Epoch("ended_at"))


def _usages_of(
    organization_id: int, starts_at: datetime, ends_at: datetime
) -> UsageIntervalQuerySet:
    """Return the intervals that overlap `[starts_at, ends_at)`, in order of camera, then time."""
    intervals = UsageInterval.objects.filter(organization=organization_id)
    return intervals.overlapping(starts_at, ends_at).order_by("camera_id", "started_at")


@compiled_once
def usages(
    organization_id: int, starts_at: datetime, ends_at: datetime
) -> QuerySet[UsageInterval, Row]:
    """Return a `Row` for each usage interval of an organization in a period."""
    return _usages_of(organization_id, starts_at, ends_at).values_list(*_COLUMNS)


# The organization's own cameras are sorted by id once and merged, which takes a third of the time
# that looking up each one takes. Only cameras that have moved away are looked up. A queryset would
# need a `FilteredRelation`, but Django makes that an inner join, because the key is never null.
_NAMED = """
    SELECT camera_id, tariff_id, extract(epoch FROM started_at)::bigint,
        extract(epoch FROM ended_at)::bigint,
        coalesce(own.name, (SELECT name FROM usage_camera WHERE id = camera_id)),
        coalesce(own.title, '')
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
    """Return a `NamedRow` for each usage interval of an organization in a period."""
    intervals = _usages_of(organization_id, starts_at, ends_at).with_title_for(organization_id)
    return intervals.values_list(*_COLUMNS, "camera__name", "camera_title")


# The same for many small organizations. Cameras are joined by their id alone: joined by the
# organization too, PostgreSQL would compare all cameras of an organization with each other.
_NAMED_OF_ALL = """
    SELECT camera_id, tariff_id, extract(epoch FROM started_at)::bigint,
        extract(epoch FROM ended_at)::bigint,
        coalesce(own.name, (SELECT name FROM usage_camera WHERE id = camera_id)),
        CASE WHEN own.organization_id = held.organization_id THEN own.title ELSE '' END,
        held.organization_id
    FROM usage_usageinterval AS held
    LEFT JOIN usage_camera AS own
        ON own.organization_id = ANY(%(organization_ids)s::bigint[]) AND own.id = camera_id
    WHERE held.organization_id = ANY(%(organization_ids)s::bigint[]) AND started_at < %(ends_at)s
        AND (ended_at IS NULL OR ended_at > %(starts_at)s)
    ORDER BY held.organization_id, camera_id, started_at
"""


@written_as(_NAMED_OF_ALL)
def named_usages_of_all(
    organization_ids: Collection[int], starts_at: datetime, ends_at: datetime
) -> QuerySet[UsageInterval, HeldRow]:
    """Return a `NamedRow`, followed by the organization, for the intervals of organizations."""
    intervals = UsageInterval.objects.filter(organization__in=organization_ids)
    titled = intervals.overlapping(starts_at, ends_at).with_title_for(F("organization"))
    in_order = titled.order_by("organization_id", "camera_id", "started_at")
    return in_order.values_list(*_COLUMNS, "camera__name", "camera_title", "organization_id")


def stream(organization_id: int, starts_at: datetime, ends_at: datetime) -> Iterator[Row]:
    """Stream the rows of a period while PostgreSQL is still finding more. Rows are not kept.

    The connection is busy until the last row; run no other query before.
    """
    return usages.stream(organization_id, starts_at, ends_at, size=ROWS_A_FETCH)


def stream_named(
    organization_id: int, starts_at: datetime, ends_at: datetime
) -> Iterator[NamedRow]:
    """Stream the rows with the names of their cameras, like `stream`."""
    return named_usages.stream(organization_id, starts_at, ends_at, size=NAMED_ROWS_A_FETCH)


def stream_named_of_all(
    organization_ids: Collection[int], starts_at: datetime, ends_at: datetime
) -> Iterator[tuple[int, Iterator[NamedRow]]]:
    """Stream the rows of organizations in order of their ids, each like `stream_named`."""
    rows = named_usages_of_all.stream(
        list(organization_ids), starts_at, ends_at, size=NAMED_ROWS_A_FETCH
    )
    return groupby(rows, key=itemgetter(6))


# The same for a partner: its customers are few against its cameras, which move between them.
_NAMED_BY_CAMERA = f"""
    {_NAMED_OF_ALL.rpartition("ORDER BY")[0].strip()}
    ORDER BY camera_id, started_at
"""


@written_as(_NAMED_BY_CAMERA)
def named_usages_by_camera(
    organization_ids: Collection[int], starts_at: datetime, ends_at: datetime
) -> QuerySet[UsageInterval, HeldRow]:
    """Return the same in order of camera, then time."""
    return named_usages_of_all.queryset(organization_ids, starts_at, ends_at).order_by(
        "camera_id", "started_at"
    )


Span = tuple[int, int | None]
"""Instants in seconds since 1970; None leaves the end open."""


def rows_in_spans(
    spans: Mapping[int, Sequence[Span]], starts_at: datetime, ends_at: datetime
) -> Iterator[HeldRow]:
    """Yield a `NamedRow`, followed by the organization, for the usage of organizations in spans.

    `spans` are those of each organization, by id. Intervals are cut to them. The rows are in order
    of camera, then time.
    """
    rows = named_usages_by_camera.in_batches(
        list(spans), starts_at, ends_at, size=NAMED_ROWS_A_FETCH
    )
    for camera_id, tariff_id, started_at, ended_at, name, title, organization_id in rows:
        for start, end in cut_to(spans[organization_id], started_at, ended_at):
            yield camera_id, tariff_id, start, end, name, title, organization_id


def cut_to(spans: Iterable[Span], started_at: int, ended_at: int | None) -> Iterator[Span]:
    """Yield the parts of an interval that lie in the spans."""
    for since, until in spans:
        start = max(started_at, since)
        end = min((each for each in (ended_at, until) if each is not None), default=None)
        if end is None or start < end:
            yield start, end


def users_of(
    tariff_ids: Collection[int],
    organization_ids: Collection[int],
    starts_at: datetime,
    ends_at: datetime,
) -> list[int]:
    """Return those of the organizations that used some of the tariffs in a period."""
    intervals = UsageInterval.objects.filter(
        organization__in=organization_ids, tariff__in=tariff_ids
    )
    found = intervals.overlapping(starts_at, ends_at).order_by("organization_id")
    return list(found.values_list("organization_id", flat=True).distinct())


def rows_of_all(
    organization_ids: Collection[int], starts_at: datetime, ends_at: datetime
) -> Iterator[tuple[int, Iterator[tuple[int, int, int, int | None, int]]]]:
    """Yield the rows of organizations in order of their ids, each followed by the organization."""
    intervals = UsageInterval.objects.filter(organization__in=organization_ids)
    in_order = intervals.overlapping(starts_at, ends_at).order_by(
        "organization_id", "camera_id", "started_at"
    )
    rows = in_order.values_list(*_COLUMNS, "organization_id").iterator(ROWS_A_FETCH)
    return groupby(rows, key=itemgetter(4))


def fetch(organization_id: int, starts_at: datetime, ends_at: datetime) -> Iterator[Row]:
    """Yield the rows of a period. Other queries can run in between."""
    return usages.in_batches(organization_id, starts_at, ends_at, size=ROWS_A_FETCH)


def fetch_of(
    camera_ids: Collection[int], organization_id: int, starts_at: datetime, ends_at: datetime
) -> Iterator[Row]:
    """Return the rows of some cameras in a period, for example those on one page."""
    intervals = _usages_of(organization_id, starts_at, ends_at)
    return iter(intervals.filter(camera__in=camera_ids).values_list(*_COLUMNS))
