"""What works through pgbouncer, in session and in transaction mode."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import psycopg

from tests.cluster.cluster import Cluster, Service, wait_for

PORT = 6432
MODES = ("direct", "session", "transaction")
WORKS = "works"
_INI = """
[databases]
billing = host={database} dbname=billing user=billing
[pgbouncer]
listen_addr = {address}
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {size}
max_client_conn = 200
"""
# Two connections show in transaction mode what happens when clients change places.
_PROBE_SIZE = {"session": 20, "transaction": 2}
_NOTIFIED_SECONDS = 2

Connect = Callable[..., psycopg.Connection[Any]]


class Probe(NamedTuple):
    """Something that a connection can do, what the product does with it, and how to try it."""

    what: str
    used_for: str
    tried: Callable[[Connect], bool]


def results_of_probes(cluster: Cluster) -> Iterator[tuple[Probe, dict[str, str]]]:
    """Try each probe directly and in both modes."""
    answers: dict[str, dict[str, str]] = {probe.what: {} for probe in PROBES}
    for mode in MODES:
        with pooler(cluster, mode, _PROBE_SIZE.get(mode, 0)) as url:
            for probe in PROBES:
                answers[probe.what][mode] = _answer(probe, url)
    for probe in PROBES:
        yield probe, answers[probe.what]


@contextmanager
def pooler(cluster: Cluster, mode: str, size: int) -> Iterator[str]:
    """Run pgbouncer on its host in a mode; give the address of the database through it."""
    if mode == "direct":
        yield cluster.database_url()
        return
    host = cluster.hosts["pooler"]
    ini = cluster.folder / "pgbouncer.ini"
    database = cluster.hosts["database"].address
    ini.write_text(
        _INI.format(database=database, address=host.address, port=PORT, mode=mode, size=size)
    )
    command = [cluster.programs.pgbouncer, str(ini)]
    service = Service(host, command, cluster.environment, as_nobody=True)
    service.start()
    url = cluster.database_url("pooler", PORT)
    wait_for("an answer of pgbouncer", lambda: _answers(url))
    try:
        yield url
    finally:
        # SIGTERM ends it at once, with its connections.
        service.stop(signal.SIGTERM)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _answer(probe: Probe, url: str) -> str:
    opened: list[psycopg.Connection[Any]] = []

    def connect(**options: Any) -> psycopg.Connection[Any]:
        opened.append(psycopg.connect(url, autocommit=True, connect_timeout=5, **options))
        return opened[-1]

    try:
        return WORKS if probe.tried(connect) else "does not work"
    except psycopg.Error as error:
        text = error.diag.message_primary or str(error).rpartition("FATAL:")[2]
        return f"error: {text.strip()}"
    finally:
        for connection in opened:
            connection.close()


# --- Probes ---------------------------------------------------------------------------------------


def _value(connection: psycopg.Connection[Any], query: Any, *values: Any) -> Any:
    row = connection.execute(query, values).fetchone()
    return row and row[0]


def _keeps_settings(connect: Connect) -> bool:
    mine, other = connect(), connect()
    mine.execute("SET synchronous_commit = off")
    with other.transaction():
        leaked = _value(other, "SHOW synchronous_commit") == "off"
        return _value(mine, "SHOW synchronous_commit") == "off" and not leaked


def _keeps_audit_context(connect: Connect) -> bool:
    setting = "SELECT coalesce(current_setting('pghistory.context_metadata', true), '')"
    mine, other = connect(), connect()
    mine.execute("""SELECT set_config('pghistory.context_metadata', '{"user": 1}', false)""")
    with other.transaction():
        leaked = "user" in _value(other, setting)
        return "user" in _value(mine, setting) and not leaked


def _is_notified(connect: Connect) -> bool:
    mine, other = connect(), connect()
    mine.execute("LISTEN jobs")
    other.execute("NOTIFY jobs")
    return any(mine.notifies(timeout=_NOTIFIED_SECONDS, stop_after=1))


def _prepares(connect: Connect) -> bool:
    for connection in (connect(), connect()):
        # psycopg names the first prepared statement of every connection alike.
        connection.execute("SELECT 1", prepare=True)
        connection.execute("SELECT 1", prepare=True)
    return True


def _locks_for_session(connect: Connect) -> bool:
    mine, other = connect(), connect()
    mine.execute("SELECT pg_advisory_lock(1)")
    taken = _value(other, "SELECT pg_try_advisory_lock(1)")
    mine.execute("SELECT pg_advisory_unlock(1)")
    return not taken


def _locks_for_transaction(connect: Connect) -> bool:
    mine, other = connect(), connect()
    with mine.transaction():
        mine.execute("SELECT pg_advisory_xact_lock(2)")
        return not _value(other, "SELECT pg_try_advisory_xact_lock(2)")


def _keeps_temporary_table(connect: Connect) -> bool:
    mine, other = connect(), connect()
    mine.execute("CREATE TEMPORARY TABLE kept (id integer)")
    with other.transaction():
        other.execute("SELECT 1")
        mine.execute("SELECT FROM kept")
        return True


def _has_temporary_table(connect: Connect) -> bool:
    mine, other = connect(), connect()
    with mine.transaction(), other.transaction():
        for connection in (mine, other):
            connection.execute("CREATE TEMPORARY TABLE brief (id integer) ON COMMIT DROP")
        mine.execute("SELECT FROM brief")
        return True


def _keeps_cursor(connect: Connect) -> bool:
    mine, other = connect(), connect()
    # As Django reads with `iterator()` outside of a transaction.
    cursor = mine.cursor("rows", withhold=True)
    cursor.execute("SELECT generate_series(1, 10)")
    with other.transaction():
        other.execute("SELECT 1")
        return len(cursor.fetchall()) == 10


def _has_cursor(connect: Connect) -> bool:
    mine, other = connect(), connect()
    with mine.transaction(), other.transaction():
        cursor = mine.cursor("rows_of_transaction")
        cursor.execute("SELECT generate_series(1, 10)")
        other.execute("SELECT 1")
        return len(cursor.fetchall()) == 10


def _takes_options(connect: Connect) -> bool:
    mine = connect(options="-c statement_timeout=12345")
    return bool(_value(mine, "SHOW statement_timeout") == "12345ms")


PROBES = (
    Probe(
        "settings of a connection (SET)",
        "workers: synchronous_commit off for bookkeeping only, plan_cache_mode",
        _keeps_settings,
    ),
    Probe("audit context of a connection", "jobs: who makes the changes", _keeps_audit_context),
    Probe("LISTEN and NOTIFY", "workers: start jobs at once", _is_notified),
    Probe("prepared statements", "workers: bookkeeping of jobs", _prepares),
    Probe("cursors kept after a transaction", "exports", _keeps_cursor),
    Probe("cursors in a transaction", "reading of charges", _has_cursor),
    Probe("advisory locks of a session", "tests only", _locks_for_session),
    Probe("advisory locks of a transaction", "imports", _locks_for_transaction),
    Probe("temporary tables kept after a transaction", "nothing", _keeps_temporary_table),
    Probe("temporary tables ON COMMIT DROP", "imports", _has_temporary_table),
    Probe("options in DATABASE_URL", "your own settings", _takes_options),
)


def table_of(results: Sequence[tuple[Probe, dict[str, str]]]) -> list[str]:
    """Return the table of the probes, in Markdown."""
    lines = [
        f"| what | used for | {' | '.join(MODES)} |",
        f"|{'---|' * (2 + len(MODES))}",
    ]
    for probe, answers in results:
        cells = " | ".join(answers[mode] for mode in MODES)
        lines.append(f"| {probe.what} | {probe.used_for} | {cells} |")
    return lines
