"""The page for a request that failed."""

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.views.defaults import server_error

from foundation.outages import has_code, is_outage

# How soon a browser or a machine may try again. A restart of PostgreSQL takes some seconds.
RETRY_AFTER_SECONDS = 10

# A page that took too long takes as long again, unless the database was busy with something else.
RETRY_SLOW_AFTER_SECONDS = 60

# The code of a statement that was cancelled, here by its time limit.
_CANCELLED = "57014"


def failed(request: HttpRequest) -> HttpResponse:
    """Answer 503 if the database is away or took too long, and otherwise 500.

    Django calls this while it handles the exception, wherever it was raised. The error may have
    been raised by a middleware, so the page needs neither the session nor the database.
    """
    error = sys.exc_info()[1]
    if is_outage(error):
        template, seconds = "503.html", RETRY_AFTER_SECONDS
    elif has_code(error, _CANCELLED):
        template, seconds = "503_slow.html", RETRY_SLOW_AFTER_SECONDS
    else:
        return server_error(request)
    response = HttpResponse(get_template(template).render(), status=503)
    response["Retry-After"] = str(seconds)
    return response
