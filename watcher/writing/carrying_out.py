"""Carry out the changes that are requested: each object's in order, each once in effect.

The platform is read first. It may be so already, because an answer was lost or the worker died
after the change took effect; somebody may have changed it since the page was shown; otherwise it is
written and read back. No call is made within a transaction. The lock of an object ends with the
connection of the process, so whatever a process was at is taken up by another.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.db import transaction

from foundation.outages import is_outage
from watcher.alone import alone
from watcher.clients.writing import read_back
from watcher.connection.clients import connected
from watcher.connection.operations import possible_directions, stored_connection
from watcher.errors import (
    AlreadyThereError,
    CertificateError,
    ConflictError,
    NoKeyError,
    NoRightError,
    NotAppliedError,
    NotConnectedError,
    NotSupportedError,
    NotThereError,
    OutcomeUnknownError,
    PlatformError,
    RedirectedError,
    RefusedByPlatformError,
    SessionEndedError,
    TooManyCallsError,
    UnreachableError,
    WrongCredentialsError,
    stored_error,
)
from watcher.models import Connection, WriteRequest
from watcher.platform import Platform
from watcher.writing.kinds import Kind, Values, kind_of, kinds

REFUSALS = (
    NoRightError,
    NotThereError,
    NotSupportedError,
    RefusedByPlatformError,
    ConflictError,
    AlreadyThereError,
    NotAppliedError,
)
"""Errors that do not go away by themselves: somebody has to look."""
_OF_CONNECTION = (
    UnreachableError,
    CertificateError,
    RedirectedError,
    WrongCredentialsError,
    SessionEndedError,
    TooManyCallsError,
    NoKeyError,
    NotConnectedError,
)
"""Errors that every call would have: nothing more is tried for now."""
MOST_FAILURES = 3
"""After so many errors of the platform's own, nothing more is tried for now."""
TOGETHER = 200
MOST_SECONDS = 120.0
"""How long a job goes on; another one continues."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)

logger = logging.getLogger(__name__)
State = WriteRequest.State
Clock = Callable[[], datetime]
Sleep = Callable[[float], None]


class _Gone(Exception):
    """The request was withdrawn, or another process has it or its object."""


@dataclass
class _Job:
    """What all requests of a job have in common."""

    platform: Platform
    clock: Clock
    sleep: Sleep
    tried: set[int] = field(default_factory=set)
    failures: int = 0
    is_over: bool = False
    """Whether nothing more is tried for now."""


def is_due(now: datetime) -> bool:
    """Return whether there is something to carry out."""
    enabled = enabled_kinds(stored_connection())
    return bool(enabled) and WriteRequest.objects.due(now).filter(kind__in=enabled).exists()


def enabled_kinds(connected_to: Connection | None) -> list[str]:
    """Return the kinds of changes that the connection may make."""
    if connected_to is None:
        return []
    possible = possible_directions(connected_to)
    return [
        kind.name
        for kind in kinds()
        if kind.direction in possible and getattr(connected_to, kind.direction)
    ]


def carry_out_due(
    *, clock: Clock, sleep: Sleep = time.sleep, most_seconds: float = MOST_SECONDS
) -> bool:
    """Carry out what is due; return whether something is left to go on with at once.

    Not in a transaction: it waits for the platform. Errors of the platform are stored.
    """
    connected_to = stored_connection()
    until = time.monotonic() + most_seconds
    first = _due(connected_to, clock(), set())
    if not first:
        return False
    try:
        with connected(connected_to) as platform:
            job = _Job(platform, clock, sleep)
            while due := _due(stored_connection(), clock(), job.tried):
                for pk, subject in due:
                    job.tried.add(pk)
                    _carry_out(job, pk, subject)
                    if job.is_over:
                        return False
                    if time.monotonic() > until:
                        return True
    except NoKeyError as error:
        with suppress(_Gone):
            _postpone(WriteRequest.objects.get(pk=first[0][0]), error, clock())
    return False


def _due(connected_to: Connection | None, now: datetime, tried: set[int]) -> list[tuple[int, str]]:
    """Return ids and subjects of requests to carry out now, the oldest first."""
    enabled = enabled_kinds(connected_to)
    if not enabled:
        return []
    due = WriteRequest.objects.due(now).filter(kind__in=enabled).exclude(pk__in=tried)
    return list(due.order_by("next_attempt_at", "pk").values_list("pk", "subject")[:TOGETHER])


# --- One request ----------------------------------------------------------------------------------


def lock_key(subject: str) -> int:
    """Return the number of the advisory lock to hold while a subject is written."""
    digest = blake2b(f"watcher.write {subject}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def _carry_out(job: _Job, pk: int, subject: str) -> None:
    """Carry out a request, unless another process is at its subject or it waits for another."""
    with alone(lock_key(subject)) as is_alone:
        if not is_alone:
            return
        request = WriteRequest.objects.due(job.clock()).filter(pk=pk).first()
        kind = kind_of(request.kind) if request else None
        if request is None or kind is None:
            return
        try:
            _make(job, kind, request)
        except _Gone:
            return
        except PlatformError as error:
            _fail(job, request, error)
        except Exception as error:
            if is_outage(error):
                raise
            # Whatever is wrong with one request must not hold up those after it.
            logger.exception("Request %d to the platform failed.", pk)
            _fail(job, request, PlatformError())
        else:
            job.failures = 0


def _make(job: _Job, kind: Kind, request: WriteRequest) -> None:
    """Read, then write and read back if that is needed and allowed.

    Raises:
        PlatformError: it could not be done.
        _Gone: it is no longer wanted.
    """
    if kind.capability not in job.platform.capabilities:
        raise NotSupportedError
    request.found = _values(kind.read(job.platform, request))
    subject = kind.found_subject(request)
    if not subject:
        _make_found(job, kind, request)
        return
    with alone(lock_key(subject)) as is_alone:
        if not is_alone:
            raise _Gone
        request.found = _values(kind.read(job.platform, request))
        if kind.found_subject(request) == subject:
            _make_found(job, kind, request)


def _make_found(job: _Job, kind: Kind, request: WriteRequest) -> None:
    if kind.is_wanted(request.found, request):
        state = State.DONE if request.sent_at else State.NEEDLESS
        _settle(job, kind, request, state)
    elif not kind.is_as_shown(request.found, _expected(request), request):
        _settle(job, kind, request, State.OVERTAKEN)
    else:
        _update(request, sent_at=job.clock())
        made = kind.write(job.platform, request)
        if made is not None:
            _update(request, made=dict(made))

        def is_so() -> bool:
            request.found = _values(kind.read(job.platform, request))
            return kind.is_wanted(request.found, request)

        read_back(is_so, wait=job.sleep)
        _settle(job, kind, request, State.DONE)


def _values(found: Values | None) -> dict[str, Any] | None:
    return None if found is None else dict(found)


def _expected(request: WriteRequest) -> Values | None:
    """Return what the platform has if nobody but billing has changed it since it was shown.

    What was shown does not have what billing itself has done, or found to be so, since.
    """
    ours = WriteRequest.objects.filter(
        subject=request.subject, kind=request.kind, state__in=(State.DONE, State.NEEDLESS)
    ).exclude(pk=request.pk)
    if request.shown_as_of is not None:
        ours = ours.filter(settled_at__gte=request.shown_as_of)
    expected = request.shown
    for wanted, found in ours.order_by("settled_at", "pk").values_list("wanted", "found"):
        known = {name: found[name] for name in wanted if name in found} if found else {}
        expected = {**(expected or {}), **known}
    return expected


def _settle(job: _Job, kind: Kind, request: WriteRequest, state: State) -> None:
    now = job.clock()
    with transaction.atomic():
        _update(
            request,
            state=state,
            found=request.found,
            failure={},
            settled_at=now,
            next_attempt_at=None,
            attempts=request.attempts + 1,
        )
        if state != State.OVERTAKEN:
            kind.remember(request, now)


def _fail(job: _Job, request: WriteRequest, error: PlatformError) -> None:
    """Store why a request was not carried out, and whether the job is over."""
    now = job.clock()
    with suppress(_Gone):
        if isinstance(error, REFUSALS):
            _refuse(request, State.REFUSED, error, now)
            job.failures = 0
        elif isinstance(error, OutcomeUnknownError):
            _refuse(request, State.UNKNOWN, error, now)
        else:
            _postpone(request, error, now)
            job.failures += 1
            job.is_over = isinstance(error, _OF_CONNECTION) or job.failures >= MOST_FAILURES


def _refuse(request: WriteRequest, state: State, error: PlatformError, now: datetime) -> None:
    sent_at = request.sent_at or (now if state == State.UNKNOWN else None)
    _update(
        request,
        state=state,
        found=request.found,
        failure=stored_error(error),
        sent_at=sent_at,
        settled_at=now,
        next_attempt_at=None,
        attempts=request.attempts + 1,
    )


def _postpone(request: WriteRequest, error: PlatformError, now: datetime) -> None:
    _update(
        request,
        failure=stored_error(error),
        attempts=request.attempts + 1,
        next_attempt_at=now + wait_after(request.attempts, error),
    )


def wait_after(failures: int, error: PlatformError) -> timedelta:
    """Return how long nothing is tried after an error, and after as many `failures` before it."""
    wait: timedelta = min(FIRST_WAIT * 2 ** min(failures, 10), LONGEST_WAIT)
    if isinstance(error, TooManyCallsError):
        wait = max(wait, timedelta(seconds=error.details.get("wait_seconds", 0)))
    return wait


def _update(request: WriteRequest, **values: Any) -> None:
    """Store values of a request that still waits.

    Raises:
        _Gone: it does not.
    """
    if not WriteRequest.objects.waiting().filter(pk=request.pk).update(**values):
        raise _Gone
    for name, value in values.items():
        setattr(request, name, value)
