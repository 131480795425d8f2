"""Tests of a queue in which many jobs wait: what is read does not grow with their number."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.types import JSONValue

from foundation.jobs.connections import Connector
from foundation.jobs.manager import FETCH
from local_run.tests.helpers import DEADLINE_SECONDS
from tests.jobs import idle_bookkeeping, note

pytestmark = pytest.mark.django_db(transaction=True)


def defer(number: int) -> None:
    jobs: list[dict[str, JSONValue]] = [{"path": "/dev/null", "word": ""}] * number
    note.batch_defer(*jobs)


@pytest.mark.parametrize("waiting", [0, 1, 3])
def test_fetching_a_job_reads_few_others_on_a_connection_that_was_idle(waiting: int) -> None:
    """procrastinate 3.10.0: plans that suit an empty queue read all jobs, or compare all in pairs.

    PostgreSQL expects what it saw when the queue was analysed, and a connection keeps its plan.
    """
    number = 5_000
    with idle_bookkeeping(waiting) as idle:
        defer(number)

        with idle.transaction():
            idle.execute(FETCH, {"queues": None, "worker_id": None})
            (read,) = idle.execute(
                "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables"
                " WHERE relname = 'procrastinate_jobs'"
            ).fetchone() or (0,)

    assert 0 < read < number / 10


def test_a_worker_stops_listening_while_many_notifications_arrive() -> None:
    """procrastinate 3.10.0 on Python 3.11: while notifications wait, a cancellation is lost."""

    async def listen() -> asyncio.Task[None]:
        heard = asyncio.Event()

        async def on_notification(*, channel: str, payload: str) -> None:
            heard.set()

        connector = Connector().get_worker_connector()
        await connector.open_async()
        task = asyncio.create_task(connector.listen_notify(on_notification, ["waiting_jobs"]))
        while not heard.is_set():
            await connector.execute_query_async(
                "SELECT pg_notify('waiting_jobs', number::text)"
                " FROM generate_series(1, 10000) AS number"
            )
        task.cancel()
        await asyncio.wait({task}, timeout=DEADLINE_SECONDS)
        await connector.close_async()
        return task

    # Browser tests leave an event loop in this thread.
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(asyncio.run, listen()).result().cancelled()


def plan_of(query: str, *parameters: Any) -> str:
    """Return how PostgreSQL executes a query while 3,000 jobs of other tasks wait."""
    defer(3_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE procrastinate_jobs")
        cursor.execute(f"EXPLAIN {query}", parameters)
        return "\n".join(line for (line,) in cursor.fetchall())


def test_jobs_with_a_lock_are_found_by_it() -> None:
    """procrastinate 3.10.0: its own index on locks begins with the id, so all of it is read."""
    plan = plan_of(
        "SELECT FROM procrastinate_jobs WHERE lock = 'a' AND (status = 'doing'"
        " OR (status = 'todo' AND (priority > 0 OR (priority = 0 AND id < 9))))"
    )

    assert "jobs_by_lock" in plan


def test_unfinished_jobs_of_a_task_are_found_by_it() -> None:
    unfinished = ProcrastinateJob.objects.filter(
        task_name="invoices.check", status__in=("todo", "doing")
    )
    query, parameters = unfinished.query.sql_with_params()

    assert "jobs_by_task" in plan_of(query, *parameters)
