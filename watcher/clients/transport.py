"""Call Watcher's API: connections, retries, pauses and redirects. It knows no call in particular.

- TLS is verified. An answer never leads to another scheme, host or port.
- A process makes at most `MOST_CALLS` calls to a host at once, and a 429 stops all of them.
- GET, PUT and DELETE are repeated after an error that passes. A POST is not, by itself.
- Log lines have method, path, status and trace id; never headers, queries or bodies.
"""

from __future__ import annotations

import json
import logging
import random
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import httpx

from watcher.clients.answers import error_from, wait_seconds
from watcher.errors import (
    CertificateError,
    PlatformError,
    RedirectedError,
    TooManyCallsError,
    UnexpectedAnswerError,
    UnreachableError,
)

logger = logging.getLogger(__name__)

ORIGINATOR = "Camera billing"
MOST_CALLS = 4
TIMEOUTS = httpx.Timeout(connect=5, read=60, write=30, pool=60)
WAITS = (1.0, 2.0, 3.0)
"""Seconds before each repetition, as Watcher's own client waits; jitter makes it half to 1.5."""
LONGEST_WAIT = 60
"""The longest `Retry-After` in seconds that is waited for; a longer one is an error."""
MOST_BYTES = 50_000_000
_MOST_REDIRECTS = 3
_REPEATABLE = frozenset({"GET", "PUT", "DELETE"})
_PASSES = frozenset({429, 500, 502, 503, 504})


@cache
def _authorities() -> ssl.SSLContext:
    """Return the authorities that are trusted; reading them takes longer than many calls."""
    return httpx.create_ssl_context()


class _Gate:
    """Lets `MOST_CALLS` through at once, and none while a host wants no calls."""

    def __init__(self) -> None:
        self.slots = threading.BoundedSemaphore(MOST_CALLS)
        self.closed_until = 0.0


_gates: defaultdict[str, _Gate] = defaultdict(_Gate)


