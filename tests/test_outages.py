"""Drills: PostgreSQL stops, connections break, the disk is full, the clock is set.

Workers and the web server recover by themselves; no job is lost, and a worker logs one line when an
outage begins and one when it ends.
"""

import asyncio
import json
import os
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app, connector_params
from procrastinate.periodic import PeriodicDeferrer
from pytest_django.live_server_helper import LiveServer

from foundation.jobs.setup import JOBS_AT_ONCE, return_lost_jobs
from foundation.jobs.worker import LEAP_SECONDS, clock_was_set
from local_run import postgres_server
from local_run.tests.conftest import open_folder  # noqa: F401
from local_run.tests.helpers import DEADLINE_SECONDS, wait_until
from tests.jobs import WorkerProcess, jobs, note_and_wait, run_jobs
from tests.own_server import copy_of_database, stop_at_once

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = 100
_BEGIN, _END = "The worker waits for the database", "The worker continues"


class Drill:
    """A database with the table of the drill, and a worker on it."""

    def __init__(self, url: str, log: Path) -> None:
        self.log = log
        self._url = url
        self.worker = WorkerProcess(log, DATABASE_URL=url, CONN_MAX_AGE="60", LOG_FORMAT="json")

    def execute(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._url, autocommit=True) as client:
            cursor = client.execute(query, parameters)
            return cursor.fetchall() if cursor.description else []

    def defer(self, words: range) -> None:
        self.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
            " SELECT 'default', 'write_word', jsonb_build_object('word', word::text)"
            " FROM generate_series(%s::int, %s) AS word",
            words.start,
            words.stop - 1,
        )

    def written(self) -> int:
        ((number,),) = self.execute("SELECT count(*) FROM drill")
        return int(number)

    def left(self) -> int:
        ((number,),) = self.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'default'"
        )
        return int(number)

    def is_done(self) -> bool:
        return self.left() == 0

    def lines(self, text: str = "") -> list[dict[str, Any]]:
        """Return the logged lines above INFO that contain a text."""
        entries = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [each for each in entries if each["level"] != "INFO" and text in each["message"]]


@pytest.fixture
def words(transactional_db: None) -> Iterator[None]:
    """The table to which the jobs of a drill write."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE drill (word text PRIMARY KEY)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE drill")


@pytest.fixture
def drill(words: None, tmp_path: Path) -> Iterator[Drill]:
    """A drill on the test database."""
    url = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    drill = Drill(url._replace(path=f"/{name}").geturl(), tmp_path / "log")
    yield drill
    drill.worker.kill()


@pytest.fixture
def own_server(words: None, open_folder: Path) -> Iterator[tuple[Path, str]]:  # noqa: F811
    """A server that the test may stop, with a copy of the test database."""
    with copy_of_database(open_folder) as (home, url):
        yield home, url


@pytest.fixture
def own_drill(own_server: tuple[Path, str], tmp_path: Path) -> Iterator[Drill]:
    """A drill on a server that may be stopped."""
    drill = Drill(own_server[1], tmp_path / "log")
    yield drill
    drill.worker.kill()


class TestAServerThatStops:
    def test_the_worker_continues_when_it_is_back(
        self, own_drill: Drill, own_server: tuple[Path, str]
    ) -> None:
        home, _url = own_server
        own_drill.defer(range(WORDS))
        wait_until(own_drill.written)

        stop_at_once(home)
        wait_until(lambda: own_drill.lines(_BEGIN))
        postgres_server.revive(home)
        own_drill.defer(range(WORDS, 2 * WORDS))
        wait_until(own_drill.is_done)

        assert own_drill.written() == 2 * WORDS
        assert own_drill.worker.process.poll() is None
        wait_until(lambda: own_drill.lines(_END))
        assert [len(own_drill.lines(text)) for text in (_BEGIN, _END, "")] == [1, 1, 2]

    def test_the_worker_can_be_stopped_meanwhile(
        self, own_drill: Drill, own_server: tuple[Path, str]
    ) -> None:
        own_drill.defer(range(1))
        wait_until(own_drill.is_done)
        stop_at_once(own_server[0])
        wait_until(lambda: own_drill.lines(_BEGIN))

        own_drill.worker.process.terminate()

        assert own_drill.worker.process.wait(DEADLINE_SECONDS) == 0
        # A job that was running may log that it did not end.
        assert {line["level"] for line in own_drill.lines()} == {"WARNING"}
        assert len(own_drill.lines()) <= 1 + JOBS_AT_ONCE


def test_work_continues_after_connections_are_ended_again_and_again(drill: Drill) -> None:
    drill.defer(range(5 * WORDS))
    for number in range(1, 5):
        wait_until(lambda number=number: drill.written() >= number * WORDS)  # type: ignore[misc]
        drill.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.close()

    wait_until(drill.is_done)
    assert drill.written() == 5 * WORDS
    assert drill.worker.process.poll() is None
    assert not [line for line in drill.lines() if line["level"] == "ERROR"]


# If a table or the write-ahead log cannot grow, PostgreSQL fails the statement with this code, as
# the trigger does. If it cannot even write its log for a commit, it stops, as in the drill above.
_FULL = """
    CREATE FUNCTION drill_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
    END $$;
    CREATE TRIGGER is_full BEFORE INSERT ON {table}
    FOR EACH ROW EXECUTE FUNCTION drill_is_full();
