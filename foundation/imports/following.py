"""Show how far a job is while its transaction is open, and cancel it on request."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any
from uuid import UUID

import psycopg
from django.db import DatabaseError, connection
from procrastinate.contrib.django import connector_params

from foundation.imports.report import Stage

# A job that ends sooner needs no other connection.
PAUSE_SECONDS = 0.5

logger = logging.getLogger(__name__)

_WRITE = """
    UPDATE imports_uploadprogress
    SET stage = %(stage)s, done = %(done)s, total = %(total)s
    WHERE upload_id = %(upload)s RETURNING is_cancelled
"""


class Cancelled(Exception):
    """Someone discarded the file while a job was working on it."""


@dataclass
class Follower:
    """The progress of a job, which another thread writes by its own connection.

    The job's connection cannot: what it writes is not visible before it commits, and it may be
    busy with one statement for minutes.
    """

    upload_id: UUID
    size: int
    stage: Stage = Stage.READING
    done: int = 0
    total: int | None = None
    is_cancelled: bool = False
    _over: Event = field(default_factory=Event)

    def advance(self, stage: Stage, advance: int, total: int | None) -> None:
        """Add `advance` to the progress of `stage`.

        Raises:
            Cancelled: the file was discarded.
        """
        if self.is_cancelled:
            raise Cancelled
        if stage is not self.stage:
            self.done = 0
        self.stage = stage
        self.done += advance
        self.total = self.size if stage is Stage.READING else total

    def follow(self, working: psycopg.Connection[Any], parameters: dict[str, Any]) -> None:
        """Write the progress until the job is over; cancel what it does if it is cancelled."""
        while not self._over.wait(PAUSE_SECONDS):
            try:
                with psycopg.connect(**parameters, autocommit=True) as own:
                    self._write_to(own, working)
            except psycopg.Error as error:
                # The job goes on; if the database is away, it notices that itself.
                logger.warning("The progress of an import cannot be written: %s", type(error))

    def _write_to(self, own: psycopg.Connection[Any], working: psycopg.Connection[Any]) -> None:
        while True:
            values = {"stage": self.stage.value, "done": self.done, "total": self.total}
            row = own.execute(_WRITE, {**values, "upload": self.upload_id}).fetchone()
            if row is None or row[0]:
                self.is_cancelled = True
                working.cancel_safe()
            if self._over.wait(PAUSE_SECONDS):
                return

    def end(self) -> None:
        """End the thread."""
        self._over.set()


@contextmanager
def followed(upload_id: UUID, size: int) -> Iterator[Follower]:
    """Show the progress of the block, which works on Django's connection.

    Raises:
        Cancelled: the file was discarded, so the block was interrupted.
    """
    connection.ensure_connection()
    follower = Follower(upload_id, size)
    thread = Thread(
        target=follower.follow, args=(connection.connection, connector_params()), daemon=True
    )
    thread.start()
    try:
        yield follower
    except (DatabaseError, psycopg.Error):
        # The statement was interrupted, or what came after it failed.
        if follower.is_cancelled:
            raise Cancelled from None
        raise
    finally:
        follower.end()
        thread.join()
    if follower.is_cancelled:
        raise Cancelled
