"""Measure the statements of one organization, against fetching alone and against SQL."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import psycopg
from django.db import connection

from benchmarks.data import AS_OF, MONTH
from benchmarks.measuring import Figure, milliseconds, side_by_side
from benchmarks.totals import totals_by_engine, totals_by_sql
from organizations.models import Organization
from usage.statements import usage_query
from usage.statements.price_list import Tariffs
from usage.statements.statement import Statement, statement_for

FETCH_LIMIT, SQL_LIMIT, GROWTH_LIMIT, SMALL_LIMIT = 2.5, 2.0, 1.1, 0.020


class DifferentError(Exception):
    """PostgreSQL and the engine give different results."""


def statement_of(organization: Organization, tariffs: Tariffs | None = None) -> Statement:
    """Return the statement to measure."""
    return statement_for(organization=organization, period=MONTH, as_of=AS_OF, tariffs=tariffs)


def fetch_only(statement: Statement) -> None:
    """Fetch the rows of a statement with psycopg, by the same query."""
    connection.ensure_connection()
    with psycopg.ClientCursor(connection.connection) as cursor:
        cursor.execute(*usage_query.usages.sql(statement.organization.pk, *statement.read_between))
        cursor.fetchall()


def runs_of(cameras: int) -> int:
    """Return how often to measure: more often for fewer cameras."""
    return 51 if cameras <= 1_000 else 15 if cameras <= 10_000 else 7 if cameras <= 100_000 else 3


def measure(organizations: dict[int, Organization]) -> Iterator[Figure]:
    """Measure organizations, keyed by their number of cameras."""
    per_camera = {}
    for cameras, organization in sorted(organizations.items()):
        size = f"{cameras:,} cameras"
        if cameras == 100:
            (whole,) = side_by_side(runs_of(cameras), partial(_whole, organization))
            yield Figure("statement", size, milliseconds(whole), "under 20 ms", whole / SMALL_LIMIT)
        else:
            fetch, whole = _against_fetching(organization, runs_of(cameras))
            per_camera[cameras] = whole / cameras
            yield Figure(
                "statement",
                size,
                milliseconds(whole),
                f"{FETCH_LIMIT} × {milliseconds(fetch)} for fetching",
                whole / fetch / FETCH_LIMIT,
            )
    yield from _growth(per_camera)
    for cameras in sorted(organizations)[-2:]:
        yield _against_sql(organizations[cameras], cameras)


def _against_fetching(organization: Organization, runs: int) -> list[float]:
    fetched = statement_of(organization)
    return side_by_side(
        runs, lambda: fetch_only(fetched), lambda: statement_of(organization).totals()
    )


def _whole(organization: Organization) -> None:
    statement_of(organization).totals()


def _growth(per_camera: dict[int, float]) -> Iterator[Figure]:
    most = max(per_camera)
    few, many = per_camera[1_000], per_camera[most]
    yield Figure(
        "cost per camera",
        f"from 1,000 to {most:,}",
        f"{many * 1e6:.2f} µs",
        f"{GROWTH_LIMIT} × {few * 1e6:.2f} µs",
        many / few / GROWTH_LIMIT,
    )


def _against_sql(organization: Organization, cameras: int) -> Figure:
    statement = statement_of(organization)
    if totals_by_sql(statement) != totals_by_engine(statement):
        raise DifferentError(organization)
    sql, engine = side_by_side(
        min(5, runs_of(cameras)),
        lambda: totals_by_sql(statement),
        lambda: statement_of(organization).totals(),
    )
    return Figure(
        "totals only, against SQL",
        f"{cameras:,} cameras",
        milliseconds(engine),
        f"{SQL_LIMIT:g} × {milliseconds(sql)} in SQL",
        engine / sql / SQL_LIMIT,
    )
