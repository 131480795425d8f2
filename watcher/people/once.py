"""Make what cannot be made again: what was sent and is not found is not sent a second time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from watcher.errors import OutcomeUnknownError, PlatformError
from watcher.models import WriteRequest


def may_have_been_sent(request: WriteRequest) -> bool:
    """Return whether a call may have taken effect since somebody last decided on the request."""
    if request.sent_at is None:
        return False
    return request.decided_at is None or request.decided_at <= request.sent_at


def refuse_to_repeat(request: WriteRequest) -> None:
    """Refuse to send what may have been sent.

    Raises:
        OutcomeUnknownError: it may have been.
    """
    if may_have_been_sent(request):
        raise OutcomeUnknownError


@contextmanager
def sending(request: WriteRequest) -> Iterator[None]:
    """Send a POST; an error other than `OutcomeUnknownError` says that it had no effect."""
    try:
        yield
    except OutcomeUnknownError:
        raise
    except PlatformError:
        WriteRequest.objects.filter(pk=request.pk).update(sent_at=None)
        request.sent_at = None
        raise
