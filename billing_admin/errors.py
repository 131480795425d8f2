"""The page for a request that failed."""

import sys

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.views.defaults import server_error

# How soon a browser or a machine may try again. A restart of PostgreSQL takes some seconds.
RETRY_AFTER_SECONDS = 10

# Classes and codes of PostgreSQL's errors: no connection, too many of them, shutting down.
_AWAY = ("08", "53300", "57P01", "57P02", "57P03")


def failed(request: HttpRequest) -> HttpResponse:
    """Answer 503 if the database is away, which passes, and otherwise 500.

    Django calls this while it handles the exception, wherever it was raised. The error may have
    been raised by a middleware, so the page needs neither the session nor the database.
    """
    if not is_database_away(sys.exc_info()[1]):
        return server_error(request)
    response = HttpResponse(get_template("503.html").render(), status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def is_database_away(error: BaseException | None) -> bool:
    """Return whether an error means that PostgreSQL cannot be reached at the moment."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause = error.__cause__
    code = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    # Without a code, the error comes from the connection and not from the server.
    return code is None or code.startswith(_AWAY)
