"""Measure the statements of all organizations of a provider, on one process and on two."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from statistics import median

from benchmarks.measuring import Figure, in_processes, megabytes, milliseconds, seconds
from benchmarks.statements import FETCH_LIMIT, SQL_LIMIT, DifferentError, fetch_only, statement_of
from benchmarks.totals import totals_by_engine, totals_by_sql
from organizations.models import Organization
from usage.statements.price_list import all_tariffs
from usage.statements.statement import Statement

RUNS = 3
MEMORY_LIMIT, SPEED_LIMIT = 300e6, 1.7


def measure(organizations: Sequence[Organization], cameras: int) -> Iterator[Figure]:
    """Measure the statements of the organizations, which have `cameras` cameras in total."""
    size = f"{len(organizations):,} organizations, {cameras:,} cameras"
    _compare(organizations)
    one, two, fetch, sql, memory = _measured(organizations)
    what = "statements of a whole provider"
    yield Figure(
        what,
        size,
        milliseconds(one),
        f"{FETCH_LIMIT} × {milliseconds(fetch)} for fetching",
        one / fetch / FETCH_LIMIT,
    )
    yield Figure(
        what,
        "against SQL",
        milliseconds(one),
        f"{SQL_LIMIT:g} × {milliseconds(sql)} in SQL",
        one / sql / SQL_LIMIT,
    )
    yield Figure(what, "memory", megabytes(memory), "under 300 MB", memory / MEMORY_LIMIT)
    yield Figure(
        what,
        "on 2 processes",
        milliseconds(two),
        f"{SPEED_LIMIT} × as fast as on 1 (measured: {one / two:.2f})",
        SPEED_LIMIT * two / one,
    )


def _measured(organizations: Sequence[Organization]) -> tuple[float, float, float, float, int]:
    """Return the times of one process, two, fetching and SQL, in seconds, and the peak memory."""
    ones, twos, fetches, sqls, memories = [], [], [], [], []
    for _ in range(RUNS):
        ((one, memory),) = in_processes(_all_statements, [(organizations,)])
        halves = in_processes(_all_statements, [(organizations[::2],), (organizations[1::2],)])
        ((fetch, _),) = in_processes(_each, [(fetch_only, organizations)])
        ((sql, _),) = in_processes(_each, [(totals_by_sql, organizations)])
        ones.append(one)
        twos.append(max(time for time, _ in halves))
        fetches.append(fetch)
        sqls.append(sql)
        memories.append(memory)
    return median(ones), median(twos), median(fetches), median(sqls), max(memories)


def _all_statements(organizations: Sequence[Organization]) -> float:
    return seconds(partial(_add_up, organizations))


def _add_up(organizations: Sequence[Organization]) -> None:
    tariffs = all_tariffs()
    for organization in organizations:
        statement_of(organization, tariffs).totals()


def _each(action: Callable[[Statement], object], organizations: Sequence[Organization]) -> float:
    statements = [statement_of(organization) for organization in organizations]

    def run() -> None:
        for statement in statements:
            action(statement)

    return seconds(run)


def _compare(organizations: Sequence[Organization]) -> None:
    for organization in organizations[:20]:
        statement = statement_of(organization)
        if totals_by_sql(statement) != totals_by_engine(statement):
            raise DifferentError(organization)
