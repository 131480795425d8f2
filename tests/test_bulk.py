"""Bulk changes on a connection that has been used: what it remembers of small tables."""

import time

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.types import JSONValue

from foundation import bulk
from foundation.bulk import analyze, forget_old_plans, forget_plans
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory
from tests.jobs import note

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 2_000


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def read(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


def jobs_read() -> int:
    """Return how many rows this connection has read of the table of jobs."""
    run("SELECT pg_stat_force_next_flush()")
    return read(
        "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables"
        " WHERE relname = 'procrastinate_jobs'"
    )


def test_deferring_many_jobs_after_a_few_reads_each_a_few_times() -> None:
    """procrastinate 3.10.0: each new job has an event, whose foreign key is checked."""
    for _ in range(2):
        for _ in range(8):
            note.defer(path="", word="")
        run("VACUUM ANALYZE procrastinate_jobs")
    before = jobs_read()

    many: list[dict[str, JSONValue]] = [{"path": "", "word": ""}] * MANY
    note.batch_defer(*many)

    assert ProcrastinateJob.objects.count() == MANY + 16
    assert jobs_read() - before < 10 * MANY


@pytest.fixture
def plans() -> "psycopg.Connection[object]":
    """Prepare a statement with a kept plan on this connection, and return the connection.

    It reads the table, whatever an earlier test has left in the statistics.
    """
    run("PREPARE kept AS SELECT count(*) FROM tariffs_tariff")
    run("SET enable_indexonlyscan = off")
    run("EXECUTE kept")
    run("RESET enable_indexonlyscan")
    plain: psycopg.Connection[object] = connection.connection
    return plain


def reads_by_index() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN EXECUTE kept")
        return "Seq Scan" not in str(cursor.fetchall())


@pytest.mark.usefixtures("plans")
def test_a_statement_is_planned_again_once_plans_are_forgotten() -> None:
    run("SET enable_seqscan = off")
    assert not reads_by_index()

    forget_plans()

    assert reads_by_index()
    connection.close()


def test_plans_are_forgotten_only_when_they_are_old(
    plans: "psycopg.Connection[object]",
) -> None:
    run("SET enable_seqscan = off")
    forget_old_plans()
    assert not reads_by_index()

    bulk._forgotten[plans] = time.monotonic() - bulk.PLANS_KEPT_SECONDS - 1
    forget_old_plans()

    assert reads_by_index()
    connection.close()


def test_what_was_filled_has_statistics() -> None:
    TariffFactory.create_batch(3)

    analyze(Tariff)

    assert read("SELECT reltuples FROM pg_class WHERE relname = 'tariffs_tariff'") == 3
