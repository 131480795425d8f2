"""Jobs: what procrastinate runs in workers, beside the web server.

A task is a function under `@app.task` in an app's `tasks.py`; its `defer` makes a job of it, in the
transaction of the caller. A job whose worker dies runs again, so every task must bear being run
twice. Its arguments are ids and the like, never names or addresses: they are kept as they are. One
of them may be `user_id`, who asked for it: the audit records them with what the job changes.
docs/decisions/jobs.md tells of locks, retries, and what jobs cost.
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

from foundation.audit.recording import tell_from_now_on

UPKEEP = "upkeep"
MOST_ATTEMPTS = 10
# One is at work while the other waits for PostgreSQL or for a mail server.
JOBS_AT_ONCE = 2
# A job that fails is tried again after 3 s, 9 s, 27 s ... 16 hours, for a day in all.
PATIENTLY = RetryStrategy(max_attempts=MOST_ATTEMPTS, exponential_wait=3)
# After 2 s and 4 s: where somebody waits to see how it went.
QUICKLY = RetryStrategy(max_attempts=2, exponential_wait=2)

# What of a job's arguments is logged.
_IDS = ("user_id", "organization_id")

logger = logging.getLogger("foundation.jobs")
_upkeep = Blueprint()


def is_tried_again(context: JobContext, error: Exception) -> bool:
    """Tell whether a job that fails by `error` has another attempt."""
    return context.task.get_retry_exception(error, context.job) is not None


def has_worker(now: datetime) -> bool:
    """Tell whether any worker has given a sign of life lately."""
    since = now - timedelta(seconds=settings.JOBS_LOST_AFTER_SECONDS)
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=since).exists()


# --- What is set up once --------------------------------------------------------------------------


def set_up(app: App) -> None:
    """Make procrastinate's app ours."""
    app.connector = Connector()
    app.job_manager = _JobManager(app.connector)
    app.add_tasks_from(_upkeep, namespace=UPKEEP)
    app.worker_defaults["task_middleware"] += [_in_its_context]
    app.worker_defaults |= {
        "concurrency": JOBS_AT_ONCE,
        "worker_middleware": [_told],
        # What is left are jobs that wait, run, or failed: what somebody may want to know of.
        "delete_jobs": "successful",
        "stalled_worker_timeout": settings.JOBS_LOST_AFTER_SECONDS,
        "update_heartbeat_interval": settings.JOBS_LOST_AFTER_SECONDS / 3,
    }


class _JobManager(JobManager):
    """What stands between procrastinate and its tables."""

    async def retry_job_by_id_async(self, job_id: int, *args: Any, **options: Any) -> None:
        """Have a job wait for its next attempt.

        It goes where another with its queueing lock waits already, which will do the same.
        procrastinate would leave it running, in appearance, until its worker ends.
        """
        try:
            await super().retry_job_by_id_async(job_id, *args, **options)
        except UniqueViolation:
            await self.finish_job_by_id_async(job_id, Status.FAILED, delete_job=True)


class Connector(DjangoConnector):
    """Defers by Django's connection, so in its transaction."""

    def get_worker_connector(self) -> BaseAsyncConnector:
        """Return what a worker has beside that."""
        return _WorkerConnector(
            kwargs=connector_params(),
            configure=_for_bookkeeping,
            pool_factory=_pool,
            min_size=1,
            timeout=5,
        )


class _WorkerConnector(PsycopgConnector):
    """A connection to fetch and finish jobs by; another listens for new ones."""

    def get_sync_connector(self) -> BaseConnector:
        """Have tasks, too, defer in their own transaction."""
        return DjangoConnector()


async def _for_bookkeeping(connection: AsyncConnection[Any]) -> None:
    await connection.set_autocommit(True)
    # What PostgreSQL forgets when it crashes is that a job was begun or done: it runs again.
    await connection.execute("SET synchronous_commit = off")


def _pool(**options: Any) -> AsyncConnectionPool[AsyncConnection[Any]]:
    return AsyncConnectionPool(**options | {"check": _is_there})


async def _is_there(connection: AsyncConnection[Any]) -> None:
    """Raise if PostgreSQL has gone away since a connection was used last.

    The pool would ask PostgreSQL each time, twice a job. But whoever goes away says so, and only
    then is there something to read on a connection that has asked nothing.
    """
    readable, _writable, _broken = select.select([connection.fileno()], [], [], 0)
    if readable:
        await AsyncConnectionPool.check_connection(connection)


# --- Around each job ------------------------------------------------------------------------------


def _in_its_context(call_next: SyncCallNext, context: JobContext, worker: Worker) -> Any:
    """Record for whom the job does what it does; leave no language to the next one."""
    who: dict[str, Any] = {"job": context.job.task_name}
    if user_id := context.job.task_kwargs.get("user_id"):
        who["user"] = user_id
    tell_from_now_on(**who)
    with translation.override(settings.LANGUAGE_CODE):
        return call_next()


async def _told(call_next: AsyncCallNext, context: JobContext, worker: Worker) -> Any:
    """Log one line a job."""
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


# --- What runs by the clock -----------------------------------------------------------------------


@_upkeep.periodic(cron=f"* * * * * */{settings.JOBS_LOST_AFTER_SECONDS}")
@_upkeep.task(queue=UPKEEP, queueing_lock="return_lost_jobs", priority=100, pass_context=True)
async def return_lost_jobs(context: JobContext, timestamp: int) -> None:
    """Have the jobs of workers that died run again."""
    manager = context.app.job_manager
    seconds = settings.JOBS_LOST_AFTER_SECONDS
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=seconds):
        # It may be the job that kills its workers.
        if job.attempts < MOST_ATTEMPTS:
            await manager.retry_job(job)
            logger.warning("job %s, %s, of a lost worker is run again", job.id, job.task_name)
        else:
            await manager.finish_job(job, Status.FAILED, delete_job=False)
            logger.error("job %s, %s, of a lost worker is given up", job.id, job.task_name)


@_upkeep.periodic(cron="17 3 * * *")
@_upkeep.task(queue=UPKEEP, pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Forget jobs that ended long ago, failed ones too."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=24 * settings.JOBS_KEPT_DAYS,
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )
