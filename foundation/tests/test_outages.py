"""Tests that a worker counts every time at which PostgreSQL is found to be away."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException

from foundation.jobs import connections
from foundation.jobs.connections import WorkerConnector


def failing(times: int, after: asyncio.Event) -> Callable[[], Awaitable[None]]:
    """Return a query that finds PostgreSQL away so many times, from an event on."""
    left = times

    async def run() -> None:
        nonlocal left
        await after.wait()
        if left:
            left -= 1
            raise ConnectorException from psycopg.OperationalError("server closed the connection")

    return run


def test_an_outage_counts_although_another_query_still_waits_for_the_end_of_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Otherwise jobs that were lost with the second one would not be noticed."""
    monkeypatch.setattr(connections, "is_outage", lambda error: True)

    async def two_outages() -> list[int]:
        worker, first, second = WorkerConnector(), asyncio.Event(), asyncio.Event()
        counts = []
        first.set()
        waiting = asyncio.create_task(worker._outlast(failing(1, first), 60))
        while not worker.outages:
            await asyncio.sleep(0)
        counts.append(worker.outages)
        second.set()
        await worker._outlast(failing(1, second), 0)
        counts.append(worker.outages)
        waiting.cancel()
        return counts

    # Browser tests leave an event loop in this thread.
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(asyncio.run, two_outages()).result() == [1, 2]
