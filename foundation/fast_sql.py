"""The one door past the ORM, for queries that pages and jobs make so often that it counts.

- `compiled_once`: a query is a queryset, but its text is made once and then sent with other values.
  To build it each time takes the ORM longer than PostgreSQL takes to answer.
- `written_as`: the same, for what a queryset cannot say in the same way.
- `insert`: rows are stored by one statement a table, and all the statements are sent together.
- `take_ids` and `count_up`: what the ORM cannot express.

docs/decisions/invoice-run.md and docs/decisions/pricing-speed.md say what each use gains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from inspect import signature
from itertools import count
from typing import Any, Generic, NamedTuple, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

Fields = Sequence["models.Field[Any, Any]"]
Model = TypeVar("Model", bound=models.Model)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the value of this position goes in a statement."""

    position: int


class _Compiled(NamedTuple):
    text: str
    parameters: tuple[Any, ...]
    model: Any
    names: list[str]
    annotations: list[str]


class FastQuery(Generic[Model]):
    """A queryset made of values, whose text is the same whatever the values.

    No value may be None or a list: they change the text. Values are sent as they are given, so an
    instant is aware, and a foreign key is a number.

    `queryset` makes the queryset itself. Every method here answers what that does: tests compare
    the two. `written` is a statement to be sent instead; it names its values as `queryset` does.
    """

    def __init__(
        self, queryset: Callable[..., models.QuerySet[Model, Any]], written: str = ""
    ) -> None:
        self.__doc__ = queryset.__doc__
        self.queryset = queryset
        self._written, self._names = written, tuple(signature(queryset).parameters)
        self._compiled: _Compiled | None = None

    def sql(self, *values: Any) -> tuple[str, list[Any] | dict[str, Any]]:
        """Return the statement and its parameters."""
        if self._written:
            return self._written, dict(zip(self._names, values, strict=True))
        compiled = self._compile()
        return compiled.text, [
            values[each.position] if isinstance(each, _Place) else each
            for each in compiled.parameters
        ]

    def _compile(self) -> _Compiled:
        if self._compiled is None:
            places = [models.Value(_Place(position)) for position in range(len(self._names))]
            queryset = self.queryset(*places)
            query = queryset.query
            self._compiled = _Compiled(
                *query.sql_with_params(),
                queryset.model,
                [field.attname for field in queryset.model._meta.concrete_fields],
                list(query.annotation_select),
            )
        return self._compiled

    def rows(self, *values: Any) -> list[Any]:
        """Return all rows of a queryset of `values_list`, as tuples."""
        with connection.cursor() as cursor:
            cursor.execute(*self.sql(*values))
            found: list[Any] = cursor.fetchall()
        return found

    def objects(self, *values: Any) -> list[Model]:
        """Return all objects of a queryset, annotated; none of their columns holds JSON."""
        return [self._object(row) for row in self.rows(*values)]

    def _object(self, row: tuple[Any, ...]) -> Model:
        _text, _parameters, model, names, annotations = self._compile()
        made: Model = model.from_db(DEFAULT_DB_ALIAS, names, row[: len(names)])
        for name, value in zip(annotations, row[len(names) :], strict=True):
            setattr(made, name, value)
        return made

    def in_parts(self, *values: Any, size: int) -> Iterator[Any]:
        """Yield rows from a server-side cursor, `size` at a time; other queries may come between.

        Unlike `QuerySet.iterator`, no Python function converts each value.
        """
        with connection.chunked_cursor() as cursor:
            cursor.execute(*self.sql(*values))
            while rows := cursor.fetchmany(size):
                yield from rows

    def stream(self, *values: Any, size: int) -> Iterator[Any]:
        """Return rows in binary, `size` at a time, while PostgreSQL still finds more.

        No row is kept. The connection is busy until the last one: make no other query before.
        """
        connection.ensure_connection()
        cursor = psycopg.Cursor(connection.connection)
        return cursor.stream(*self.sql(*values), binary=True, size=size)


def compiled_once(queryset: Callable[..., models.QuerySet[Model, Any]]) -> FastQuery[Model]:
    """Make a function that returns a queryset a query whose text is made once."""
    return FastQuery(queryset)


def written_as(
    text: str,
) -> Callable[[Callable[..., models.QuerySet[Model, Any]]], FastQuery[Model]]:
    """Make a function that returns a queryset a query whose text is `text`."""
    return partial(FastQuery, written=text)


def columns_of(model: type[models.Model]) -> str:
    """Return a model's columns as a written statement gives them to `FastQuery.objects`."""
    quoted = connection.ops.quote_name
    table = quoted(model._meta.db_table)
    return ", ".join(
        f"{table}.{quoted(str(field.column))}" for field in model._meta.concrete_fields
    )


def insert(*batches: Sequence[models.Model]) -> None:
    """Store new objects, each batch of one model by one statement, and wait once for all of them.

    Keys that the database is to make are None in all objects of a batch, and stay None.

    Values go in binary, past Django's cursors, with a text that psycopg does not search for
    placeholders. So `pghistory.context` does not see it: of an audited model, another statement of
    the transaction must have told the database who is at work.
    """
    # What `connection` stands for, which takes a while to find each time.
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    with database.wrap_database_errors, database.connection.pipeline():
        for objects in filter(None, batches):
            first = objects[0]
            text, fields = _insert(type(first), first.pk is not None, len(objects))
            values = [value for each in objects for value in _values(each, fields, database)]
            with psycopg.RawCursor(database.connection) as cursor:
                cursor.execute(text, values)


def _values(of: models.Model, fields: Fields, database: BaseDatabaseWrapper) -> list[Any]:
    return [field.get_db_prep_save(getattr(of, field.attname), database) for field in fields]


@lru_cache
def _insert(model: type[models.Model], has_keys: bool, number: int) -> tuple[str, Fields]:
    """Return the statement that stores so many objects, and the fields of each that it takes."""
    meta, quoted = model._meta, connection.ops.quote_name
    fields = [field for field in meta.concrete_fields if has_keys or not field.primary_key]
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    places = count(1)
    rows = [f"({', '.join(f'${next(places)}' for _ in fields)})" for _ in range(number)]
    return f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES {', '.join(rows)}", fields


def take_ids(model: type[models.Model], how_many: int) -> list[int]:
    """Take ids for objects to come, in order; those that are not used are never given again.

    The ORM learns an id only when it stores the object, and parts may be stored before the whole.
    """
    meta = model._meta
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [connection.ops.quote_name(meta.db_table), meta.pk.column, how_many],
        )
        return [pk for (pk,) in cursor.fetchall()]


def count_up(model: type[models.Model], counter: str, by: int, **key: Any) -> int:
    """Add to a counter of the row that has a unique `key`, and return what it comes to.

    The row is made if there is none. It stays locked until the transaction ends. `counter` and the
    names in `key` are those of fields. The ORM cannot add in an upsert.
    """
    quoted, meta = connection.ops.quote_name, model._meta
    columns = [quoted(str(meta.get_field(name).column)) for name in key]  # type: ignore[union-attr]
    column = quoted(str(meta.get_field(counter).column))  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quoted(meta.db_table)} AS counted ({', '.join(columns)}, {column}) "
            f"VALUES ({', '.join(['%s'] * len(columns))}, %s) "
            f"ON CONFLICT ({', '.join(columns)}) "
            f"DO UPDATE SET {column} = counted.{column} + EXCLUDED.{column} RETURNING {column}",
            [*key.values(), by],
        )
        (counted,) = cursor.fetchone()
    return int(counted)
