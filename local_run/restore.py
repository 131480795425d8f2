"""Restoration of the copy's database from a backup: `make restore`."""

import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from local_run import environment, postgres_client
from local_run.console import is_yes, say
from local_run.copy_lock import RESTORE, only_copy
from local_run.postgres_place import EmbeddedServerError
from local_run.refusals import AlreadyRunningError, RefusedError

_MADE_BY_PG_DUMP = b"PGDMP"
# The extension, and the comment on it, in the list of what a backup holds.
_PG_TRGM = re.compile(r" EXTENSION (?:- )?pg_trgm\b")


def main(name: str, *, confirmed: bool) -> int:
    """Replace the copy's data by those of a backup after asking; return the exit code.

    If `confirmed`, do not ask, so that no terminal is needed.
    """
    begun = time.monotonic()
    try:
        restored = _restore(environment.var_dir(), Path(name).absolute(), confirmed=confirmed)
    except AlreadyRunningError as error:
        print(f"Nothing was restored. {error} Stop it first.", file=sys.stderr)
        return 1
    except (RefusedError, EmbeddedServerError) as error:
        print(f"Nothing was restored. {error}", file=sys.stderr)
        return 1
    if not restored:
        say("Nothing was restored.")
        return 1
    say(f"The backup was restored in {time.monotonic() - begun:.0f} s.")
    return 0


def _restore(var: Path, path: Path, *, confirmed: bool) -> bool:
    """Restore a backup, completely or not at all; tell whether the person agreed to it.

    Raises:
        EmbeddedServerError: the embedded PostgreSQL cannot be used.
        RefusedError: the copy or its database is in use, or the backup cannot be restored.
    """
    _refuse_other_files(path)
    with only_copy(var, RESTORE):
        embedded = environment.use_django(var)
        _refuse_backup_of_other_version(path, embedded=embedded)
        from django.db import connection

        name = connection.settings_dict["NAME"]
        try:
            if not embedded:
                _refuse_filled_database(name)
                _fill(name, path, "--single-transaction", embedded=False)
            elif confirmed or _is_yes(path):
                with _replacement(name) as new:
                    _fill(new, path, f"--jobs={os.cpu_count() or 1}", embedded=True)
            else:
                return False
            _tell_of_jobs(name)
        except psycopg.Error as error:
            raise RefusedError(f"The database cannot be used: {error}") from error
    return True


def _refuse_other_files(path: Path) -> None:
    try:
        with path.open("rb") as file:
            begin = file.read(len(_MADE_BY_PG_DUMP))
    except OSError as error:
        raise RefusedError(f"{path} cannot be read: {error.strerror}.") from error
    if begin != _MADE_BY_PG_DUMP:
        raise RefusedError(f"{path} was not made by make backup.")


def _refuse_backup_of_other_version(path: Path, *, embedded: bool) -> None:
    """Refuse a backup with migrations that this version does not have."""
    from local_run.migration_history import unknown_among

    rows = postgres_client.run(
        "pg_restore",
        "--data-only",
        "--table=django_migrations",
        "--file=-",
        path,
        embedded=embedded,
    )
    recorded = [tuple(line.split("\t")[1:3]) for line in rows.splitlines() if line.count("\t") == 3]
    if not recorded:
        raise RefusedError(f"{path} is not a backup of this product.")
    unknown = unknown_among({(app, name) for app, name in recorded})
    if unknown:
        raise RefusedError(
            "The backup was made by another version, and this version does not have its "
            f"migrations: {unknown}. Restore it with the version that made it."
        )


def _is_yes(path: Path) -> bool:
    return is_yes(
        f"This replaces all data of the copy by those in {path}.",
        "The present data cannot be recovered. Type yes to replace them: ",
        otherwise=f"make restore FILE={path} YES=1",
    )


# --- Databases ------------------------------------------------------------------------------------


def _connect(name: str) -> "psycopg.Connection[tuple[object, ...]]":
    from django.db import connection

    parameters = connection.get_connection_params() | {"dbname": name}
    return psycopg.connect(**parameters, autocommit=True)


def _refuse_filled_database(name: str) -> None:
    """Refuse to replace data in a database that is not the copy's own."""
    query = "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
    with _connect(name) as database:
        if database.execute(query).fetchone() != (False,):
            raise RefusedError(
                "DATABASE_URL is set, and a backup is only restored to it while the database is "
                "empty. Create an empty database, and set DATABASE_URL to that."
            )


@contextmanager
def _replacement(name: str) -> Iterator[str]:
    """Give the name of an empty database that replaces the named one if the block succeeds."""
    now, new, old = (sql.Identifier(f"{name}{end}") for end in ("", "_restoring", "_replaced"))
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with _connect("postgres") as server:
        # A restoration that was killed may have left them.
        server.execute(drop.format(new))
        server.execute(drop.format(old))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(new))
        try:
            yield f"{name}_restoring"
            with server.transaction():
                server.execute(rename.format(now, old))
                server.execute(rename.format(new, now))
            server.execute(drop.format(old))
        finally:
            server.execute(drop.format(new))


def _fill(name: str, path: Path, how: str, *, embedded: bool) -> None:
    """Restore a backup to an empty database.

    PostgreSQL creates triggers and constraints after the rows, so no trigger records or refuses
    what is restored. It knows nothing about the rows until ANALYZE, and would read large tables
    from end to end; VACUUM also notes which pages need not be looked at.
    """
    arguments = ["--exit-on-error", "--no-owner", "--no-privileges", how]
    with tempfile.NamedTemporaryFile("w", suffix=".list") as contents:
        listed = postgres_client.run("pg_restore", "--list", path, embedded=embedded)
        if _PG_TRGM.search(listed) and not _has_pg_trgm(name):
            contents.write(_without_pg_trgm(listed, path, embedded=embedded))
            contents.flush()
            arguments.append(f"--use-list={contents.name}")
            say(
                "This server does not have pg_trgm, of which the search indexes in the backup are "
                "made. They are left out; the next make run, or migrate, makes others."
            )
        postgres_client.run("pg_restore", *arguments, path, database=name, embedded=embedded)
    with _connect(name) as database:
        database.execute("VACUUM (ANALYZE)")


def _has_pg_trgm(name: str) -> bool:
    query = "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm')"
    with _connect(name) as database:
        return database.execute(query).fetchone() == (True,)


def _without_pg_trgm(listed: str, path: Path, *, embedded: bool) -> str:
    """Return the list of what a backup holds without the extension and its indexes."""
    arguments = ("--section=post-data", "--file=-", path)
    statements = postgres_client.run("pg_restore", *arguments, embedded=embedded)
    indexes = set(re.findall(r"^CREATE INDEX (\S+) .*\bgin_trgm_ops\b", statements, re.MULTILINE))
    kept = (
        line
        for line in listed.splitlines()
        if not _PG_TRGM.search(line)
        and not (" INDEX " in line and indexes.intersection(line.split()))
    )
    return "\n".join(kept)


def _tell_of_jobs(name: str) -> None:
    query = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
    with _connect(name) as database:
        (jobs,) = database.execute(query).fetchone() or (0,)
    if jobs:
        say(
            f"Jobs that had not ended when the backup was made: {jobs}. They will run with the "
            "next make run, even if they ran after the backup. docs/operations.md says what to "
            "check."
        )
