"""Set up procrastinate, which runs jobs in workers beside the web server.

A task is a function with `@app.task` in an app's `tasks.py`; its `defer` creates a job in the
caller's transaction. A job whose worker dies runs again, so every task must be idempotent. Its
arguments are ids and the like, never names or addresses, because they are stored in plain text.
One may be `user_id`, the user who requested the job: the audit records it with the job's changes.
docs/decisions/jobs.md describes locks, retries, and what jobs cost.
"""

import logging
import select
import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from procrastinate import App, Blueprint, JobContext, RetryStrategy
from procrastinate.connector import BaseAsyncConnector, BaseConnector
from procrastinate.contrib.django import connector_params
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateWorker
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.middleware import AsyncCallNext, SyncCallNext
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.worker import Worker
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from foundation.audit.recording import set_audit_context
from foundation.bulk import forget_old_plans, forget_plans

UPKEEP = "upkeep"
MOST_ATTEMPTS = 10
# One job runs while the other waits for PostgreSQL or a mail server.
JOBS_AT_ONCE = 2
# From so many jobs on, deferring them first forgets plans.
MANY_JOBS = 100
# Retry a failed job after 3 s, 9 s, 27 s ... 16 hours, for a day in all.
PATIENTLY = RetryStrategy(max_attempts=MOST_ATTEMPTS, exponential_wait=3)
# Retry after 2 s and 4 s, where someone waits for the result.
QUICKLY = RetryStrategy(max_attempts=2, exponential_wait=2)

# The settings of the connections on which a worker fetches and finishes jobs.
BOOKKEEPING = (
    # If PostgreSQL crashes, it forgets only that a job was started or finished: the job runs again.
    "SET synchronous_commit = off",
    # The function that fetches a job keeps its plan. A plan made while the queue was empty compares
    # every job with every other, which takes minutes after thousands of jobs have been deferred.
    "SET plan_cache_mode = force_custom_plan",
)

# The job arguments that are logged.
_IDS = ("user_id", "organization_id")

logger = logging.getLogger("foundation.jobs")
_upkeep = Blueprint()


def is_tried_again(context: JobContext, error: Exception) -> bool:
    """Return whether a job that fails with `error` will be retried."""
    return context.task.get_retry_exception(error, context.job) is not None


def has_worker(now: datetime) -> bool:
    """Return whether any worker has sent a heartbeat in the last `JOBS_LOST_AFTER_SECONDS`."""
    since = now - timedelta(seconds=settings.JOBS_LOST_AFTER_SECONDS)
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=since).exists()


# --- Set up once ----------------------------------------------------------------------------------


def set_up(app: App) -> None:
    """Configure procrastinate's app: its connector, its upkeep tasks, and what workers do."""
    app.connector = Connector()
    app.job_manager = _JobManager(app.connector)
    app.add_tasks_from(_upkeep, namespace=UPKEEP)
    app.worker_defaults["task_middleware"] += [_with_context]
    app.worker_defaults |= {
        "concurrency": JOBS_AT_ONCE,
        "worker_middleware": [_logged],
        # Waiting, running and failed jobs are kept, so that someone can look at them.
        "delete_jobs": "successful",
        "stalled_worker_timeout": settings.JOBS_LOST_AFTER_SECONDS,
        "update_heartbeat_interval": settings.JOBS_LOST_AFTER_SECONDS / 3,
    }


class _JobManager(JobManager):
    """Reads and writes procrastinate's tables."""

    def batch_defer_jobs(self, jobs: list[Job], *args: Any, **options: Any) -> list[Job]:
        """Defer jobs with one query.

        Each job has an event with a foreign key. A plan that this connection made for it while
        there were few jobs would read all jobs for each of them.
        """
        if len(jobs) >= MANY_JOBS:
            forget_plans()
        return super().batch_defer_jobs(jobs, *args, **options)

    async def retry_job_by_id_async(self, job_id: int, *args: Any, **options: Any) -> None:
        """Queue a job for its next attempt.

        If another job with its queueing lock is already waiting, delete this one: the other will
        do the same work. procrastinate would leave it marked as running until its worker ends.
        """
        try:
            await super().retry_job_by_id_async(job_id, *args, **options)
        except UniqueViolation:
            await self.finish_job_by_id_async(job_id, Status.FAILED, delete_job=True)


