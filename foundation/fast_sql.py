"""Bypass the ORM for queries that run so often that its overhead matters.

No other module bypasses the ORM for this reason.

- `compiled_once` turns a queryset into a query whose SQL is compiled once and then sent with
  different values. The ORM takes longer to build it each time than PostgreSQL to answer it.
- `written_as` does the same with SQL written by hand, for what a queryset cannot express.
- `insert` stores rows with one statement per table, and sends all statements together.
- `take_ids` and `count_up` do what the ORM cannot express.

docs/decisions/invoice-run.md and docs/decisions/pricing-speed.md say how much time each use saves.
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
class _Placeholder:
    """The place in a statement for the value at `position`."""

    position: int


class _Compiled(NamedTuple):
    text: str
    parameters: tuple[Any, ...]
    model: Any
    names: list[str]
    annotations: list[str]


class FastQuery(Generic[Model]):
    """A queryset with parameters, whose SQL does not depend on their values.

    A value must not be None or a list, which would change the SQL. Values are sent unconverted, so
    an instant must be aware and a foreign key must be a number.

    `queryset` is the function that returns the queryset. All methods return the same rows as that
    queryset; tests compare them. `written` is a statement to send instead, whose parameters have
    the names of the parameters of `queryset`.
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
            values[each.position] if isinstance(each, _Placeholder) else each
            for each in compiled.parameters
        ]

    def _compile(self) -> _Compiled:
        if self._compiled is None:
            positions = range(len(self._names))
            queryset = self.queryset(*(models.Value(_Placeholder(each)) for each in positions))
            query = queryset.query
            self._compiled = _Compiled(
                *query.sql_with_params(),
                queryset.model,
                [field.attname for field in queryset.model._meta.concrete_fields],
                list(query.annotation_select),
            )
        return self._compiled

    def rows(self, *values: Any) -> list[Any]:
        """Return all rows as tuples, as a queryset with `values_list` does."""
        with connection.cursor() as cursor:
            cursor.execute(*self.sql(*values))
            found: list[Any] = cursor.fetchall()
        return found

    def objects(self, *values: Any) -> list[Model]:
        """Return all objects with their annotations. The model must not have JSON columns."""
        return [self._object(row) for row in self.rows(*values)]

    def _object(self, row: tuple[Any, ...]) -> Model:
        _text, _parameters, model, names, annotations = self._compile()
        made: Model = model.from_db(DEFAULT_DB_ALIAS, names, row[: len(names)])
        for name, value in zip(annotations, row[len(names) :], strict=True):
            setattr(made, name, value)
        return made

    def in_batches(self, *values: Any, size: int) -> Iterator[Any]:
        """Yield rows, fetched `size` at a time. Other queries can run in between.

        This uses a server-side cursor. Unlike `QuerySet.iterator`, it does not convert each value
        with a Python function.
        """
        with connection.chunked_cursor() as cursor:
            cursor.execute(*self.sql(*values))
            while rows := cursor.fetchmany(size):
                yield from rows

    def stream(self, *values: Any, size: int) -> Iterator[Any]:
        """Stream rows in binary format, `size` at a time, while PostgreSQL is still finding more.

        Rows are not kept. The connection is busy until the last row; run no other query before.
        """
        connection.ensure_connection()
        cursor = psycopg.Cursor(connection.connection)
        return cursor.stream(*self.sql(*values), binary=True, size=size)


def compiled_once(queryset: Callable[..., models.QuerySet[Model, Any]]) -> FastQuery[Model]:
    """Turn a function that returns a queryset into a query whose SQL is compiled once."""
    return FastQuery(queryset)


def written_as(
    text: str,
) -> Callable[[Callable[..., models.QuerySet[Model, Any]]], FastQuery[Model]]:
    """Return a decorator like `compiled_once` that makes the query send `text` instead."""
    return partial(FastQuery, written=text)


def columns_of(model: type[models.Model]) -> str:
    """Return the columns that a written statement must return for `FastQuery.objects`."""
    quoted = connection.ops.quote_name
    table = quoted(model._meta.db_table)
    return ", ".join(
        f"{table}.{quoted(str(field.column))}" for field in model._meta.concrete_fields
    )


def insert(*batches: Sequence[models.Model]) -> None:
    """Store new objects with one statement per batch, and wait once for all of them.

    All objects of a batch have the same model. If the database generates their keys, the keys are
    None in all objects of a batch, and stay None.

    Values are sent in binary format, bypassing Django's cursors, and psycopg does not search the
    SQL for placeholders. `pghistory.context` therefore does not see the statement: for an audited
    model, an earlier statement must have sent the context.
    """
    # The object behind the proxy `connection`, because each access to the proxy takes time.
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
    """Return the statement that stores `number` objects, and the fields it stores of each."""
    meta, quoted = model._meta, connection.ops.quote_name
    fields = [field for field in meta.concrete_fields if has_keys or not field.primary_key]
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    numbers = count(1)
    rows = [f"({', '.join(f'${next(numbers)}' for _ in fields)})" for _ in range(number)]
    return f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES {', '.join(rows)}", fields


def take_ids(model: type[models.Model], how_many: int) -> list[int]:
    """Take ids for new objects, in ascending order. Ids that are not used are lost.

    The ORM knows an id only after it has stored the object, but parts can be stored before the
    object they belong to.
    """
    meta = model._meta
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [connection.ops.quote_name(meta.db_table), meta.pk.column, how_many],
        )
        return [pk for (pk,) in cursor.fetchall()]


def count_up(model: type[models.Model], counter: str, by: int, **key: Any) -> int:
    """Add `by` to a counter in the row with a unique `key`, and return the new value.

    A missing row is created. The row stays locked until the transaction ends. `counter` and the
    names in `key` are field names. The ORM cannot add to a value in an upsert.
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
