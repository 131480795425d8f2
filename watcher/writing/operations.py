"""Request changes of the platform, have them tried again, and withdraw them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from procrastinate.exceptions import AlreadyEnqueued

from accounts.models import User
from watcher import tasks
from watcher.connection.models import Connection
from watcher.connection.operations import possible_directions, stored_connection
from watcher.models import ReadingState, WriteRequest
from watcher.writing.carrying_out import lock_key
from watcher.writing.kinds import Kind, Values, kind_of
from watcher.writing.models import OPEN, WriteRequestQuerySet

State = WriteRequest.State
ROWS_AT_ONCE = 1_000
MOST_AT_ONCE = 10_000
"""How many requests may be decided about at once, all or none."""


class RequestRefusal(Exception):
    """Some of the requests cannot be tried again or withdrawn, so none was."""


class AlreadySettled(RequestRefusal):
    """One is no longer in a state in which that can be decided."""


class BeingCarriedOut(RequestRefusal):
    """One is being carried out at the moment."""


def is_enabled(kind: Kind, connected: Connection | None = None) -> bool:
    """Return whether changes of a kind may be requested: the connection has them switched on.

    `connected` saves the query if the caller has the connection.
    """
    connected = connected or stored_connection()
    return (
        connected is not None
        and kind.direction in possible_directions(connected)
        and getattr(connected, kind.direction)
    )


def requested(
    kind: Kind,
    *,
    subject: str,
    wanted: Values,
    shown: Values | None,
    now: datetime,
    by_id: int | None,
    about: str = "",
    organization_id: int | None = None,
    tariff_id: int | None = None,
    camera_id: int | None = None,
) -> WriteRequest:
    """Return a request that is not stored yet, for `ask_all`.

    `shown` is what the platform has, as far as the person who asks was shown it; None if it does
    not have the object. `by_id` is None if billing itself asks.
    """
    return WriteRequest(
        kind=kind.name,
        subject=subject,
        about=about,
        organization_id=organization_id,
        tariff_id=tariff_id,
        camera_id=camera_id,
        wanted=dict(wanted),
        shown=None if shown is None else dict(shown),
        requested_by_id=by_id,
        requested_at=now,
        next_attempt_at=now,
    )


@transaction.atomic
def ask_all(requests: Iterable[WriteRequest]) -> list[WriteRequest]:
    """Store requests within the transaction of the change that they follow; a job makes them.

    Call it only if the kind `is_enabled`. If that is switched off later, they wait.
    """
    rows = list(requests)
    if not rows:
        return rows
    _withdraw_failed(rows)
    known_at = ReadingState.objects.values_list("read_at", flat=True).first()
    for row in rows:
        row.shown_as_of = known_at
    WriteRequest.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    transaction.on_commit(start)
    return rows


def _withdraw_failed(rows: Sequence[WriteRequest]) -> None:
    """Withdraw what was refused before and asks for something else."""
    first = rows[0]
    replaced = {
        each.kind for each in rows if (kind := kind_of(each.kind)) and kind.replaces_earlier
    }
    failed = WriteRequest.objects.failed().filter(
        kind__in=replaced, subject__in={each.subject for each in rows}
    )
    failed.update(
        state=State.WITHDRAWN, decided_at=first.requested_at, decided_by=first.requested_by_id
    )


def expected(kind: Kind, known: Mapping[str, Values]) -> dict[str, dict[str, Any]]:
    """Return what the platform will have once what waits is done, by subject.

    `known` is what it has now.
    """
    found = {subject: dict(values) for subject, values in known.items()}
    waiting = WriteRequest.objects.waiting().filter(kind=kind.name, subject__in=known)
    for subject, wanted in waiting.order_by("pk").values_list("subject", "wanted"):
        found[subject] |= wanted
    return found


def refused(kind: Kind, subjects: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return what is wanted of subjects and was not made, which a new request replaces."""
    failed = WriteRequest.objects.failed().filter(kind=kind.name, subject__in=list(subjects))
    found: dict[str, dict[str, Any]] = {}
    for subject, wanted in failed.order_by("pk").values_list("subject", "wanted"):
        found[subject] = found.get(subject, {}) | wanted
    return found


def ask(
    kind: Kind,
    *,
    subject: str,
    wanted: Values,
    shown: Values | None,
    now: datetime,
    by_id: int | None,
    about: str = "",
    organization_id: int | None = None,
    tariff_id: int | None = None,
    camera_id: int | None = None,
) -> WriteRequest:
    """Request one change; as `requested` and `ask_all`."""
    row = requested(
        kind,
        subject=subject,
        wanted=wanted,
        shown=shown,
        now=now,
        by_id=by_id,
        about=about,
        organization_id=organization_id,
        tariff_id=tariff_id,
        camera_id=camera_id,
    )
    return ask_all([row])[0]


def start() -> None:
    """Have a job carry out what is due, unless one is about to.

    Called after the commit: a job that is queued already might begin before it.
    """
    with suppress(AlreadyEnqueued), transaction.atomic():
        tasks.write.defer()


@transaction.atomic
def retry(*, ids: Iterable[int], now: datetime, by: User) -> int:
    """Have requests tried again; return their number.

    What was overtaken is carried out over what Watcher has by then, if that is what was found: the
    person has been shown that. What waits is tried at once.

    Raises:
        AlreadySettled: one is done or withdrawn.
    """
    chosen = _locked(ids)
    chosen.filter(state=State.OVERTAKEN).update(shown=F("found"), shown_as_of=F("settled_at"))
    number = chosen.update(
        state=State.WAITING,
        settled_at=None,
        failure={},
        attempts=0,
        next_attempt_at=now,
        decided_at=now,
        decided_by=by,
    )
    transaction.on_commit(start)
    return number


@transaction.atomic
def withdraw(*, ids: Iterable[int], now: datetime, by: User) -> int:
    """Leave the platform as it is; return the number of requests that are not carried out.

    Raises:
        AlreadySettled: one is done or withdrawn.
        BeingCarriedOut: a job is at one.
    """
    chosen = _locked(ids)
    if not _are_left_alone(chosen.values_list("subject", flat=True)):
        raise BeingCarriedOut
    return chosen.update(
        state=State.WITHDRAWN,
        settled_at=now,
        next_attempt_at=None,
        decided_at=now,
        decided_by=by,
    )


def _locked(ids: Iterable[int]) -> WriteRequestQuerySet:
    """Lock open requests; return the rows with these ids.

    Raises:
        AlreadySettled: one is not open.
    """
    wanted = set(ids)
    found = WriteRequest.objects.filter(pk__in=wanted)
    locked = found.filter(state__in=OPEN).order_by("pk").select_for_update(no_key=True)
    if len(locked.values_list("pk")) != len(wanted):
        raise AlreadySettled
    return found


def _are_left_alone(subjects: Iterable[str]) -> bool:
    """Return whether no job is at one of the subjects, whose requests are locked.

    A job that begins afterwards waits for the requests before it writes, and leaves those alone
    that are no longer waiting then. So the locks of the subjects are not kept, of which there may
    be more than PostgreSQL has room for.
    """
    keys = sorted({lock_key(subject) for subject in subjects})
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM unnest(%s::bigint[]) AS key
            WHERE CASE WHEN pg_try_advisory_lock(key) THEN NOT pg_advisory_unlock(key) ELSE true END
            """,
            [keys],
        )
        (taken,) = cursor.fetchone()
    return not taken
