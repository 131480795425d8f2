"""Jobs: deferred with their transaction, run and retried, recovered, audited and logged."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateWorker
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import JobManager
from procrastinate.testing import InMemoryConnector
from psycopg.errors import QueryCanceled, UndefinedTable

from accounts.models import User
from billing_admin.logs import JsonFormatter
from foundation.jobs.manager import PatientJobManager
from foundation.jobs.setup import (
    JOBS_AT_ONCE,
    MOST_ATTEMPTS,
    UPKEEP,
    remove_old_jobs,
    return_lost_jobs,
)
from local_run.tests.helpers import DEADLINE_SECONDS, wait_until
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory
from tests.fixtures import StartWorker
from tests.jobs import (
    fail,
    fail_having_deferred,
    jobs,
    note,
    note_and_wait,
    rename_tariff,
    run_jobs,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes"
    path.touch()
    return path


def run(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def noted(notes: Path) -> list[tuple[int, str]]:
    """Return the process id and word of each note."""
    lines = (line.split() for line in notes.read_text().splitlines())
    return [(int(process), word) for process, word in lines]


def arguments(notes: Path, numbers: Iterable[int]) -> list[dict[str, Any]]:
    """Return the arguments of one job per number."""
    return [{"path": str(notes), "word": str(number)} for number in numbers]


class TestDeferring:
    def test_is_part_of_the_transaction(self, notes: Path) -> None:
        with transaction.atomic():
            note.defer(path=str(notes), word="kept")
        with transaction.atomic():
            note.defer(path=str(notes), word="lost")
            transaction.set_rollback(True)

        assert [job["args"]["word"] for job in jobs()] == ["kept"]

    def test_is_part_of_the_transaction_inside_a_job_too(self, notes: Path) -> None:
        fail_having_deferred.defer(path=str(notes))

        run_jobs()

        assert [(job["task_name"], job["status"]) for job in jobs()] == [
            ("fail_having_deferred", "failed")
        ]
        assert noted(notes) == []

    def test_many_jobs_take_one_query_after_plans_are_forgotten(
        self, notes: Path, django_assert_num_queries: Callable[..., Any]
    ) -> None:
        with transaction.atomic(), django_assert_num_queries(2):
            note.batch_defer(*arguments(notes, range(10_000)))

        assert len(jobs()) == 10_000

    def test_a_higher_priority_runs_first(self, notes: Path) -> None:
        note.configure(priority=-1).defer(path=str(notes), word="mail")
        note.defer(path=str(notes), word="invoice")

        run_jobs()

        assert [word for _, word in noted(notes)] == ["invoice", "mail"]


class TestFailing:
    def test_is_retried_after_increasing_pauses_and_then_fails_for_good(self) -> None:
        fail.defer(secret="")
        for attempts, seconds in ((1, 20), (2, 400)):
            run_jobs()

            (job,) = jobs()
            assert (job["status"], job["attempts"]) == ("todo", attempts)
            wait = job["scheduled_at"] - timezone.now()
            assert timedelta(seconds=seconds - 15) < wait <= timedelta(seconds=seconds)
            run("UPDATE procrastinate_jobs SET scheduled_at = now()")
        run_jobs()

        assert [(job["status"], job["attempts"]) for job in jobs()] == [("failed", 3)]


class TestWorkers:
    def test_two_workers_share_jobs_and_run_each_once(
        self, notes: Path, start_worker: StartWorker
    ) -> None:
        workers = {start_worker().pid, start_worker().pid}
        wait_until(lambda: ProcrastinateWorker.objects.count() == 2)
        note.batch_defer(*arguments(notes, range(300)))

        wait_until(lambda: not jobs())

        assert sorted(int(word) for _, word in noted(notes)) == list(range(300))
        assert {process for process, _ in noted(notes)} == workers

    def test_another_worker_runs_the_job_of_a_killed_worker(
        self, notes: Path, start_worker: StartWorker
    ) -> None:
        workers = [start_worker(), start_worker()]
        note_and_wait.defer(path=str(notes))
        wait_until(lambda: noted(notes))
        killed, other = sorted(workers, key=lambda each: each.pid != noted(notes)[0][0])

        killed.kill()
        wait_until(lambda: len(noted(notes)) == 2)
        Path(f"{notes}.go").touch()
        wait_until(lambda: not jobs())

        assert noted(notes) == [(killed.pid, "begun"), (other.pid, "begun"), (other.pid, "done")]

    def test_continues_after_its_connections_were_ended(
        self, notes: Path, start_worker: StartWorker
    ) -> None:
        worker = start_worker()
        note_and_wait.defer(path=str(notes))
        wait_until(lambda: noted(notes))

        run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE %s",
            "%procrastinate%",
        )
        Path(f"{notes}.go").touch()
        wait_until(lambda: not jobs())

        assert noted(notes) == [(worker.pid, "begun"), (worker.pid, "done")]

    def test_finishes_its_jobs_when_stopped_and_starts_no_others(
        self, notes: Path, start_worker: StartWorker
    ) -> None:
        worker = start_worker()
        for _ in range(JOBS_AT_ONCE):
            note_and_wait.defer(path=str(notes))
        note.configure(priority=-1).defer(path=str(notes), word="later")
        # Each waits for the same file, so all of them run at once.
        wait_until(lambda: len(noted(notes)) == JOBS_AT_ONCE)

        worker.process.terminate()
        Path(f"{notes}.go").touch()

        assert worker.process.wait(DEADLINE_SECONDS) == 0
        words = [word for _, word in noted(notes)]
        assert words == ["begun"] * JOBS_AT_ONCE + ["done"] * JOBS_AT_ONCE
        assert [job["args"]["word"] for job in jobs()] == ["later"]


class TestUpkeep:
    def test_every_periodic_job_is_upkeep_which_only_has_others_do_the_work(self) -> None:
        queues = {
            each.task.name: each.task.queue
            for each in app.periodic_registry.periodic_tasks.values()
        }

        assert len(queues) > 20
        assert set(queues.values()) == {UPKEEP}

    @pytest.fixture(autouse=True)
    def _soon_lost(self, settings: Any) -> None:
        # No job counts as lost before the server has been up for this time.
        settings.JOBS_LOST_AFTER_SECONDS = 1

    def lost(self, notes: Path, attempts: int = 0, **options: Any) -> None:
        """Leave a job in the state of one whose worker died."""
        note.configure(**options).defer(path=str(notes), word="again")
        run("UPDATE procrastinate_jobs SET status = 'doing', attempts = %s", attempts)

    def recover(self) -> None:
        return_lost_jobs.configure(task_kwargs={"timestamp": 0}).defer()
        run_jobs()

    def test_runs_lost_jobs_again(self, notes: Path) -> None:
        self.lost(notes)

        self.recover()

        assert [word for _, word in noted(notes)] == ["again"]
        assert jobs() == []

    def test_fails_a_job_that_kills_its_workers(self, notes: Path) -> None:
        self.lost(notes, attempts=MOST_ATTEMPTS)

        self.recover()

        assert noted(notes) == []
        assert [job["status"] for job in jobs()] == ["failed"]

    def test_drops_a_lost_job_if_another_with_its_lock_is_waiting(self, notes: Path) -> None:
        self.lost(notes, queueing_lock="notes")
        note.configure(queueing_lock="notes").defer(path=str(notes), word="other")

        self.recover()

        assert [word for _, word in noted(notes)] == ["other"]
        assert jobs() == []

    def test_deletes_jobs_that_failed_long_ago(self, notes: Path) -> None:
        fail_having_deferred.batch_defer({"path": "old"}, {"path": "new"})
        run_jobs()
        run(
            "UPDATE procrastinate_events SET at = at - interval '31 days'"
            " FROM procrastinate_jobs job WHERE job.id = job_id AND args = %s",
            '{"path": "old"}',
        )

        remove_old_jobs.configure(task_kwargs={"timestamp": 0}).defer()
        run_jobs()

        assert [job["args"]["path"] for job in jobs()] == ["new"]


class TestContext:
    def changed_by(self) -> Any:
        return Tariff.pgh_event_model.objects.get(pgh_label="update").pgh_context  # type: ignore[attr-defined]

    def test_the_audit_trail_names_the_job_and_who_requested_it(
        self, operator: User, operator_client: Client
    ) -> None:
        tariff = TariffFactory.create()
        rename_tariff.defer(tariff_id=tariff.pk, user_id=operator.pk)
        run_jobs()

        assert self.changed_by() == {"job": "rename_tariff", "user": operator.pk}
        page = operator_client.get(reverse("tariffs:history", args=[tariff.pk]))
        assert operator.name in page.text

    def test_the_audit_trail_names_a_job_that_nobody_requested(
        self, operator_client: Client
    ) -> None:
        tariff = TariffFactory.create()
        rename_tariff.defer(tariff_id=tariff.pk)
        run_jobs()

        assert self.changed_by() == {"job": "rename_tariff"}
        page = operator_client.get(reverse("tariffs:history", args=[tariff.pk]))
        assert "job rename_tariff" in page.text

    def test_the_audit_trail_has_the_context_of_each_job(self, operator: User) -> None:
        tariff = TariffFactory.create()
        rename_tariff.defer(tariff_id=tariff.pk, user_id=operator.pk)
        rename_tariff.defer(tariff_id=tariff.pk)
        run_jobs()

        events = Tariff.pgh_event_model.objects.filter(pgh_label="update")  # type: ignore[attr-defined]
        assert list(events.order_by("pk").values_list("pgh_context", flat=True)) == [
            {"job": "rename_tariff", "user": operator.pk},
            {"job": "rename_tariff"},
        ]

    def test_jobs_run_in_the_default_language(self) -> None:
        tariff = TariffFactory.create()
        with override("ru"):
            rename_tariff.defer(tariff_id=tariff.pk)
            run_jobs()

        assert Tariff.objects.get().name == "In en"


class TestLogs:
    @pytest.fixture
    def lines(self, caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
        """Return a function that runs the waiting jobs and returns what production logs."""
        caplog.set_level(logging.INFO, "foundation.jobs")

        def logged() -> list[str]:
            run_jobs()
            return [JsonFormatter().format(record) for record in caplog.records]

        return logged

    def test_a_job_is_logged_without_its_arguments(
        self, lines: Callable[[], list[str]], operator: User
    ) -> None:
        rename_tariff.defer(tariff_id=717171717, user_id=operator.pk)
        (job,) = jobs()

        (line,) = lines()

        entry = json.loads(line)
        assert entry.pop("duration_ms") > 0
        assert entry.pop("time")
        assert entry == {
            "level": "INFO",
            "logger": "foundation.jobs",
            "message": "job rename_tariff",
            "request_id": "-",
            "task": "rename_tariff",
            "job_id": job["pk"],
            "attempt": 1,
            "user_id": operator.pk,
        }

    @pytest.mark.parametrize(("attempts", "level"), [(0, "WARNING"), (2, "ERROR")])
    def test_a_failure_is_logged_with_its_frames(
        self, lines: Callable[[], list[str]], attempts: int, level: str
    ) -> None:
        fail.defer(secret="ann@example.com")
        run("UPDATE procrastinate_jobs SET attempts = %s", attempts)

        (line,) = lines()

        entry = json.loads(line)
        assert (entry["level"], entry["attempt"]) == (level, attempts + 1)
        assert entry["exceptions"][0]["type"] == "RuntimeError"
        assert "ann" not in line


def test_a_periodic_job_that_cannot_be_deferred_in_time_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """procrastinate 3.10.0 stops a worker that cannot defer one."""
    attempts: list[str] = []

    async def defer(_self: JobManager, task: str) -> int:
        attempts.append(task)
        if task == "broken":
            raise ConnectorException from UndefinedTable()
        if len(attempts) == 1:
            raise ConnectorException from QueryCanceled()
        return 7

    monkeypatch.setattr(JobManager, "defer_periodic_job", defer)
    manager = PatientJobManager(InMemoryConnector())

    assert asyncio.run(manager.defer_periodic_job("upkeep")) == 7
    assert attempts == ["upkeep", "upkeep"]
    assert [each.getMessage() for each in caplog.records] == [
        "Deferring a periodic job took too long; the worker tries again."
    ]
    with pytest.raises(ConnectorException):
        asyncio.run(manager.defer_periodic_job("broken"))


def test_a_fetch_that_takes_too_long_is_given_up(notes: Path, start_worker: StartWorker) -> None:
    """A worker that cannot fetch jobs sends its heartbeats, and stops when it is told to."""
    worker = start_worker()
    wait_until(lambda: ProcrastinateWorker.objects.exists())
    with transaction.atomic():
        # Fetching waits until this transaction ends.
        run("LOCK TABLE procrastinate_jobs IN SHARE ROW EXCLUSIVE MODE")
        run("SELECT pg_notify('procrastinate_any_queue_v1', '{\"type\": \"job_inserted\"}')")
        first = ProcrastinateWorker.objects.get().last_heartbeat
        wait_until(lambda: ProcrastinateWorker.objects.get().last_heartbeat > first)

        worker.process.terminate()

        assert worker.process.wait(DEADLINE_SECONDS) == 0
