"""Limit how long PostgreSQL may work on one statement, by the kind of work.

A process says what it does, and all its connections get that limit. Management commands, and so
migrations, have none. docs/operations.md describes the limits.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any

from django.conf import settings
from django.core.signals import request_finished
from django.db import connection
from django.db.backends.signals import connection_created


class Work(Enum):
    """A kind of work; its value is the name in `settings.STATEMENT_SECONDS`."""

    COMMANDS = "commands"
    PAGES = "pages"
    EXPORTS = "exports"
    JOBS = "jobs"
    IMPORTS = "imports"

    @property
    def milliseconds(self) -> int:
        """The limit; 0 means none."""
        return int(1_000 * settings.STATEMENT_SECONDS.get(self.value, 0))


class _Process:
    """What the process does."""

    work = Work.COMMANDS


def limit_statements(work: Work) -> None:
    """Limit the statements of this process, on connections that it opens from now on."""
    _Process.work = work


def prepare_connection(**sent: Any) -> None:
    """Limit the statements of a new connection, and have PostgreSQL notice when we are gone.

    Without the latter, the statement of a killed process goes on and keeps its locks.
    """
    interval = f"{settings.CLIENT_CHECK_SECONDS}s"
    with sent["connection"].cursor() as cursor:
        cursor.execute(
            "SELECT set_config('client_connection_check_interval', %s, false),"
            " set_config('statement_timeout', %s, false)",
            [interval, str(_Process.work.milliseconds)],
        )


@contextmanager
def statements_of(work: Work) -> Iterator[None]:
    """Apply the limit of a kind of work to the block, which must not be in a transaction.

    Nothing changes in a process without limits.
    """
    if _Process.work is Work.COMMANDS:
        yield
        return
    _set_limit(work)
    try:
        yield
    finally:
        # A connection that was lost is replaced by one that has the process's own limit.
        if connection.is_usable():
            _set_limit(_Process.work)


def allow_export() -> None:
    """Apply the limit of exports until the request is finished, including a streamed response."""
    if _Process.work is Work.PAGES:
        _set_limit(Work.EXPORTS)
        connection.runs_export = True  # type: ignore[attr-defined]


def after_request(**sent: Any) -> None:
    """Apply the limit of pages to the next request on this connection."""
    if getattr(connection, "runs_export", False):
        connection.runs_export = False  # type: ignore[attr-defined]
        if connection.connection is not None and connection.is_usable():
            _set_limit(Work.PAGES)


def _set_limit(work: Work) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, false)", [str(work.milliseconds)]
        )


def connect_signals() -> None:
    """Prepare each new connection, and end the limit of an export with its request."""
    connection_created.connect(prepare_connection, dispatch_uid="prepare_connection")
    request_finished.connect(after_request, dispatch_uid="after_request")
