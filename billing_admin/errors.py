"""The page for a request that failed."""

import sys

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.views.defaults import server_error

# How soon a browser or a machine may try again. A restart of PostgreSQL takes some seconds.
RETRY_AFTER_SECONDS = 10

# A page that took too long takes as long again, unless the database was busy with something else.
RETRY_SLOW_AFTER_SECONDS = 60

# The code of a statement that was cancelled, here by its time limit.
_CANCELLED = "57014"

# Classes and codes of PostgreSQL's errors: no connection, too many of them, shutting down.
_AWAY = ("08", "53300", "57P01", "57P02", "57P03")


def failed(request: HttpRequest) -> HttpResponse:
    """Answer 503 if the database is away or took too long, and otherwise 500.

    Django calls this while it handles the exception, wherever it was raised. The error may have
    been raised by a middleware, so the page needs neither the session nor the database.
    """
    error = sys.exc_info()[1]
    if is_database_away(error):
        template, seconds = "503.html", RETRY_AFTER_SECONDS
    elif is_too_slow(error):
        template, seconds = "503_slow.html", RETRY_SLOW_AFTER_SECONDS
    else:
        return server_error(request)
    response = HttpResponse(get_template(template).render(), status=503)
    response["Retry-After"] = str(seconds)
    return response


def is_database_away(error: BaseException | None) -> bool:
    """Return whether an error means that PostgreSQL cannot be reached at the moment."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    code = _code(error)
    # Without a code, the error comes from the connection and not from the server.
    return code is None or code.startswith(_AWAY)


def is_too_slow(error: BaseException | None) -> bool:
    """Return whether an error means that a statement reached its time limit."""
    return isinstance(error, OperationalError) and _code(error) == _CANCELLED


def _code(error: BaseException) -> str | None:
    """Return PostgreSQL's code of an error; None if it comes from the connection."""
    cause = error.__cause__
    return cause.sqlstate if isinstance(cause, psycopg.Error) else None
