"""The audit: triggers that write each change of a table into its table of events.

`audited` makes a model's table one that is watched, whoever writes to it and by whatever means.
An event holds the row as it has become (as it was, of one deleted), the transaction's instant,
and who did it: {"user": 5}, {"command": "import_usage"}, or nothing, by SQL past the product.
Tables of events, and tables that are watched, cannot be truncated, nor can events be changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
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
# What `tell_from_now_on` has told on each connection.
_told: WeakKeyDictionary[Connection[Any], str] = WeakKeyDictionary()


class Event(PlainEvent):
    """What every event has; ids of 8 bytes, as a million cameras make many."""

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


def no_truncate() -> pgtrigger.Trigger:
    """Refuse TRUNCATE, which fires no other trigger, except where tests empty their tables."""
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
    *, exclude: Sequence[str] = (), found_by: Sequence[str] = ()
) -> Callable[[Model], Model]:
    """Record each change of a model's rows, all columns but `exclude`, in `<Model>Event`.

    Events are found by their object (`pgh_obj`), and fast by each foreign key of `found_by` too.
    """

    def watch(model: Model) -> Model:
        pgtrigger.register(no_truncate())(model)
        track = pghistory.track(
            # Insertion and deletion once a statement: they come by the million. Updates row by row:
            # those of a statement would be joined to what was before, by a plan that PostgreSQL
            # makes for the first statement of a connection, be it of one row, and keeps.
            pghistory.InsertEvent(level=pghistory.Statement),
            pghistory.UpdateEvent(level=pghistory.Row),
            pghistory.DeleteEvent(level=pghistory.Statement),
            exclude=list(exclude),
            context_id_field=None,  # type: ignore[arg-type]  # it says that None will do
            meta={
                "indexes": [models.Index(fields=(name,)) for name in found_by],
                "triggers": [no_truncate()],
            },
        )
        track(model)
        return model

    return watch


def frozen(model: Model) -> Model:
    """Make a model's rows stay for ever as they were written, raw SQL included."""
    operation = pgtrigger.Update | pgtrigger.Delete
    pgtrigger.register(pgtrigger.Protect(name="frozen", operation=operation))(model)
    if not hasattr(model, "pgh_event_model"):  # What is audited cannot be truncated already.
        pgtrigger.register(no_truncate())(model)
    return model


class AuditMiddleware(HistoryMiddleware):
    """Record the signed-in person with all that their request changes."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return their id; the address asked for would be no news beside what changed."""
        return {"user": request.user.pk}


class AuditedCommand(BaseCommand):
    """A management command whose name is recorded with all that it changes."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command."""
        name = type(self).__module__.rpartition(".")[2]
        with pghistory.context(command=name):
            return super().execute(*args, **options)


def tell_from_now_on(**who: Any) -> None:
    """Tell the database who is at work on this connection, until it is told of another.

    Once, where all that a connection does meanwhile is for the same: `pghistory.context` tells it
    again before each statement. Not within a transaction, which would take it back if it fails.
    """
    told = json.dumps(who)
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    if _told.get(connection.connection) == told:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pghistory.context_metadata', %s, false)", [told])
    _told[connection.connection] = told


def tell_who() -> None:
    """Tell the database who is at work, until the transaction ends: before a COPY.

    Otherwise that goes before each statement that Django executes; COPY is not one of them.
    """
    with connection.cursor() as cursor:
        # Any statement would do but SELECT, which changes nothing and so is left as it is.
        cursor.execute("VALUES (1)")
