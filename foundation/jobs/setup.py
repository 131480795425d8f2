"""Set up procrastinate, which runs jobs in workers beside the web server.

A task is a function with `@app.task` in an app's `tasks.py`; its `defer` creates a job in the
caller's transaction. A job whose worker dies runs again, so every task must be idempotent. Its
arguments are ids and the like, never names or addresses, because they are stored in plain text.
One may be `user_id`, the user who requested the job: the audit records it with the job's changes.
docs/decisions/jobs.md describes locks, retries, and what jobs cost.
"""

import logging
import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import translation
from procrastinate import App, Blueprint, JobContext, RetryStrategy
from procrastinate.contrib.django.models import ProcrastinateWorker
from procrastinate.jobs import Job, Status
from procrastinate.middleware import AsyncCallNext, SyncCallNext
from procrastinate.worker import Worker

from foundation.audit.recording import set_audit_context
from foundation.bulk import forget_old_plans
from foundation.jobs.connections import Connector, WorkerConnector
from foundation.jobs.manager import PatientJobManager
from foundation.outages import is_outage

UPKEEP = "upkeep"
MOST_ATTEMPTS = 10
# One job runs while the other waits for PostgreSQL or a mail server.
JOBS_AT_ONCE = 2
# Retry a failed job after 3 s, 9 s, 27 s ... 16 hours, for a day in all.
PATIENTLY = RetryStrategy(max_attempts=MOST_ATTEMPTS, exponential_wait=3)
# Retry after 2 s and 4 s, where someone waits for the result.
QUICKLY = RetryStrategy(max_attempts=2, exponential_wait=2)

# The job arguments that are logged.
_IDS = ("user_id", "organization_id")

logger = logging.getLogger("foundation.jobs")
_upkeep = Blueprint()


def is_tried_again(context: JobContext, error: Exception) -> bool:
    """Return whether a job that fails with `error` will be retried."""
    return is_outage(error) or context.task.get_retry_exception(error, context.job) is not None


def has_worker(now: datetime) -> bool:
    """Return whether any worker has sent a heartbeat in the last `JOBS_LOST_AFTER_SECONDS`."""
    since = now - timedelta(seconds=settings.JOBS_LOST_AFTER_SECONDS)
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=since).exists()


# --- Set up once ----------------------------------------------------------------------------------


def set_up(app: App) -> None:
    """Configure procrastinate's app: its connector, its upkeep tasks, and what workers do."""
    app.connector = Connector()
    app.job_manager = PatientJobManager(app.connector)
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
    """Run a job, again if the database went away meanwhile, and log one line about it."""
    assert isinstance(worker.app.connector, WorkerConnector)
    started = time.perf_counter()
    failure = None
    try:
        return await worker.app.connector.outlast_in_job(call_next)
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
        again = is_outage(failure) or task.get_retry_exception(failure, job)
        level = logging.WARNING if again else logging.ERROR
    logger.log(level, "job %s", job.task_name, extra={"fields": fields}, exc_info=failure)


# procrastinate's own query sorts all jobs with all their events.
_REMOVE_OLD_JOBS = """
    DELETE FROM procrastinate_jobs AS job
    WHERE status NOT IN ('todo', 'doing') AND NOT EXISTS (
        SELECT FROM procrastinate_events
        WHERE job_id = job.id AND at >= now() - make_interval(days => %(days)s)
    )
"""

# --- Periodic -------------------------------------------------------------------------------------


@_upkeep.periodic(cron=f"* * * * * */{settings.JOBS_LOST_AFTER_SECONDS}")
@_upkeep.task(queue=UPKEEP, queueing_lock="return_lost_jobs", priority=100, pass_context=True)
async def return_lost_jobs(context: JobContext, timestamp: int) -> None:
    """Retry the jobs of workers that died."""
    manager = context.app.job_manager
    assert isinstance(manager, PatientJobManager)
    for job in await manager.lost_jobs(settings.JOBS_LOST_AFTER_SECONDS):
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
@_upkeep.task(queue=UPKEEP)
def remove_old_jobs(timestamp: int) -> None:
    """Delete jobs that ended more than `JOBS_KEPT_DAYS` ago, including failed ones."""
    with connection.cursor() as cursor:
        cursor.execute(_REMOVE_OLD_JOBS, {"days": settings.JOBS_KEPT_DAYS})
