"""Reads and writes procrastinate's tables in ways that suit workers that outlast outages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Iterable
from typing import Any, TypeVar

from procrastinate.connector import BaseConnector
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.utils import utcnow

from foundation.bulk import forget_plans
from foundation.jobs.connections import WorkerConnector
from foundation.outages import has_code

# From so many jobs on, deferring them first forgets plans.
MANY_JOBS = 100

_CANCELLED, _NO_SUCH_WORKER, _NO_SUCH_JOB = "57014", "23503", "P0001"

# procrastinate's function joins the job that it found with the table of jobs. If PostgreSQL expects
# one job, it may read all of them for that; it finds one job by its id with an index. The rest is
# the same as in procrastinate_fetch_job_v2.
FETCH = """
    UPDATE procrastinate_jobs SET status = 'doing', worker_id = %(worker_id)s::bigint
    WHERE id = (
        SELECT job.id FROM procrastinate_jobs AS job
        WHERE job.status = 'todo'
            AND (%(queues)s::varchar[] IS NULL OR job.queue_name = ANY(%(queues)s::varchar[]))
            AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
            AND NOT EXISTS (
                SELECT FROM procrastinate_jobs AS other
                WHERE job.lock IS NOT NULL AND other.lock = job.lock AND (
                    other.status = 'doing' OR (
                        other.status = 'todo' AND (
                            other.priority > job.priority
                            OR (other.priority = job.priority AND other.id < job.id)
                        )
                    )
                )
            )
        ORDER BY job.priority DESC, job.id LIMIT 1
        FOR UPDATE OF job SKIP LOCKED
    )
    RETURNING id, status, task_name, priority, lock, queueing_lock, args, scheduled_at, queue_name,
        attempts, worker_id
"""
# A worker that starts removes the rows of others that have not sent a heartbeat for a while, which
# after an outage may be alive. A heartbeat from the future was sent before the clock was set back.
_HEARTBEAT = """
    INSERT INTO procrastinate_workers (id, last_heartbeat) OVERRIDING SYSTEM VALUE
    VALUES (%(worker_id)s, now())
    ON CONFLICT (id) DO UPDATE SET last_heartbeat = now()
"""
_FORGOTTEN = """
    SELECT id FROM procrastinate_jobs
    WHERE status = 'doing' AND worker_id = %(worker_id)s AND id <> ALL(%(held)s::bigint[])
"""
_FROM_THE_FUTURE = """
    UPDATE procrastinate_workers SET last_heartbeat = now() WHERE last_heartbeat > now()
"""
# After PostgreSQL was away, workers need a moment to send their heartbeats again.
_IS_UP = """
    SELECT now() NOT BETWEEN started AND started + make_interval(secs => %(seconds)s) AS long_enough
    FROM pg_postmaster_start_time() AS started
"""

_Result = TypeVar("_Result")
logger = logging.getLogger("foundation.jobs")


class PatientJobManager(JobManager):
    """Reads and writes procrastinate's tables for a worker."""

    def __init__(self, connector: BaseConnector) -> None:
        super().__init__(connector)
        # The ids of the jobs that this worker runs, and the outages after which it was compared
        # with what PostgreSQL knows.
        self._held: set[int] = set()
        self._worker_id: int | None = None
        self._outages_seen = 0

    async def register_worker(self) -> int:
        """Register a worker that starts; return its id."""
        self._worker_id = await super().register_worker()
        return self._worker_id

    def batch_defer_jobs(self, jobs: list[Job], *args: Any, **options: Any) -> list[Job]:
        """Defer jobs with one query.

        Each job has an event with a foreign key. A plan that this connection made for it while
        there were few jobs would read all jobs for each of them.
        """
        if len(jobs) >= MANY_JOBS:
            forget_plans()
        return super().batch_defer_jobs(jobs, *args, **options)

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """Take the next job, if there is one and PostgreSQL finds it in time."""
        try:
            rows = await self.connector.execute_query_all_async(
                FETCH, queues=queues and list(queues), worker_id=worker_id
            )
        except ConnectorException as error:
            if has_code(error, _CANCELLED):
                logger.warning("Fetching a job took too long; the worker tries again.")
            elif has_code(error, _NO_SUCH_WORKER):
                await self._beat(worker_id)
            else:
                raise
            return None
        self._held.update(row["id"] for row in rows)
        await self._return_forgotten(worker_id)
        return Job.from_row(rows[0]) if rows else None

    async def _return_forgotten(self, worker_id: int) -> None:
        """Queue the jobs again that PostgreSQL counts as this worker's, but which it does not run.

        They exist if a connection broke before the worker knew that it had taken a job, or if
        PostgreSQL crashed before it knew for good that the job was finished.
        """
        assert isinstance(self.connector, WorkerConnector)
        outages = self.connector.outages
        if outages == self._outages_seen:
            return
        rows = await self.connector.execute_query_all_async(
            _FORGOTTEN, worker_id=worker_id, held=sorted(self._held)
        )
        for row in rows:
            await self.retry_job_by_id_async(row["id"], utcnow())
        self._outages_seen = outages

    async def finish_job_by_id_async(self, job_id: int, *args: Any, **options: Any) -> None:
        """Finish a job, unless it was finished before the connection broke."""
        try:
            await super().finish_job_by_id_async(job_id, *args, **options)
        except ConnectorException as error:
            # If the worker stops during an outage, another one will find the job.
            if not has_code(error, _NO_SUCH_JOB) and not self._is_stopping():
                raise
        finally:
            self._held.discard(job_id)

    async def retry_job_by_id_async(self, job_id: int, *args: Any, **options: Any) -> None:
        """Queue a job for its next attempt.

        If another job with its queueing lock is already waiting, delete this one: the other will
        do the same work. procrastinate would leave it marked as running until its worker ends.
        """
        try:
            await super().retry_job_by_id_async(job_id, *args, **options)
        except UniqueViolation:
            await self.finish_job_by_id_async(job_id, Status.FAILED, delete_job=True)
        except ConnectorException as error:
            if not has_code(error, _NO_SUCH_JOB) and not self._is_stopping():
                raise
        finally:
            self._held.discard(job_id)

    async def update_heartbeat(self, worker_id: int) -> None:
        """Record that the worker is alive, also if another worker has removed it."""
        await self._unless_stopping(self._beat(worker_id))

    async def _beat(self, worker_id: int) -> None:
        await self.connector.execute_query_async(_HEARTBEAT, worker_id=worker_id)

    async def defer_periodic_job(self, *args: Any, **options: Any) -> int | None:
        """Defer a periodic job, unless it has been deferred; try until PostgreSQL does so in time.

        procrastinate stops a worker that cannot defer one.
        """
        while True:
            try:
                return await self._unless_stopping(super().defer_periodic_job(*args, **options))
            except ConnectorException as error:
                if not has_code(error, _CANCELLED):
                    raise
                logger.warning("Deferring a periodic job took too long; the worker tries again.")

    async def _unless_stopping(self, call: Awaitable[_Result]) -> _Result:
        """Await a call of a side task; if the worker stops, wait until it cancels the task."""
        try:
            return await call
        except ConnectorException:
            if self._is_stopping():
                await asyncio.Event().wait()
            raise

    def _is_stopping(self) -> bool:
        return isinstance(self.connector, WorkerConnector) and self.connector.is_stopping

    async def lost_jobs(self, seconds: int) -> list[Job]:
        """Return the jobs of workers without a heartbeat for so many seconds."""
        # After an outage, the worker that asks has perhaps not sent its own heartbeat yet.
        if self._worker_id:
            await self._beat(self._worker_id)
        await self.connector.execute_query_async(_FROM_THE_FUTURE)
        up = await self.connector.execute_query_one_async(_IS_UP, seconds=seconds)
        if not up["long_enough"]:
            return []
        return list(await self.get_stalled_jobs(seconds_since_heartbeat=seconds))
