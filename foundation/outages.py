"""Errors of the database that pass without anybody's help: it is away, or its disk is full."""

from __future__ import annotations

import django.db
import psycopg
from procrastinate.exceptions import ConnectorException

# PostgreSQL's class of errors of connections, and its codes for: the disk is full, too many
# connections, shut down by an administrator, crashed, starting or stopping.
_AWAY = ("08", "53100", "53300", "57P01", "57P02", "57P03")
_DATABASE_ERRORS = (django.db.OperationalError, django.db.InterfaceError, ConnectorException)


def is_outage(error: BaseException | None) -> bool:
    """Return whether an error means that PostgreSQL cannot do its work at the moment.

    Of several errors, one is enough.
    """
    if isinstance(error, BaseExceptionGroup):
        return any(map(is_outage, error.exceptions))
    if isinstance(error, _DATABASE_ERRORS):
        error = error.__cause__ or error
    if isinstance(error, django.db.InterfaceError):
        return True
    if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    # Without a code, the error comes from the connection and not from the server.
    return error.sqlstate is None or error.sqlstate.startswith(_AWAY)


def has_code(error: BaseException | None, *codes: str) -> bool:
    """Return whether PostgreSQL gave one of these codes as the reason for an error."""
    cause = error and (error.__cause__ or error)
    return isinstance(cause, psycopg.Error) and cause.sqlstate in codes
