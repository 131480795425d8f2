"""Audit tables: triggers write each change of a table to its table of events.

`audited` records every change of a model's table, including changes by raw SQL. An event holds the
row after the change (before it, if the row was deleted), the instant of the transaction, and who
made the change: {"user": 5}, {"command": "import_usage"}, {"job": "invoices.send"} (with the user
who requested it, if any), or nothing for SQL from outside the product. A change by the API also
records its {"token": "Export, cbt_a1b2c3"}, a correction its {"reason": "..."}. Audited tables and
tables of events cannot be truncated, and events cannot be changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import pghistory
import pgtrigger
from django.core.management.base import BaseCommand
from django.db import connection, models
from django.http import HttpRequest
from pghistory.middleware import HistoryMiddleware
from pghistory.models import Event as PlainEvent
from psycopg import Connection

Model = TypeVar("Model", bound=type[models.Model])
# The context that `set_audit_context` last set on each connection.
_contexts: WeakKeyDictionary[Connection[Any], str] = WeakKeyDictionary()


class Event(PlainEvent):
    """Fields of every event. Ids have 8 bytes, because a million cameras make many events."""

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


def no_truncate() -> pgtrigger.Trigger:
    """Refuse TRUNCATE, which does not fire row triggers, except where tests empty their tables."""
    return pgtrigger.Trigger(
        name="no_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="""
            IF current_setting('billing.may_truncate', true) = 'on' THEN
                RETURN NULL;
            END IF;
            RAISE EXCEPTION 'table % is audited and cannot be truncated', TG_TABLE_NAME;
        """,
    )


def audited(
    *,
    exclude: Sequence[str] = (),
    found_by: Sequence[str] = (),
    indexes: Sequence[models.Index] = (),
) -> Callable[[Model], Model]:
    """Record each change of a model's rows, in all columns except `exclude`, in `<Model>Event`.

    Events are indexed by their object (`pgh_obj`), by each foreign key in `found_by`, and by
    `indexes`.
    """

    def watch(model: Model) -> Model:
        pgtrigger.register(no_truncate())(model)
        track = pghistory.track(
            # Inserts and deletes are recorded per statement, because they come by the million.
            # Updates are recorded per row: a statement trigger would join new rows to old ones by
            # a plan that PostgreSQL makes for a connection's first statement, even if that updates
            # one row, and keeps.
            pghistory.InsertEvent(level=pghistory.Statement),
            pghistory.UpdateEvent(level=pghistory.Row),
            pghistory.DeleteEvent(level=pghistory.Statement),
            exclude=list(exclude),
            context_id_field=None,  # type: ignore[arg-type]  # its documentation allows None
            meta={
                "indexes": [*(models.Index(fields=(name,)) for name in found_by), *indexes],
                "triggers": [no_truncate()],
            },
        )
        track(model)
        return model

    return watch


def frozen(model: Model) -> Model:
    """Refuse to change or delete a model's rows, even by raw SQL."""
    operation = pgtrigger.Update | pgtrigger.Delete
    pgtrigger.register(pgtrigger.Protect(name="frozen", operation=operation))(model)
    if not hasattr(model, "pgh_event_model"):  # `audited` already refuses TRUNCATE.
        pgtrigger.register(no_truncate())(model)
    return model


class AuditMiddleware(HistoryMiddleware):
    """Record the signed-in person with everything that their request changes."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return the user's id; the URL would add nothing to the record of what changed."""
        return {"user": request.user.pk}


class AuditedCommand(BaseCommand):
    """A management command whose name is recorded with everything that it changes."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command."""
        name = type(self).__module__.rpartition(".")[2]
        with pghistory.context(command=name):
            return super().execute(*args, **options)


def set_audit_context(**who: Any) -> None:
    """Set who makes the changes on this connection, until the next call.

    This takes one statement, whereas `pghistory.context` adds to every statement. Do not call it
    within a transaction: a rollback would undo it.
    """
    context = json.dumps(who)
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    if _contexts.get(connection.connection) == context:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pghistory.context_metadata', %s, false)", [context])
    _contexts[connection.connection] = context


@contextmanager
def audit_note(**notes: Any) -> Iterator[None]:
    """Record notes with everything that the block changes, such as the reason for a correction.

    They are added to what is recorded of the person, command or job, and end with the block; those
    of a nested `pghistory.context` would stay until the outermost one ends.
    """
    connection.ensure_connection()
    who = json.loads(_contexts.get(connection.connection, "{}"))
    with pghistory.context(**who, **notes) as context:
        try:
            yield
        finally:
            for name in notes:
                context.metadata.pop(name, None)


def current_user_id() -> int | None:
    """Return the user who is recorded with changes made now, or who requested the job that makes
    them; None if there is none."""
    connection.ensure_connection()
    of_job = json.loads(_contexts.get(connection.connection, "{}"))
    with pghistory.context() as context:
        user_id: int | None = {**of_job, **context.metadata}.get("user")
    return user_id


def send_audit_context() -> None:
    """Send the current `pghistory.context` to the database for the rest of the transaction.

    Call it before a COPY: pghistory sends the context with each statement that Django executes,
    and COPY is not one of them.
    """
    with connection.cursor() as cursor:
        # Any statement except SELECT would do: pghistory sends no context with a SELECT.
        cursor.execute("VALUES (1)")
