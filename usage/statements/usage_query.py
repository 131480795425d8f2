"""The one query of a statement: usage intervals as pricing wants them, in seconds since 1970.

In SQL, because a statement of 1,000 cameras takes 3 ms, and building the query from models 0.4 ms
of it; docs/decisions/pricing-speed.md. The index usage_interval_statement holds all that it reads,
in its order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.db import connection

# What `pricing.Usage` has: camera, tariff, start, end.
Row = tuple[int, int, int, int | None]
# The same, then the camera's name and title.
NamedRow = tuple[int, int, int, int | None, str, str]
# Its text and parameters.
Query = tuple[str, dict[str, int | datetime | list[int]]]

ROWS_A_FETCH = 5_000
# So few that writing begins while PostgreSQL still finds the others of a small organization. Totals
# gain by it on one process, and lose on two.
NAMED_ROWS_A_FETCH = 500

_OF_ORGANIZATION = """
    SELECT camera_id, tariff_id, extract(epoch FROM started_at)::bigint,
        extract(epoch FROM ended_at)::bigint
    FROM usage_usageinterval AS held
    WHERE held.organization_id = %(organization_id)s AND started_at < %(ends_at)s
        AND (ended_at IS NULL OR ended_at > %(starts_at)s)
"""
# The organization's own cameras are sorted by id once, and merged, which takes a third of the time
# of looking each up. Only what has moved away is looked up.
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
"""
_OF_CAMERAS = " AND camera_id = ANY(%(camera_ids)s)"
_IN_ORDER = " ORDER BY camera_id, started_at"


def query_of(
    organization_id: int, starts_at: int, ends_at: int, camera_ids: Collection[int] | None = None
) -> Query:
    """Return the query for what overlaps `[starts_at, ends_at)`.

    By camera, then time; of all of an organization's cameras, or some.
    """
    parameters: dict[str, int | datetime | list[int]] = {
        "organization_id": organization_id,
        "starts_at": datetime.fromtimestamp(starts_at, UTC),
        "ends_at": datetime.fromtimestamp(ends_at, UTC),
    }
    if camera_ids is None:
        return _OF_ORGANIZATION + _IN_ORDER, parameters
    parameters["camera_ids"] = list(camera_ids)
    return _OF_ORGANIZATION + _OF_CAMERAS + _IN_ORDER, parameters


def with_names(query: Query) -> Query:
    """Return `query`, of all of an organization's cameras, so that it finds a `NamedRow` each."""
    return _NAMED + _IN_ORDER, query[1]


def stream(query: Query, rows: int = ROWS_A_FETCH) -> Iterator[Any]:
    """Return rows, so many at a time, while PostgreSQL still finds more; it keeps none of them.

    The connection is busy until the last row: ask it nothing else before.
    """
    connection.ensure_connection()
    cursor = psycopg.Cursor(connection.connection)
    return cursor.stream(*query, binary=True, size=rows)


def stream_named(query: Query) -> Iterator[NamedRow]:
    """Return the rows of `query`, of all of an organization's cameras, with names, as `stream`."""
    return stream(with_names(query), NAMED_ROWS_A_FETCH)


def fetch(query: Query) -> Iterator[Row]:
    """Yield rows from a cursor of PostgreSQL's, between whose parts other queries may be made."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(*query)
        while rows := cursor.fetchmany(ROWS_A_FETCH):
            yield from rows