class Connector(DjangoConnector):
    """Defers jobs on Django's connection, and so in its transaction."""

    def get_worker_connector(self) -> BaseAsyncConnector:
        """Return the connector that a worker uses for its own bookkeeping."""
        return _WorkerConnector(
            kwargs=connector_params(),
            configure=_for_bookkeeping,
            pool_factory=_pool,
            min_size=1,
            timeout=5,
        )


class _WorkerConnector(PsycopgConnector):
    """Fetches and finishes jobs on one connection, and listens for new jobs on another."""

    def get_sync_connector(self) -> BaseConnector:
        """Return the connector by which tasks defer jobs in their own transactions."""
        return DjangoConnector()


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


# --- Around each job ------------------------------------------------------------------------------


def _with_context(call_next: SyncCallNext, context: JobContext, worker: Worker) -> Any:
    """Run a job with its audit context, in the default language."""
    who: dict[str, Any] = {"job": context.job.task_name}
    if user_id := context.job.task_kwargs.get("user_id"):
        who["user"] = user_id
    set_audit_context(**who)
    forget_old_plans()
    with translation.override(settings.LANGUAGE_CODE):
        return call_next()


async def _logged(call_next: AsyncCallNext, context: JobContext, worker: Worker) -> Any:
    """Run a job and log one line about it."""
    started = time.perf_counter()
    failure = None
    try:
        return await call_next()
    except Exception as error:
        failure = error
        raise
    finally:
        _log(context.job, worker.find_task(context.job.task_name), started, failure)


def _log(job: Job, task: Any, started: float, failure: Exception | None) -> None:
    fields = {
        "task": job.task_name,
        "job_id": job.id,
        "attempt": job.attempts + 1,
        "duration_ms": round((time.perf_counter() - started) * 1000, 1),
        **{name: job.task_kwargs[name] for name in _IDS if name in job.task_kwargs},
    }
    level = logging.DEBUG if job.queue == UPKEEP else logging.INFO
    if failure:
        again = task.get_retry_exception(failure, job)
        level = logging.WARNING if again else logging.ERROR
    logger.log(level, "job %s", job.task_name, extra={"fields": fields}, exc_info=failure)


# --- Periodic -------------------------------------------------------------------------------------


@_upkeep.periodic(cron=f"* * * * * */{settings.JOBS_LOST_AFTER_SECONDS}")
@_upkeep.task(queue=UPKEEP, queueing_lock="return_lost_jobs", priority=100, pass_context=True)
async def return_lost_jobs(context: JobContext, timestamp: int) -> None:
    """Retry the jobs of workers that died."""
    manager = context.app.job_manager
    seconds = settings.JOBS_LOST_AFTER_SECONDS
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=seconds):
        # The job itself may be what kills its workers.
        if job.attempts < MOST_ATTEMPTS:
            await manager.retry_job(job)
            logger.warning(
                "The worker of job %s, %s, was lost; the job will run again.", job.id, job.task_name
            )
        else:
            await manager.finish_job(job, Status.FAILED, delete_job=False)
            logger.error(
                "The worker of job %s, %s, was lost; the job has failed for the last time.",
                job.id,
                job.task_name,
            )


@_upkeep.periodic(cron="17 3 * * *")
@_upkeep.task(queue=UPKEEP, pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Delete jobs that ended more than `JOBS_KEPT_DAYS` ago, including failed ones."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=24 * settings.JOBS_KEPT_DAYS,
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )
