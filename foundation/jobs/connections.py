"""The database connections of workers, which survive that PostgreSQL is away for a while.

A worker fetches and finishes jobs on connections of its own. While PostgreSQL is away, it waits and
then continues where it was. It logs one line when that begins and one when it ends.
"""

from __future__ import annotations

import asyncio
import logging
import select
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar

from procrastinate.connector import LISTEN_TIMEOUT, BaseAsyncConnector, BaseConnector, Notify
from procrastinate.contrib.django import connector_params
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg import AsyncConnection, OperationalError
from psycopg_pool import AsyncConnectionPool

from foundation.outages import has_code, is_outage

# A worker that is told to stop waits for its last query at most this long.
QUERY_SECONDS = 3
# How long to wait before the next attempt, of a query and of a whole job.
_PAUSE_SECONDS, _PAUSE_IN_JOB_SECONDS = 1, 5
# A job during which a connection breaks this often may be what breaks it.
_MOST_BROKEN = 10
_DISK_FULL, _TOO_MANY_CONNECTIONS = "53100", "53300"

# The settings of the connections on which a worker fetches and finishes jobs.
BOOKKEEPING = (
    # If PostgreSQL crashes, it forgets only that a job was started or finished: the job runs again.
    "SET synchronous_commit = off",
    # The function that fetches a job keeps its plan. A plan made while the queue was empty compares
    # every job with every other, which takes minutes after thousands of jobs have been deferred.
    "SET plan_cache_mode = force_custom_plan",
    # If the queue was last analysed when it was nearly empty, PostgreSQL expects one job. It then
    # may read and sort all of them, because that seems as good as the index that has their order.
    "SET enable_sort = off",
    f"SET statement_timeout = '{QUERY_SECONDS}s'",
)

_Result = TypeVar("_Result")
logger = logging.getLogger("foundation.jobs")


class Connector(DjangoConnector):
    """Defers jobs on Django's connection, and so in its transaction."""

    def get_worker_connector(self) -> BaseAsyncConnector:
        """Return the connector that a worker uses for its own bookkeeping."""
        return WorkerConnector(
            kwargs=connector_params(),
            configure=_for_bookkeeping,
            pool_factory=_pool,
            min_size=1,
            # A heartbeat does not wait for a slow query.
            max_size=2,
            timeout=QUERY_SECONDS,
            # The pool waits longer each time before it connects again, so it must not wait long.
            reconnect_timeout=QUERY_SECONDS,
        )


class WorkerConnector(PsycopgConnector):
    """Fetches and finishes jobs on one or two connections, and listens for new jobs on another.

    `outages` grows whenever PostgreSQL is found to be away. `is_stopping` makes it wait no longer.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.outages = 0
        self.is_stopping = False
        self._waiting = 0
        self._has_given_up = False

    def get_sync_connector(self) -> BaseConnector:
        """Return the connector by which tasks defer jobs in their own transactions."""
        return DjangoConnector()

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        """Execute a query."""
        execute = super().execute_query_async
        await self._outlast(lambda: execute(query, **arguments))

    async def execute_query_one_async(self, query: Any, **arguments: Any) -> dict[str, Any]:
        """Execute a query; return its first row."""
        execute = super().execute_query_one_async
        return await self._outlast(lambda: execute(query, **arguments))

    async def execute_query_all_async(self, query: Any, **arguments: Any) -> list[dict[str, Any]]:
        """Execute a query; return its rows."""
        execute = super().execute_query_all_async
        return await self._outlast(lambda: execute(query, **arguments))

    async def listen_notify(self, *arguments: Any, **options: Any) -> None:
        """Listen for new jobs until cancelled."""
        while True:
            try:
                await super().listen_notify(*arguments, **options)
            except ConnectorException as error:
                # Queries wait for the database too, and log that.
                if not is_outage(error):
                    raise
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _loop_notify(
        self,
        on_notification: Notify,
        connection: AsyncConnection[Any],
        timeout: float = LISTEN_TIMEOUT,
    ) -> None:
        """Report notifications until cancelled or until the connection breaks.

        procrastinate awaits each by `asyncio.wait_for`. In Python 3.11, that ignores a cancellation
        if the notification has already arrived. After many jobs were deferred at once, one always
        has, so the worker did not stop.
        """
        with suppress(OperationalError):
            while True:
                async for each in connection.notifies(timeout=timeout):
                    await on_notification(channel=each.channel, payload=each.payload)
                # PostgreSQL may have gone away without a word.
                await connection.execute("SELECT 1")

    async def outlast_in_job(self, run: Callable[[], Awaitable[Any]]) -> Any:
        """Run a job; if PostgreSQL goes away meanwhile, wait for it and run the job again.

        This is not an attempt of the job, because it is not the job's fault. But if the connection
        breaks again and again while PostgreSQL is there, it may be.
        """
        broken = 0

        async def run_when_back() -> Any:
            nonlocal broken
            if broken:
                await self.execute_query_async("SELECT 1")
            try:
                return await run()
            except Exception as error:
                broken += not has_code(error, _DISK_FULL, _TOO_MANY_CONNECTIONS)
                if broken == _MOST_BROKEN:
                    raise _BrokenError from error
                raise

        return await self._outlast(run_when_back, _PAUSE_IN_JOB_SECONDS)

    async def _outlast(
        self, run: Callable[[], Awaitable[_Result]], pause: int = _PAUSE_SECONDS
    ) -> _Result:
        is_waiting = False
        try:
            while True:
                if self._has_given_up:
                    raise ConnectorException from OperationalError("stopped during an outage")
                try:
                    return await run()
                except Exception as error:
                    if not is_outage(error):
                        raise
                    self._has_given_up = self.is_stopping
                    if self._has_given_up:
                        raise
                    # Each may be another outage: some wait for the end of one when the next begins.
                    self.outages += 1
                    if not is_waiting:
                        is_waiting = True
                        self._begin_waiting(error)
                await asyncio.sleep(pause)
        finally:
            if is_waiting:
                self._end_waiting()

    def _begin_waiting(self, error: Exception) -> None:
        self._waiting += 1
        if self._waiting == 1:
            reason = error.__cause__ or error
            logger.warning("The worker waits for the database: %s", reason)

    def _end_waiting(self) -> None:
        self._waiting -= 1
        if not self._waiting and not self.is_stopping:
            logger.warning("The worker continues: the database answers again.")


class _BrokenError(Exception):
    """A job has broken its connection again and again."""


async def _for_bookkeeping(connection: AsyncConnection[Any]) -> None:
    await connection.set_autocommit(True)
    for setting in BOOKKEEPING:
        await connection.execute(setting)


def _pool(**options: Any) -> AsyncConnectionPool[AsyncConnection[Any]]:
    return AsyncConnectionPool(**options | {"check": _check_alive})


async def _check_alive(connection: AsyncConnection[Any]) -> None:
    """Raise an error if PostgreSQL has closed an idle connection.

    The pool's own check queries PostgreSQL each time, twice per job. An idle connection has
    nothing to read unless PostgreSQL has closed it, so the check runs only then.
    """
    readable, _writable, _broken = select.select([connection.fileno()], [], [], 0)
    if readable:
        await AsyncConnectionPool.check_connection(connection)
