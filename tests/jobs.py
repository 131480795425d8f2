"""Tasks for tests of jobs, and workers to run them."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app, connector_params
from procrastinate.contrib.django.models import ProcrastinateJob

from foundation.jobs.connections import BOOKKEEPING, Connector
from foundation.jobs.manager import FETCH
from foundation.jobs.setup import UPKEEP
from local_run.tests.helpers import CLONE, DEADLINE_SECONDS
from tariffs.models import Tariff
from tests.database import url_of

WORKER = [sys.executable, "-m", "billing_admin.worker"]
SETTINGS = "tests.worker_settings"


@app.task(name="note")
def note(path: str, word: str) -> None:
    """Record in a file which process runs the job."""
    with Path(path).open("a") as file:
        file.write(f"{os.getpid()} {word}\n")
    time.sleep(0.005)


@app.task(name="note_and_wait")
def note_and_wait(path: str) -> None:
    """Record which process runs the job; end once the file `<path>.go` exists."""
    note(path, "begun")
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not Path(f"{path}.go").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    note(path, "done")


@app.task(name="fail", retry=RetryStrategy(max_attempts=2, exponential_wait=20))
def fail(secret: str) -> None:
    """Fail on every attempt."""
    raise RuntimeError(secret)


@app.task(name="fail_having_deferred")
def fail_having_deferred(path: str) -> None:
    """Defer a job in a transaction that is rolled back."""
    with transaction.atomic():
        note.defer(path=path, word="never")
        raise RuntimeError


@app.task(name="rename_tariff")
def rename_tariff(tariff_id: int, user_id: int | None = None) -> None:
    """Change an audited row."""
    Tariff.objects.filter(pk=tariff_id).update(
        name=f"In {get_language()}", dvr_depth_days=F("dvr_depth_days") + 1
    )


@app.task(name="write_word")
def write_word(word: str) -> None:
    """Write a word to the table of a drill, once."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO drill (word) VALUES (%s) ON CONFLICT DO NOTHING", [word])


def run_jobs(*queues: str) -> None:
    """Run all waiting jobs in this process, or those of some queues, one after another.

    Periodic ones are not queued, since they would depend on the time at which a test runs.
    """
    with ThreadPoolExecutor(1) as executor:
        executor.submit(_run_jobs, queues).result()


def _run_jobs(queues: tuple[str, ...]) -> None:
    with (
        app.replace_connector(Connector().get_worker_connector()),
        patch.dict(app.periodic_registry.periodic_tasks, clear=True),
    ):
        app.run_worker(
            queues=queues or None,
            wait=False,
            concurrency=1,
            listen_notify=False,
            install_signal_handlers=False,
        )


def due_now() -> None:
    """Make jobs that wait for their next attempt due now."""
    ProcrastinateJob.objects.filter(status="todo").update(scheduled_at=timezone.now())


def jobs() -> list[dict[str, Any]]:
    """Return the waiting, running and failed jobs, without the housekeeping jobs."""
    every = ProcrastinateJob.objects.exclude(queue_name=UPKEEP).order_by("pk")
    return list(every.values("pk", "task_name", "status", "attempts", "scheduled_at", "args"))


@contextmanager
def idle_bookkeeping(waiting: int = 0) -> Iterator[psycopg.Connection[Any]]:
    """Connect as a worker that has been idle since its queue was analysed with `waiting` jobs."""
    with psycopg.connect(**connector_params(), autocommit=True) as idle:
        for setting in BOOKKEEPING:
            idle.execute(setting)
        for _ in range(waiting):
            note.configure(queue="another").defer(path="/dev/null", word="")
        idle.execute("VACUUM ANALYZE procrastinate_jobs")
        # psycopg prepares statements from the sixth execution on.
        for _ in range(10):
            idle.execute(FETCH, {"queues": ["none"], "worker_id": None})
        yield idle


class WorkerProcess:
    """A worker process on the test database."""

    def __init__(self, log: Path | None = None, **variables: str) -> None:
        """Start it; `log` receives what it logs."""
        environment = {
            **os.environ,
            "DATABASE_URL": url_of(connection.settings_dict["NAME"]),
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            **variables,
        }
        with log.open("a") if log else nullcontext() as stderr:
            self.process = subprocess.Popen(WORKER, cwd=CLONE, env=environment, stderr=stderr)

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid

    def kill(self) -> None:
        """Kill it, so that it cannot clean up."""
        self.process.kill()
        self.process.wait()