"""


@pytest.mark.parametrize("table", ["drill", "procrastinate_events"])
def test_work_continues_when_the_disk_is_no_longer_full(drill: Drill, table: str) -> None:
    drill.defer(range(WORDS))
    drill.execute(_FULL.format(table=table))
    try:
        wait_until(lambda: drill.lines(_BEGIN))
    finally:
        drill.execute("DROP FUNCTION drill_is_full() CASCADE")
    wait_until(drill.is_done)

    assert drill.written() == WORDS
    wait_until(lambda: drill.lines(_END))
    assert [len(drill.lines(text)) for text in (_BEGIN, _END, "")] == [1, 1, 2]


def test_a_job_that_the_worker_forgot_runs_again_after_an_outage(
    drill: Drill, tmp_path: Path
) -> None:
    """A connection that breaks may hide from the worker that it has taken a job."""
    drill.defer(range(1))
    wait_until(drill.is_done)
    ((worker_id,),) = drill.execute("SELECT id FROM procrastinate_workers")
    drill.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id)"
        """ VALUES ('default', 'write_word', '{"word": "hidden"}', 'doing', %s)""",
        worker_id,
    )

    drill.execute(_FULL.format(table="drill"))
    drill.defer(range(1, 2))
    wait_until(lambda: drill.lines(_BEGIN))
    drill.execute("DROP FUNCTION drill_is_full() CASCADE")
    drill.defer(range(2, 3))

    wait_until(drill.is_done)
    assert drill.written() == 4


def test_a_worker_that_another_removed_registers_again(drill: Drill) -> None:
    drill.defer(range(1))
    wait_until(drill.is_done)
    drill.execute("DELETE FROM procrastinate_workers")

    drill.defer(range(1, WORDS))
    wait_until(drill.is_done)

    assert drill.written() == WORDS
    assert drill.execute("SELECT count(*) FROM procrastinate_workers") == [(1,)]


def apart(coroutine: Coroutine[Any, Any, float]) -> float:
    """Run a coroutine in a thread, because browser tests leave an event loop in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, coroutine).result()


def is_up_for_long() -> bool:
    """Return whether PostgreSQL has been up for the time after which jobs count as lost."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT now() > pg_postmaster_start_time() + make_interval(secs => %s)",
            [settings.JOBS_LOST_AFTER_SECONDS],
        )
        return bool(cursor.fetchone()[0])


class TestAClockThatIsSet:
    @pytest.mark.parametrize("seconds", [-7_200, 7_200])
    def test_a_leap_is_noticed(self, seconds: int) -> None:
        wall = iter([1_000.0, 1_001.0 + seconds])
        steady = iter([5.0, 6.0])

        leap = apart(clock_was_set(lambda: next(wall), lambda: next(steady)))

        assert leap == seconds

    def test_a_drift_is_not_a_leap(self) -> None:
        wall = iter([1_000.0, 1_000.0 + LEAP_SECONDS - 1, 99_000.0])

        assert apart(clock_was_set(lambda: next(wall), lambda: 5.0)) == 98_000.0

    def test_a_worker_that_begins_again_defers_periodic_jobs_at_the_earlier_time(self) -> None:
        """Why it begins again: procrastinate 3.10.0 would defer none for two hours."""
        now = 1_800_000_000.0
        deferrer = PeriodicDeferrer(app.periodic_registry)
        assert list(deferrer.get_previous_tasks(at=now))

        assert not list(deferrer.get_previous_tasks(at=now - 7_200))
        again = PeriodicDeferrer(app.periodic_registry)
        assert list(again.get_previous_tasks(at=now - 7_200))

    def test_a_job_of_a_dead_worker_does_not_wait_for_the_time_of_its_last_heartbeat(
        self, tmp_path: Path
    ) -> None:
        # Until then, no job counts as lost: workers may not have sent a heartbeat yet.
        wait_until(is_up_for_long, 2 * settings.JOBS_LOST_AFTER_SECONDS)
        note_and_wait.defer(path=str(tmp_path / "notes"))
        Path(f"{tmp_path}/notes.go").touch()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() + interval '2 hours') RETURNING id"
            )
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s",
                cursor.fetchone(),
            )
        return_lost_jobs.configure(task_kwargs={"timestamp": 0}).defer()
        run_jobs()
        assert [job["status"] for job in jobs()] == ["doing"]

        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '31 s'"
            )
        return_lost_jobs.configure(task_kwargs={"timestamp": 0}).defer()
        run_jobs()

        assert jobs() == []


class TestTheWebServer:
    @pytest.fixture
    def browser(
        self, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[Callable[[], int]]:
        """Return a function that loads a page over one connection and returns the status."""
        monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 60)
        with closing(HTTPConnection(urlsplit(live_server.url).netloc, timeout=10)) as client:

            def load() -> int:
                client.request("GET", "/healthz")
                answer = client.getresponse()
                answer.read()
                return answer.status

            yield load

    def test_the_next_request_succeeds_after_connections_were_ended(
        self, browser: Callable[[], int]
    ) -> None:
        assert browser() == 200
        with psycopg.connect(**connector_params(), autocommit=True) as other:
            ended = other.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchone()

        assert browser() == 200
        assert ended
        assert ended[0] >= 1
