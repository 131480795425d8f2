"""A worker: a process that runs jobs, two at a time, until it is stopped."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError

from foundation.jobs.connections import Connector, WorkerConnector

# How long a job may compute while another, whose answer from PostgreSQL has arrived, waits to
# continue. Python's default is 5 ms, during which the waiting job would hold its locks.
TURN_SECONDS = 0.001
# How far the clock may drift before the worker takes it for set.
LEAP_SECONDS = 60
_LOOK_SECONDS = 1

# New objects that start a garbage collection. Python's default is 700.
OBJECTS_A_COLLECTION = 20_000

logger = logging.getLogger("foundation.jobs")


def run_worker() -> int:
    """Run jobs until stopped; return the exit code, which is 1 if the database is unreachable."""
    sys.setswitchinterval(TURN_SECONDS)
    # What is loaded now stays, so the collector need not look at it again and again. A job that
    # creates many objects at once, as a batch of invoices, would start it every millisecond.
    gc.freeze()
    gc.set_threshold(OBJECTS_A_COLLECTION)
    connector = Connector().get_worker_connector()
    assert isinstance(connector, WorkerConnector)
    try:
        with app.replace_connector(connector):
            asyncio.run(_work(connector))
    except (ConnectorException, OperationalError) as error:
        if not connector.is_stopping:
            logger.error("The worker cannot reach the database: %s", error.__cause__ or error)
            return 1
    return 0


async def _work(connector: WorkerConnector) -> None:
    """Run jobs until stopped; begin again whenever the clock is set."""
    stopped = asyncio.Event()

    def stop() -> None:
        connector.is_stopping = True
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    async with app.open_async():
        while not stopped.is_set():
            await _work_until(stopped)


async def _work_until(stopped: asyncio.Event) -> None:
    """Run jobs until stopped or until the clock is set, then finish those that are running.

    procrastinate remembers when it last deferred each periodic job. If the clock is set back, it
    would defer none until that time has come again; if it is set forward, all of those between.
    """
    work = asyncio.create_task(app.run_worker_async(install_signal_handlers=False))
    leap = asyncio.create_task(clock_was_set(time.time, time.monotonic))
    stop = asyncio.create_task(stopped.wait())
    await asyncio.wait({work, leap, stop}, return_when=asyncio.FIRST_COMPLETED)
    if leap.done():
        logger.warning("The clock was set by %d s; the worker begins again.", leap.result())
    for task in (leap, stop, work):
        task.cancel()
    with suppress(asyncio.CancelledError):
        await work


async def clock_was_set(wall: Callable[[], float], steady: Callable[[], float]) -> float:
    """Wait until the wall clock leaps; return by how many seconds."""
    expected = wall() - steady()
    while abs(leap := wall() - steady() - expected) < LEAP_SECONDS:
        await asyncio.sleep(_LOOK_SECONDS)
    return leap
