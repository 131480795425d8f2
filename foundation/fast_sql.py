"""Bypass the ORM for queries that run so often that its overhead matters.

No other module bypasses the ORM for this reason.

- `compiled_once` turns a queryset into a query whose SQL is compiled once and then sent with
  different values. The ORM takes longer to build it each time than PostgreSQL to answer it.
- `written_as` does the same with SQL written by hand, for what a queryset cannot express.
- `insert` stores rows with one COPY per table.
- `forget_plans`, `take_ids` and `count_up` do what the ORM cannot express.

docs/decisions/invoice-run.md and docs/decisions/pricing-speed.md say how much time each use saves.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from inspect import signature
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from psycopg.types.json import Jsonb

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
            )
        return self._compiled

    def rows(self, *values: Any) -> list[Any]:
        """Return all rows as tuples, as a queryset with `values_list` does."""
        with connection.cursor() as cursor:
            cursor.execute(*self.sql(*values))
            found: list[Any] = cursor.fetchall()
        return found

    def objects(self, *values: Any) -> list[Model]:
        """Return all objects. The model must not have JSON columns."""
        compiled = self._compile()
        return [
            compiled.model.from_db(DEFAULT_DB_ALIAS, compiled.names, row)
            for row in self.rows(*values)
        ]

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


class Rows(NamedTuple):
    """Rows of a model to `insert`, as values in the order of the attributes `names`."""

    model: type[models.Model]
    names: tuple[str, ...]
    values: Sequence[Sequence[Any]]


def insert(*batches: Rows | Sequence[models.Model]) -> None:
    """Store new rows, or new objects of one model, with one COPY per batch.

    If the database generates the keys of objects, they are None in all objects of a batch, and stay
    None. It takes a third of the time to pass rows, because no objects are created.

    Values are sent unconverted in binary format, bypassing Django's cursors: an amount must be a
    Decimal, a foreign key a number. `pghistory.context` does not see the statement: for an audited
    model, an earlier statement must have sent the context.
    """
    # The object behind the proxy `connection`, because each access to the proxy takes time.
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    with database.wrap_database_errors:
        for batch in batches:
            model, names, values = batch if isinstance(batch, Rows) else _rows_of(batch)
            if not values:
                continue
            text, types, encoders = _copy(model, names)
            with database.connection.cursor() as cursor, cursor.copy(text) as copy:
                copy.set_types(types)
                for row in _with_json(values, encoders) if encoders else values:
                    copy.write_row(row)


def _rows_of(objects: Sequence[models.Model]) -> Rows:
    if not objects:
        return Rows(models.Model, (), ())
    model, has_keys = type(objects[0]), objects[0].pk is not None
    fields = [each for each in model._meta.concrete_fields if has_keys or not each.primary_key]
    names = tuple(field.attname for field in fields)
    return Rows(model, names, list(map(attrgetter(*names), objects)))


# The function that writes each JSON column as text, by its position.
_Encoders = Sequence[tuple[int, Callable[[Any], str]]]


@cache
def _copy(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, list[str], _Encoders]:
    """Return the statement that stores rows, the types of its columns, and the JSON among them."""
    meta, quoted = model._meta, connection.ops.quote_name
    by_name = {field.attname: field for field in meta.concrete_fields}
    fields = [by_name[name] for name in names]
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    text = f"COPY {quoted(meta.db_table)} ({columns}) FROM STDIN (FORMAT binary)"
    # Without their lengths, for example of varchar(30).
    types = [str(field.rel_db_type(connection)).partition("(")[0] for field in fields]
    encoders = [
        (index, partial(json.dumps, cls=field.encoder))
        for index, field in enumerate(fields)
        if isinstance(field, models.JSONField)
    ]
    return text, types, encoders


def _with_json(rows: Iterable[Sequence[Any]], encoders: _Encoders) -> Iterator[Sequence[Any]]:
    # Rows often share an object. All rows are in memory, so no other object has its identity.
    known: dict[int, Jsonb] = {}
    for row in rows:
        values = list(row)
        for index, dumps in encoders:
            value = values[index]
            if value is None:
                continue
            if id(value) not in known:
                known[id(value)] = Jsonb(dumps(value), str)
            values[index] = known[id(value)]
        yield values


def forget_plans() -> None:
    """Make PostgreSQL plan again what it repeats on this connection, such as foreign-key checks.

    Call it before storing many rows. A plan made when a table was small reads all of it for each
    row, which takes time with the square of the rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")


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
