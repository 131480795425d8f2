"""`python -m local_run` runs one copy, and stops everything that it started."""

import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest
from psycopg.types.json import Jsonb

from demo import sign_ins
from local_run import postgres_place, postgres_server, supervisor
from local_run.tests.conftest import end_servers
from local_run.tests.helpers import (
    CLONE,
    connect,
    is_stopped,
    main_process,
    reads_row,
    wait_until,
    write_row,
)

# Long enough for a machine that other tests keep busy.
RUN_SECONDS = 240
MANAGE = [sys.executable, "-m", "local_run", "manage"]
_numbers = itertools.count(1)


def free_port() -> int:
    """Return a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Copy:
    """A running copy and its output."""

    def __init__(self, var: Path, **variables: str) -> None:
        self.var = var
        self.port = int(variables.get("PORT", free_port()))
        self.printed = var.parent / f"printed-{next(_numbers)}"
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        with self.printed.open("w") as printed:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "local_run"],
                cwd=CLONE,
                env={**kept, "VAR_DIR": str(var), "PORT": str(self.port), **variables},
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=printed,
                # A shell does this to a program that it starts in the background.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
            )

    @property
    def home(self) -> Path:
        """The folder of its PostgreSQL."""
        return self.var / "postgres"

    def wait_until_printed(self, words: str) -> None:
        """Wait until it has printed these words."""
        wait_until(self._ended_or(words), RUN_SECONDS)
        assert words in self.printed.read_text()

    def _ended_or(self, words: str) -> Callable[[], bool]:
        return lambda: words in self.printed.read_text() or self.process.poll() is not None

    def ends(self) -> int:
        """Wait until it has ended; return its exit code."""
        return self.process.wait(RUN_SECONDS)

    def web_servers(self) -> list[psutil.Process]:
        """Return the gunicorn processes, their parent first."""
        return self._programs("gunicorn")

    def workers(self) -> list[psutil.Process]:
        """Return the processes that run jobs."""
        return self._programs("billing_admin.worker")

    def _programs(self, name: str) -> list[psutil.Process]:
        return [
            process
            for process in psutil.Process(self.process.pid).children(recursive=True)
            if name in " ".join(process.cmdline())
        ]

    def answers(self) -> bool:
        """Tell whether the web server answers without an error."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status < 500
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def end(self) -> None:
        """Stop it, or kill it if it does not stop."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(RUN_SECONDS)
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def used_var() -> Iterator[Path]:
    """The folder of a copy that has run: a database with the demonstration and one more row."""
    folder = Path(tempfile.mkdtemp(prefix="billing-test-"))
    folder.chmod(0o755)
    copy = Copy(folder / "var")
    try:
        copy.wait_until_printed("Running at")
        with postgres_server.using(copy.home) as url:
            write_row(url)
        copy.end()
        yield copy.var
    finally:
        copy.end()
        end_servers(folder)
        shutil.rmtree(folder)


@pytest.fixture
def start(used_var: Path) -> Iterator[Callable[..., Copy]]:
    """Start the copy again; end it after the test."""
    copies: list[Copy] = []

    def again(**variables: str) -> Copy:
        copies.append(Copy(used_var, **variables))
        return copies[-1]

    yield again
    for copy in copies:
        copy.end()


def run_to_its_end(var: Path, **variables: str) -> tuple[int, str]:
    """Start a copy that ends by itself; return its exit code and output."""
    copy = Copy(var, **variables)
    try:
        return copy.ends(), copy.printed.read_text()
    finally:
        copy.end()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_everything_that_was_started(
    start: Callable[[], Copy], number: signal.Signals
) -> None:
    copy = start()
    copy.wait_until_printed("Running at")
    started = psutil.Process(copy.process.pid).children(recursive=True)
    assert copy.answers()

    copy.process.send_signal(number)

    assert copy.ends() == 0
    assert not [process for process in started if process.is_running()]
    assert is_stopped(copy.home)
    supervisor.refuse_taken_port(copy.port)


def test_a_signal_during_preparation_stops_everything_that_was_started(
    start: Callable[[], Copy],
) -> None:
    copy = start()
    wait_until(lambda: postgres_place.postmaster(copy.home / "data"))

    copy.process.terminate()

    assert copy.ends() == 0
    assert is_stopped(copy.home)


def test_prints_address_and_sign_ins_and_keeps_all_data(start: Callable[[], Copy]) -> None:
    copy = start()
    copy.wait_until_printed("Running at")
    printed = copy.printed.read_text()

    assert f"http://127.0.0.1:{copy.port}/" in printed
    for role, email, password in sign_ins.SIGN_INS:
        assert any(
            role in line and email in line and password in line for line in printed.splitlines()
        )
    with postgres_server.using(copy.home) as url:
        assert reads_row(url)
    assert "Loading" not in printed
    assert "Collecting" not in printed


def record(url: str, app: str, name: str) -> None:
    """Record a migration."""
    query = "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())"
    with connect(url) as connection:
        connection.execute(query, [app, name])


def forget(url: str, app: str, name: str) -> None:
    """Delete the record of a migration."""
    with connect(url) as connection:
        connection.execute(
            "DELETE FROM django_migrations WHERE (app, name) = (%s, %s)", [app, name]
        )


def test_a_database_of_an_earlier_version_is_refused_and_left_unchanged(
    used_var: Path, start: Callable[[], Copy]
) -> None:
    recorded = "SELECT count(*) FROM django_migrations"
    with postgres_server.using(used_var / "postgres") as url:
        record(url, "usage", "0900_gone")
        # This migration would be applied if the copy migrated anything.
        forget(url, "sessions", "0001_initial")
        before = one(url, recorded)
        code, printed = run_to_its_end(used_var)
        after = one(url, recorded)
        forget(url, "usage", "0900_gone")
        record(url, "sessions", "0001_initial")

    assert code == 1
    assert "that no longer exist: usage.0900_gone. Nothing was changed." in printed
    assert "make reset" in printed
    assert "Traceback" not in printed
    assert before == after
    start().wait_until_printed("Running at")


def test_a_second_copy_reports_the_first_and_changes_nothing(start: Callable[[], Copy]) -> None:
    copy = start()
    copy.wait_until_printed("Running at")
    server = main_process(copy.home)

    code, printed = run_to_its_end(copy.var)

    assert code == 0
    address = f"http://127.0.0.1:{copy.port}"
    assert printed == f"It is already running at {address} as process {copy.process.pid}.\n"
    assert copy.answers()
    assert main_process(copy.home) == server


def test_a_killed_web_server_and_a_killed_database_are_restarted(
    start: Callable[[], Copy],
) -> None:
    copy = start()
    copy.wait_until_printed("Running at")
    killed = copy.web_servers()[0]

    os.kill(killed.pid, signal.SIGKILL)
    copy.wait_until_printed("The web server ended")
    wait_until(copy.answers)

    os.kill(main_process(copy.home), signal.SIGKILL)
    copy.wait_until_printed("PostgreSQL had ended and was restarted")
    wait_until(copy.answers)


def defer(url: str, task: str, *, queue: str = "default", **arguments: str | int) -> None:
    """Defer a job."""
    query = """
        SELECT procrastinate_defer_jobs_v1(ARRAY[
            ROW(%s, %s, 0, NULL, NULL, %s, NULL)::procrastinate_job_to_defer_v1
        ])
    """
    with connect(url) as connection:
        connection.execute(query, [queue, task, Jsonb(arguments)])


def are_all_jobs_done(url: str) -> bool:
    """Tell whether no job is left in the default queue."""
    with connect(url) as connection:
        query = "SELECT 1 FROM procrastinate_jobs WHERE queue_name = 'default'"
        return connection.execute(query).fetchone() is None


def test_jobs_finish_although_worker_and_database_are_killed(
    start: Callable[..., Copy], tmp_path: Path
) -> None:
    notes, may_end = tmp_path / "notes", tmp_path / "notes.go"
    copy = start(DJANGO_SETTINGS_MODULE="tests.worker_settings")
    copy.wait_until_printed("Running at")
    with postgres_server.using(copy.home) as url:
        defer(url, "note_and_wait", path=str(notes))
        wait_until(notes.exists)
        os.kill(copy.workers()[0].pid, signal.SIGKILL)
        copy.wait_until_printed("The worker ended")
        wait_until(lambda: notes.read_text().count("begun") == 2)

        os.kill(main_process(copy.home), signal.SIGKILL)
        copy.wait_until_printed("PostgreSQL had ended and was restarted")
        may_end.touch()
        wait_until(lambda: are_all_jobs_done(url))

        defer(url, "note", path=str(notes), word="another")
        wait_until(lambda: are_all_jobs_done(url))
    assert "done" in notes.read_text()
    assert "another" in notes.read_text()


def start_invoice_run(copy: Copy) -> None:
    """Start the invoice run of last month, and leave it to the worker."""
    last_month = date.today().replace(day=1) - timedelta(days=1)
    subprocess.run(
        [*MANAGE, "invoice_run", f"{last_month:%Y-%m}", "--no-wait"],
        cwd=CLONE,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "billing_admin.settings",
            "VAR_DIR": str(copy.var),
            "DATABASE_URL": "",
        },
        check=True,
    )


def one(url: str, query: str) -> object:
    """Return the value that a query selects; None while the database is down."""
    try:
        with connect(url) as connection:
            row = connection.execute(query).fetchone()
    except psycopg.OperationalError:
        return None
    assert row
    return row[0]


def test_an_invoice_run_issues_once_although_worker_and_database_are_killed(
    start: Callable[..., Copy],
) -> None:
    copy = start(DJANGO_SETTINGS_MODULE="tests.worker_settings")
    copy.wait_until_printed("Running at")
    done = "SELECT count(*) FROM invoices_runitem WHERE state <> 'waiting'"
    waiting = "SELECT count(*) FROM invoices_runitem WHERE state = 'waiting'"
    with postgres_server.using(copy.home) as url:
        start_invoice_run(copy)
        wait_until(lambda: one(url, done))
        os.kill(main_process(copy.home), signal.SIGKILL)
        copy.wait_until_printed("PostgreSQL had ended and was restarted")
        wait_until(copy.workers)
        os.kill(copy.workers()[0].pid, signal.SIGKILL)
        wait_until(lambda: one(url, waiting) == 0, RUN_SECONDS)

        # The demonstration also contains invoices of earlier months.
        its = "FROM invoices_invoice WHERE period_from = (SELECT month FROM invoices_invoicerun)"
        issued = one(url, f"SELECT count(*) {its}")
        assert issued
        number, series = "right(number, 6)::int", "invoices_numberseries WHERE prefix = 'INV'"
        assert one(url, f"SELECT max({number}) - min({number}) + 1 {its}") == issued
        last = one(url, f"SELECT last_number FROM {series} ORDER BY year DESC LIMIT 1")
        assert one(url, f"SELECT max({number}) {its}") == last
        assert one(url, f"SELECT count(DISTINCT (organization_id, currency)) {its}") == issued
        items = "SELECT count(*) FROM invoices_runitem WHERE state = 'issued'"
        assert one(url, items) == one(url, f"SELECT count(DISTINCT organization_id) {its}")


def free_ports() -> tuple[int, int]:
    """Return a free port whose stand-in of Watcher has a free port too, and that one."""
    while True:
        port = free_port()
        standin = supervisor.standin_port(port)
        with suppress(OSError), socket.create_server(("127.0.0.1", standin)):
            return port, standin


def test_a_change_in_the_stand_in_of_watcher_is_in_the_ledger(start: Callable[..., Copy]) -> None:
    port, standin = free_ports()
    copy = start(PORT=str(port))
    copy.wait_until_printed(f"A stand-in of Watcher is at http://127.0.0.1:{standin}/standin/")
    use = "SELECT {} FROM usage_usageinterval AS use JOIN usage_camera AS camera"
    use += " ON camera.id = use.camera_id WHERE use.ended_at IS NULL"
    with postgres_server.using(copy.home) as url:
        name = str(one(url, use.format("min(camera.name)")))
        gone = "SELECT max(ended_at) FROM usage_usageinterval JOIN usage_camera AS camera"
        gone += f" ON camera.id = camera_id WHERE name = '{name}'"
        before = one(url, gone)

        answer = httpx.post(
            f"http://127.0.0.1:{standin}/standin/api/cameras.remove", json={"name": name}
        )
        defer(url, "watcher.read_now", queue="watcher", user_id=1)

        assert answer.status_code == 200
        wait_until(lambda: one(url, gone) != before, RUN_SECONDS)
        still = f"{use.format('count(*)')} AND camera.name = '{name}'"
        assert one(url, still) == 0


def test_it_runs_without_a_stand_in_of_watcher_if_its_port_is_taken(
    start: Callable[..., Copy],
) -> None:
    port, standin = free_ports()
    with socket.create_server(("127.0.0.1", standin)):
        copy = start(PORT=str(port))
        copy.wait_until_printed("The stand-in of Watcher was not started")

        assert f"port {standin} cannot be used" in copy.printed.read_text()
        assert copy.answers()


def test_the_programs_of_a_killed_copy_end_and_the_next_copy_runs(
    start: Callable[[], Copy],
) -> None:
    copy = start()
    copy.wait_until_printed("Running at")
    wait_until(copy.workers)
    programs = copy.web_servers() + copy.workers()

    os.kill(copy.process.pid, signal.SIGKILL)

    if sys.platform == "linux":
        wait_until(lambda: not any(process.is_running() for process in programs))
    start().wait_until_printed("Running at")


def test_a_taken_port_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, printed = run_to_its_end(tmp_path / "var", PORT=str(port))

    assert code == 1
    assert f"Port {port} cannot be used (Address already in use)" in printed
    assert not (tmp_path / "var" / "postgres.lock").exists()


def test_reports_an_unreachable_database(tmp_path: Path) -> None:
    code, printed = run_to_its_end(
        tmp_path / "var", DATABASE_URL="postgresql://billing@127.0.0.1:1/billing"
    )

    assert code == 1
    assert "The database cannot be used" in printed
    assert "Traceback" not in printed
