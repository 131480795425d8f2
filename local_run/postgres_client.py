"""Run pg_dump and pg_restore on the copy's database."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from psycopg import pq
from psycopg.conninfo import make_conninfo

from local_run.postgres_place import packaged_programs
from local_run.refusals import RefusedError


class ProgramFailedError(RefusedError):
    """One of PostgreSQL's programs failed; the message holds its output."""


def run(program: str, *arguments: str | Path, database: str | None = None, embedded: bool) -> str:
    """Run a program; return its output. If `database` is given, connect to it.

    The embedded server comes with its programs. Those for the server in `DATABASE_URL` are the
    installed ones, because they must have its version: an older pg_dump refuses a newer server,
    and an older server refuses the settings of a newer pg_restore.

    Raises:
        ProgramFailedError: it ended with an error.
        RefusedError: it is not installed.
    """
    where, secrets = _connection(database) if database else ((), {})
    result = subprocess.run(
        [_found(program, embedded=embedded), *where, *arguments],
        env={**os.environ, **secrets},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if result.returncode != 0:
        raise ProgramFailedError(f"{program} failed:\n{result.stderr.strip()}")
    return result.stdout


def _found(program: str, *, embedded: bool) -> str | Path:
    if embedded:
        return packaged_programs() / "bin" / program
    found = shutil.which(program)
    if found is None:
        raise RefusedError(
            f"{program} was not found. Install the client programs of PostgreSQL "
            "(postgresql-client on Debian or Ubuntu) in the version of the server in DATABASE_URL."
        )
    return found


def _connection(database: str) -> tuple[Sequence[str], dict[str, str]]:
    """Return the argument that names a database on Django's server, and the password.

    The password is not an argument, because other users can see those.
    """
    from django.db import connection

    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    parameters = connection.get_connection_params() | {"dbname": database}
    wanted = {name: value for name, value in parameters.items() if name in known}
    password = wanted.pop("password", None)
    secrets = {"PGPASSWORD": str(password)} if password else {}
    return [f"--dbname={make_conninfo(**wanted)}"], secrets
