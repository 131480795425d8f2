"""Run a POST once, however often it is sent: the answer is stored under its `Idempotency-Key`.

The change and its answer are committed together. Of two requests with the same key at the same
time, one runs; the other is refused with 409, and gets the stored answer when it is sent again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from api.core.callers import caller_of
from api.core.problems import Fault, Problem
from api.core.refusals import problem_of
from api.models import LONGEST_KEY, StoredAnswer, Token

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(hours=24)
_KEPT_HEADERS = ("Content-Type", "Location", "ETag")
_NAMESPACE = UUID("0d9f1f0e-6a51-4a53-9d5b-3c7d3f0a2b61")
# Makes the keys of these locks differ from those of others.
_LOCKS = b"api.idempotency"

View = Callable[..., HttpResponse]


def once(view: View) -> View:
    """Require a key, and run the view once for each."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token, key = caller_of(request).token, _key_of(request)
        fingerprint = _fingerprint(request)
        with transaction.atomic():
            _lock(token, key)
            now = timezone.now()
            if stored := _stored(token, key, now):
                return _repeated(stored, fingerprint)
            response = _in_savepoint(view, request, *args, **kwargs)
            _store(token, key, fingerprint, response, now)
        return response

    return guarded


def request_id(request: HttpRequest) -> UUID:
    """Return an id of the request for operations that keep one for good, longer than answers."""
    return uuid5(_NAMESPACE, f"{caller_of(request).token.pk} {_key_of(request)}")


def forget_answers(now: datetime) -> int:
    """Delete answers that are no longer given; return their number."""
    return StoredAnswer.objects.filter(stored_at__lte=now - KEPT_FOR).delete()[0]


def _key_of(request: HttpRequest) -> str:
    key = request.headers.get(HEADER, "")
    if key and len(key) <= LONGEST_KEY and key.isascii() and key.isprintable():
        return key
    code = "idempotency_key_invalid" if key else "idempotency_key_missing"
    detail = (
        f"Send a new value of up to {LONGEST_KEY} printable ASCII characters, such as a UUID, in "
        f"{HEADER} with each new request, and the same value when you repeat it."
    )
    raise Problem(400, code, detail, [Fault(code, detail, parameter=HEADER)])


def _fingerprint(request: HttpRequest) -> bytes:
    parts = (request.method or "", request.get_full_path(), "")
    return sha256("\n".join(parts).encode() + request.body).digest()


def _lock(token: Token, key: str) -> None:
    """Hold a lock on the key until the transaction ends.

    Raises:
        Problem: another request holds it.
    """
    digest = sha256(_LOCKS + f"{token.pk} {key}".encode()).digest()
    number = int.from_bytes(digest[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (is_mine,) = cursor.fetchone()
    if not is_mine:
        raise Problem(
            409,
            "request_in_progress",
            f"A request with this {HEADER} is still running. Send it again in a moment.",
            headers={"Retry-After": "1"},
        )


def _stored(token: Token, key: str, now: datetime) -> StoredAnswer | None:
    return StoredAnswer.objects.filter(token=token, key=key, stored_at__gt=now - KEPT_FOR).first()


def _repeated(stored: StoredAnswer, fingerprint: bytes) -> HttpResponse:
    if bytes(stored.fingerprint) != fingerprint:
        detail = f"Another request was sent with this {HEADER}. Send a new value."
        fault = Fault("idempotency_key_reused", detail, parameter=HEADER)
        raise Problem(422, "idempotency_key_reused", detail, [fault])
    headers = {**stored.headers, "Idempotency-Replayed": "true"}
    return HttpResponse(bytes(stored.body), status=stored.status, headers=headers)


def _in_savepoint(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Return the answer of the view; take back what a refused one changed."""
    try:
        with transaction.atomic():
            return view(request, *args, **kwargs)
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        return problem.response


def _store(
    token: Token, key: str, fingerprint: bytes, response: HttpResponse, now: datetime
) -> None:
    values = {
        "fingerprint": fingerprint,
        "status": response.status_code,
        "headers": {name: response[name] for name in _KEPT_HEADERS if name in response},
        "body": response.content,
        "stored_at": now,
    }
    StoredAnswer.objects.update_or_create(token=token, key=key, defaults=values)
