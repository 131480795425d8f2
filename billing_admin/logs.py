"""Production logs: JSON lines, one per request, that identify people only by their ids.

Messages and exceptions may contain what someone typed. Exceptions are therefore logged by type and
stack frames, without their text, and addresses of every kind are removed from messages.
`RequestLog` is the middleware; settings.LOGGING uses `JsonFormatter` and `RequestId`.
"""

import json
import logging
import re
import time
import traceback
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.utils.functional import LazyObject, empty

REQUEST_ID_HEADER = "X-Request-ID"
HEALTH_ROUTE = "healthz"
STATIC_ROUTE = "static/"

_logger = logging.getLogger("billing_admin.requests")

_answering: ContextVar[HttpRequest | None] = ContextVar("answering", default=None)

# The key of `request.META` that holds the id of a request.
_ID = "billing_admin.request_id"
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

_ORGANIZATION = re.compile(r"organizations/<int:(\w+)>")
_EMAIL = re.compile(r"[^\s@<>()\"',;]+@[^\s@<>()\"',;]+")
_IP = re.compile(
    r"\b\d{1,3}(?:\.\d{1,3}){3}\b"
    r"|(?<![\w:])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|[0-9a-f:]*::[0-9a-f:]*)",
    re.IGNORECASE,
)
_URL = re.compile(r"(?:https?://|(?<![^\s'\"])/)\S*")

_BASE_DIR = Path(__file__).resolve().parent.parent
_MOST_EXCEPTIONS = 10


class RequestId(logging.Filter):
    """Add the id of the current request to every record, or `-` if there is none."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the id; keep every record."""
        request = _request_of(record)
        record.request_id = request.META[_ID] if request else "-"
        return True


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON. `extra={"fields": {...}}` adds fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": _without_addresses(_message(record), _route_of(_request_of(record))),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["exceptions"] = _described(record.exc_info[1])
        return json.dumps(line, default=str)


class RequestLog:
    """Log each request when it is answered, or when a streamed response ends.

    It must be the first middleware, to log responses that other middleware returns.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        request.META[_ID] = _request_id(request)
        token = _answering.set(request)
        try:
            response = self.get_response(request)
            response[REQUEST_ID_HEADER] = request.META[_ID]
            if isinstance(response, StreamingHttpResponse) and not _is_file(response):
                response.streaming_content = _Watched(request, response, started)
            else:
                _log(request, response, started, _size(request, response))
        finally:
            _answering.reset(token)
        return response


class _Watched:
    """The chunks of a streamed response, logged when the server closes it."""

    def __init__(
        self, request: HttpRequest, response: StreamingHttpResponse, started: float
    ) -> None:
        self._chunks: Iterable[bytes] = response.streaming_content  # type: ignore[assignment]
        self._answered = (request, response, started)
        self._request = request
        self._sent = 0
        self._failure: Exception | None = None

    def __iter__(self) -> Iterator[bytes]:
        _answering.set(self._request)
        try:
            for chunk in self._chunks:
                self._sent += len(chunk)
                yield chunk
        except Exception as error:
            self._failure = error
            raise
        finally:
            _answering.set(None)

    def close(self) -> None:
        """Log the request. The server calls this once, even if nobody read to the end."""
        _log(*self._answered, self._sent, self._failure)


def _is_file(response: StreamingHttpResponse) -> bool:
    """Return whether the server may send the file itself, without reading chunks."""
    return isinstance(response, FileResponse) and response.file_to_stream is not None


def _size(request: HttpRequest, response: HttpResponseBase) -> int:
    if request.method == "HEAD":
        return 0
    if isinstance(response, HttpResponse):
        return len(response.content)
    return int(response.get("Content-Length", "0"))


def _log(
    request: HttpRequest,
    response: HttpResponseBase,
    started: float,
    size: int,
    failure: Exception | None = None,
) -> None:
    route = _route_of(request)
    fields: dict[str, Any] = {
        "method": request.method,
        "route": route,
        "status": response.status_code,
        "duration_ms": round((time.perf_counter() - started) * 1000, 1),
        "bytes": size,
        "user_id": _user_id(request),
    }
    organization = _ORGANIZATION.match(route or "")
    if organization:
        fields["organization_id"] = request.resolver_match.kwargs[organization[1]]  # type: ignore[union-attr]
    level = logging.DEBUG if route == HEALTH_ROUTE else logging.INFO
    extra = {"fields": fields, "request": request}
    _logger.log(logging.ERROR if failure else level, "request", extra=extra, exc_info=failure)


def _request_id(request: HttpRequest) -> str:
    """Return the proxy's id of the request if it is well-formed, otherwise a new one."""
    given = request.headers.get(REQUEST_ID_HEADER, "")
    return given if _SANE_ID.fullmatch(given) else uuid.uuid4().hex


def _route_of(request: HttpRequest | None) -> str | None:
    """Return the pattern of the URL, which never contains typed text."""
    if request is None:
        return None
    if request.resolver_match is None:
        return STATIC_ROUTE if request.path.startswith(settings.STATIC_URL) else None
    return request.resolver_match.route


def _user_id(request: HttpRequest) -> Any:
    """Return the id of the user if the response has loaded it; loading it would take a query."""
    user = getattr(request, "user", None)
    if isinstance(user, LazyObject) and user._wrapped is empty:
        return None
    return getattr(user, "pk", None)


def _request_of(record: logging.LogRecord) -> HttpRequest | None:
    # Django logs some responses after all middleware has run, and passes the request.
    request = getattr(record, "request", None)
    return request if isinstance(request, HttpRequest) and _ID in request.META else _answering.get()


def _message(record: logging.LogRecord) -> str:
    if isinstance(record.msg, BaseException):
        return _type(record.msg)
    if isinstance(record.args, tuple) and record.args:
        args = (_type(arg) if isinstance(arg, BaseException) else arg for arg in record.args)
        return str(record.msg) % tuple(args)
    return record.getMessage()


def _without_addresses(text: str, route: str | None) -> str:
    """Remove email addresses, IP addresses and URLs from a message."""
    text = _URL.sub(lambda found: "[address]" if route is None else f"/{route}", text)
    return _IP.sub("[address]", _EMAIL.sub("[address]", text))


def _described(error: BaseException | None) -> list[dict[str, Any]]:
    """Describe an exception and its causes, without their texts."""
    described: list[dict[str, Any]] = []
    while error is not None and len(described) < _MOST_EXCEPTIONS:
        one: dict[str, Any] = {"type": _type(error), "frames": _frames(error)}
        # Error codes of the database, the mail server and the operating system.
        for name in ("sqlstate", "smtp_code", "errno"):
            if getattr(error, name, None) is not None:
                one["code"] = getattr(error, name)
        described.append(one)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return described


def _type(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")


def _frames(error: BaseException) -> list[str]:
    return [
        f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]


def _short(filename: str) -> str:
    return filename.rpartition("site-packages/")[2].removeprefix(f"{_BASE_DIR}/")