@dataclass(frozen=True)
class Answer:
    """An answer, its body read, and whether the call was repeated before it came."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    was_repeated: bool = False

    @cached_property
    def json(self) -> Any:
        """The body, read as JSON; None if it is empty.

        Raises:
            UnexpectedAnswerError: it is not JSON.
        """
        if not self.content.strip():
            return None
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            raise UnexpectedAnswerError from None

    @property
    def object(self) -> dict[str, Any]:
        """The body, which must be a JSON object.

        Raises:
            UnexpectedAnswerError: it is something else.
        """
        if not isinstance(self.json, dict):
            raise UnexpectedAnswerError
        return self.json


@dataclass
class Transport:
    """Calls one host. `sleep` and `clock` are those of `time`, except in tests."""

    address: str
    """Scheme, host and port, without a slash at the end."""
    pause_seconds: float = 0.0
    timeouts: httpx.Timeout = field(default_factory=lambda: TIMEOUTS)
    waits: tuple[float, ...] = WAITS
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    handler: httpx.BaseTransport | None = None
    """What answers instead of the network, in tests."""

    @cached_property
    def _client(self) -> httpx.Client:
        limits = httpx.Limits(max_connections=MOST_CALLS, max_keepalive_connections=MOST_CALLS)
        return httpx.Client(
            timeout=self.timeouts,
            limits=limits,
            follow_redirects=False,
            transport=self.handler,
            verify=_authorities(),
        )

    @property
    def _gate(self) -> _Gate:
        return _gates[self.address]

    def close(self) -> None:
        """Close the connections."""
        if "_client" in self.__dict__:
            self._client.close()

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        may_repeat: bool | None = None,
    ) -> Answer:
        """Call `path`, which is percent-encoded, and return an answer below 300 with JSON in it.

        `may_repeat` says whether the call may be made again after an error that passes: by default
        GET, PUT and DELETE may.

        Raises:
            PlatformError: after the repetitions. `status` says what a 401, for example, was.
        """
        repeats = method in _REPEATABLE if may_repeat is None else may_repeat
        waits = self.waits if repeats else ()
        for number in range(len(waits) + 1):
            try:
                answer = self._send(method, path, query or {}, body, headers or {})
                if answer.status >= 400:
                    raise error_from(answer.status, answer.headers, answer.content)
                answer.json  # noqa: B018 read now, so that a broken body counts as an error
            except PlatformError as error:
                if number == len(waits) or not _may_pass(error):
                    raise
                if error.status != 429:  # The gate waits as long as Watcher asks for.
                    self.sleep(waits[number] * random.uniform(0.5, 1.5))
            else:
                return Answer(answer.status, answer.headers, answer.content, number > 0)
        raise AssertionError("the last attempt returns or raises")

    def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: Any,
        headers: Mapping[str, str],
    ) -> Answer:
        """Send a call when the host wants calls, and follow redirects on it."""
        self._wait_at_gate()
        address = f"{self.address}{path}"
        with self._gate.slots:
            for _number in range(_MOST_REDIRECTS + 1):
                answer = self._send_once(method, address, query, body, headers)
                if not 300 <= answer.status < 400:
                    break
                address, query = _redirected(method, address, answer), {}
            else:
                raise UnexpectedAnswerError
            if self.pause_seconds:
                self.sleep(self.pause_seconds)
        if answer.status == 429:
            until = self.clock() + wait_seconds(answer.headers)
            self._gate.closed_until = max(self._gate.closed_until, until)
        return answer

    def _wait_at_gate(self) -> None:
        """Wait until the host wants calls.

        Raises:
            TooManyCallsError: that takes longer than `LONGEST_WAIT`.
        """
        left = self._gate.closed_until - self.clock()
        if left > LONGEST_WAIT:
            error = TooManyCallsError(wait_seconds=round(left))
            error.was_sent = False
            raise error
        if left > 0:
            self.sleep(left)

    def _send_once(
        self,
        method: str,
        address: str,
        query: Mapping[str, str],
        body: Any,
        headers: Mapping[str, str],
    ) -> Answer:
        trace_id, path, began = str(uuid4()), urlsplit(address).path, self.clock()
        own = {"Accept": "application/json", "X-Originator": ORIGINATOR, "X-Trace-Id": trace_id}
        try:
            with self._client.stream(
                method, address, params=query or None, json=body, headers={**own, **headers}
            ) as response:
                answer = Answer(response.status_code, response.headers, _content(response))
        except httpx.InvalidURL:
            raise UnexpectedAnswerError from None
        except httpx.HTTPError as error:
            logger.info("%s %s: %s, trace %s", method, path, type(error).__name__, trace_id)
            raise _unreachable(error) from None
        took = round((self.clock() - began) * 1000)
        logger.debug("%s %s: %s in %s ms, trace %s", method, path, answer.status, took, trace_id)
        return answer


def _may_pass(error: PlatformError) -> bool:
    """Return whether the same call may succeed a little later."""
    if error.status is not None:
        return error.status in _PASSES
    return isinstance(error, UnreachableError | UnexpectedAnswerError)


def _redirected(method: str, address: str, answer: Answer) -> str:
    """Return the address that an answer leads to.

    Raises:
        RedirectedError: it is on another scheme, host or port.
        UnexpectedAnswerError: the method is not GET, or the address is the same.
    """
    target = urljoin(address, answer.headers.get("Location", ""))
    if _origin(target) != _origin(address):
        scheme, host, port = _origin(target)
        raise RedirectedError(address=f"{scheme}://{host}:{port}")
    if method != "GET" or target == address:
        error = UnexpectedAnswerError()
        error.status = answer.status
        raise error
    return target


def _content(response: httpx.Response) -> bytes:
    """Return the body.

    Raises:
        UnexpectedAnswerError: it has more than `MOST_BYTES`.
    """
    parts, length = [], 0
    for part in response.iter_bytes():
        length += len(part)
        if length > MOST_BYTES:
            raise UnexpectedAnswerError
        parts.append(part)
    return b"".join(parts)


def _unreachable(error: httpx.HTTPError) -> PlatformError:
    if _is_about_certificate(error):
        return CertificateError()
    found = UnreachableError()
    never_sent = httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout
    found.was_sent = not isinstance(error, never_sent)
    return found


def _is_about_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _origin(address: str) -> tuple[str, str, int]:
    parts = urlsplit(address)
    default = 443 if parts.scheme == "https" else 80
    return parts.scheme, parts.hostname or "", parts.port or default
