"""A drill: PostgreSQL is killed while a worker issues batches; nothing is lost or issued twice."""

import os
import random
import time
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from benchmarks import data
from benchmarks.invoice_run import _make_billable
from invoices.runs import operations as runs
from invoices.tests.factories import IN_NOVEMBER
from local_run import postgres_server
from local_run.tests.conftest import open_folder  # noqa: F401
from local_run.tests.helpers import wait_until
from tests.jobs import WorkerProcess
from tests.own_server import copy_of_database, stop_at_once

pytestmark = pytest.mark.django_db(transaction=True)

# For example 100000, in an hour at most.
ORGANIZATIONS = int(os.environ.get("DRILL_ORGANIZATIONS", "100"))
CAMERAS = 10
_DONE = "SELECT count(*) FROM invoices_runitem WHERE state <> 'waiting'"
_JOBS = "SELECT id FROM procrastinate_jobs WHERE task_name = 'invoices.issue_for_run'"
_PARTS = (
    "invoices_frozencharges",
    "invoices_invoicedperiod",
    "invoices_openitem",
    "invoices_invoiceevent",
    "(SELECT DISTINCT invoice_id FROM invoices_invoiceline)",
    "(SELECT DISTINCT organization_id, currency FROM invoices_invoice)",
)


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as client:
        return client.execute(query).fetchall()


def wait_for_done(url: str, number: float) -> None:
    """Wait, by looking often, until so many organizations are done."""
    deadline = time.monotonic() + 60 + ORGANIZATIONS / 20
    with psycopg.connect(url, autocommit=True) as client:
        while client.execute(_DONE).fetchall() < [(number,)]:
            assert time.monotonic() < deadline
            time.sleep(0.005)


def test_a_run_completes_although_its_database_is_killed(
    transactional_db: None,
    open_folder: Path,  # noqa: F811
) -> None:
    organizations = data.add_provider(owners=ORGANIZATIONS, organizations=ORGANIZATIONS)
    with data.checked_afterwards():
        data.add_cameras(1, ORGANIZATIONS * CAMERAS, organizations)
    _make_billable(organizations)
    runs.start(month=date(2026, 10, 1), now=IN_NOVEMBER, by=None)
    chance = random.Random(7)

    with copy_of_database(open_folder) as (home, url):
        worker = WorkerProcess(DATABASE_URL=url, CONN_MAX_AGE="60")
        try:
            for part in (0.01, 0.2, 0.4):
                wait_for_done(url, part * ORGANIZATIONS)
                # At a random moment of a batch.
                time.sleep(chance.uniform(0, 0.05))
                stop_at_once(home)
                postgres_server.revive(home)
                assert rows(url, _DONE) < [(ORGANIZATIONS,)]
            wait_for_done(url, ORGANIZATIONS)
            wait_until(lambda: not rows(url, _JOBS))
            assert worker.process.poll() is None
        finally:
            worker.kill()
        issued = "SELECT count(*) FROM invoices_runitem WHERE state = 'issued'"
        assert rows(url, issued) == [(ORGANIZATIONS,)]
        ((count,),) = rows(url, "SELECT count(*) FROM invoices_invoice")
        assert count >= ORGANIZATIONS
        for parts in _PARTS:
            assert rows(url, f"SELECT count(*) FROM {parts} AS parts") == [(count,)], parts
        numbers = "SELECT split_part(number, '-', 3)::integer FROM invoices_invoice ORDER BY 1"
        assert rows(url, numbers) == [(number,) for number in range(1, count + 1)]
