"""Helpers that the tests of `make run` share."""

import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from local_run import postgres_place

CLONE = Path(__file__).resolve().parents[2]
DEADLINE_SECONDS = 30

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can switch to another account")

_HOLD = """
import sys
from pathlib import Path
from local_run import postgres_server

print(postgres_server.use(Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""


class Holder:
    """Another process that uses a server until it is told to leave it."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _HOLD, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=CLONE,
        )

    def url(self) -> str:
        """Wait until it uses the server; return the URL it was given."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def leave(self) -> int:
        """Tell it to end, and return its exit code."""
        self.process.communicate(timeout=DEADLINE_SECONDS)
        return self.process.returncode

    def kill(self) -> None:
        """Kill it, so that it cannot clean up."""
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """Kill it if it is still running."""
        if self.process.poll() is None:
            self.kill()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                stream.close()


def local_run(
    var: Path, *arguments: str | Path, typed: str | None = None, **variables: str
) -> tuple[int, str]:
    """Run `python -m local_run`, on a terminal if something is `typed`, for a copy in `var`.

    Return its exit code and output.
    """
    ours, its = pty.openpty()
    try:
        if typed is not None:
            os.write(ours, typed.encode())
        result = subprocess.run(
            [sys.executable, "-m", "local_run", *arguments],
            cwd=CLONE,
            env={**os.environ, "VAR_DIR": str(var), "DATABASE_URL": "", **variables},
            stdin=subprocess.DEVNULL if typed is None else its,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=4 * DEADLINE_SECONDS,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(its)
    return result.returncode, result.stdout


def wait_until(condition: Callable[[], object], seconds: float = DEADLINE_SECONDS) -> None:
    """Wait until the condition holds; fail if it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not become true in time"
        time.sleep(0.02)


def connect(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    """Connect in autocommit mode."""
    return psycopg.connect(url, autocommit=True, connect_timeout=10)


def write_row(url: str) -> None:
    """Commit one row to a new table."""
    with connect(url) as connection:
        connection.execute("DROP TABLE IF EXISTS kept")
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('kept')")


def reads_row(url: str) -> bool:
    """Tell whether the row that `write_row` committed still exists."""
    with connect(url) as connection:
        return connection.execute("SELECT word FROM kept").fetchall() == [("kept",)]


def main_process(home: Path) -> int:
    """Return the process id of the server's main process."""
    running = postgres_place.postmaster(home / "data")
    assert running
    return running.pid


def is_stopped(home: Path) -> bool:
    """Tell whether no process of the server is running."""
    return not postgres_place.server_processes(home / "data")
