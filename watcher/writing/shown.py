"""Say in words what is requested, what became of it, and why: for lists, objects and Home."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.web.attention import Entry
from watcher.connection.operations import stored_connection
from watcher.errors import error_of
from watcher.models import Connection, WriteRequest
from watcher.writing.carrying_out import enabled_kinds
from watcher.writing.kinds import kind_of
from watcher.writing.models import OPEN

State = WriteRequest.State
FAILED = "failed"
"""The value of the list's filter for what somebody has to look at."""


@dataclass(frozen=True)
class ShownRequest:
    """A request in words."""

    request: WriteRequest
    kind: str
    about: str
    address: str
    wanted: Sequence[str]
    before: Sequence[str]
    found: Sequence[str]
    """What the platform had when it was read last; empty if it was not."""
    reason: str
    """Why it is not done; empty if there is nothing to say."""


def shown_requests(requests: Sequence[WriteRequest]) -> list[ShownRequest]:
    """Return requests in words, in their order; the number of queries depends on no number."""
    by_kind: defaultdict[str, list[WriteRequest]] = defaultdict(list)
    for request in requests:
        by_kind[request.kind].append(request)
    for name, of_kind in by_kind.items():
        if kind := kind_of(name):
            kind.prepare(of_kind)
    connected_to = stored_connection() if requests else None
    enabled = set(enabled_kinds(connected_to))
    return [_shown(request, connected_to, enabled) for request in requests]


def settled_requests(*, organization_id: int, most: int) -> list[ShownRequest]:
    """Return the latest requests of an organization that are settled, the last one first."""
    rows = WriteRequest.objects.filter(organization=organization_id).exclude(state__in=OPEN)
    return shown_requests(list(rows.select_related("requested_by").order_by("-pk")[:most]))


def label_of(request: Any) -> str:
    """Return what the kind of a request, or of an event of one, is called."""
    kind = kind_of(request.kind)
    return str(kind.label) if kind else str(request.kind)


def said_of_event(event: Any) -> str:
    """Say in words what was wanted when an event of a request was recorded."""
    kind = kind_of(event.kind)
    return ", ".join(kind.said(event.wanted, event)) if kind else ""


def _shown(
    request: WriteRequest, connected_to: Connection | None, enabled: set[str]
) -> ShownRequest:
    kind = kind_of(request.kind)
    if kind is None:
        return ShownRequest(request, label_of(request), request.about, "", (), (), (), "")
    return ShownRequest(
        request=request,
        kind=label_of(request),
        about=kind.about(request),
        address=kind.address(request),
        wanted=kind.said(request.wanted, request),
        before=kind.said(request.shown, request) if request.shown else (),
        found=kind.said(request.found, request) if request.found else (),
        reason=_reason(request, connected_to, is_enabled=request.kind in enabled),
    )


def _reason(request: WriteRequest, connected_to: Connection | None, *, is_enabled: bool) -> str:
    kind = kind_of(request.kind)
    assert kind is not None
    if request.state == State.WAITING and not is_enabled:
        if connected_to is None:
            return _("There is no connection to Watcher. It waits until there is one.")
        label = connected_to._meta.get_field(kind.direction).verbose_name  # type: ignore[union-attr]
        return _(
            "“%(direction)s” is switched off for the connection. It waits until it is switched on."
        ) % {"direction": label}
    if request.state == State.OVERTAKEN:
        if not request.found:
            return _("It is no longer in Watcher as it was shown. Nothing was changed there.")
        return _(
            "It was changed in Watcher meanwhile, to: %(found)s. Nothing was overwritten; trying "
            "again overwrites it."
        ) % {"found": ", ".join(kind.said(request.found, request))}
    error = error_of(request.failure)
    return str(error) if error else ""


def needing_attention(now: datetime) -> Iterator[Entry]:
    """Yield what Home shows of requests."""
    number = WriteRequest.objects.failed().count()
    if number:
        text = ngettext(
            "%(shown)s change was not made in Watcher",
            "%(shown)s changes were not made in Watcher",
            number,
        )
        shown = number_format(number, force_grouping=True)
        address = f"{reverse('watcher:requests')}?state={FAILED}"
        yield Entry(text % {"shown": shown}, address, is_problem=True)
