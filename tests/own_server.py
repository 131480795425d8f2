"""A PostgreSQL server of a test's own, which it may stop, with a copy of the test database."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from local_run import postgres_server
from local_run.postgres_place import find_place
from local_run.tests.helpers import is_stopped, main_process, wait_until
from tests.database import url_of


@contextmanager
def copy_of_database(folder: Path) -> Iterator[tuple[Path, str]]:
    """Give the server's home in a folder that all users may enter, and the URL of the copy."""
    home = folder / "var" / "postgres"
    with postgres_server.using(home) as url:
        programs = find_place(home).programs / "bin"
        source = url_of(connection.settings_dict["NAME"])
        dumped = subprocess.run(
            [programs / "pg_dump", "--no-owner", source], stdout=subprocess.PIPE, check=True
        )
        subprocess.run(
            [programs / "psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={url}"],
            input=dumped.stdout,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        yield home, url


def stop_at_once(home: Path) -> None:
    """Stop PostgreSQL as a power cut would."""
    os.kill(main_process(home), signal.SIGQUIT)
    wait_until(lambda: is_stopped(home))
