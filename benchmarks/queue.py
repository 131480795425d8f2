"""Measure fetching jobs while a million wait, on connections that were idle before."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median, quantiles
from typing import Any

import psycopg
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateWorker

from benchmarks.measuring import Comparison, under
from foundation.jobs.manager import FETCH
from local_run.tests.helpers import wait_until
from tests.jobs import WorkerProcess, idle_bookkeeping

FETCH_LIMIT, STOP_LIMIT = 0.010, 5.0
FETCHES = 5_000
_WAIT_SECONDS = 60
# Four kinds with their own queues and priorities. One in ten thousand has a lock, and one in five
# hundred waits for its next attempt. `LISTEN` is told of each, as when tasks defer them.
_DEFER = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, args, scheduled_at)
    SELECT (ARRAY['invoices', 'mail', 'upkeep', 'default'])[1 + number %% 4], 'note',
        (ARRAY[0, -10, -20, 0])[1 + number %% 4],
        CASE WHEN number %% 10000 = 0 THEN 'lock ' || number %% 7 END,
        '{"path": "/dev/null", "word": "done"}',
        CASE WHEN number %% 500 = 1 THEN now() + interval '1 hour' END
    FROM generate_series(1, %s) AS number
"""


def measure(number: int) -> Iterator[Comparison]:
    """Measure fetches and the end of a worker while `number` jobs wait that came at once."""
    worker = WorkerProcess(CONN_MAX_AGE="60")
    try:
        wait_until(ProcrastinateWorker.objects.exists, _WAIT_SECONDS)
        with idle_bookkeeping() as idle:
            with connection.cursor() as cursor:
                cursor.execute(_DEFER, [number])
            times = [_fetched_and_done(idle) for _ in range(FETCHES)]
        begin = time.perf_counter()
        worker.process.terminate()
        worker.process.wait(_WAIT_SECONDS)
        stopped = time.perf_counter() - begin
    finally:
        worker.kill()
    size = f"{number:,} waiting jobs"
    slow = quantiles(times, n=100)[-1]
    yield under("fetching a job, median", size, now=median(times), limit=FETCH_LIMIT)
    yield under("fetching a job, slowest of 100", size, now=slow, limit=FETCH_LIMIT)
    what = f"fetching a job, slowest of {FETCHES:,}"
    yield under(what, size, now=max(times), limit=FETCH_LIMIT)
    yield under("stopping a worker", size, now=stopped, limit=STOP_LIMIT)


def _fetched_and_done(idle: psycopg.Connection[tuple[Any, ...]]) -> float:
    """Fetch and finish a job; return the seconds that fetching took."""
    begin = time.perf_counter()
    row = idle.execute(FETCH, {"queues": None, "worker_id": None}).fetchone()
    took = time.perf_counter() - begin
    assert row
    idle.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', true)", row[:1])
    return took
