"""Say how suspensions stand on the platform: in lists, on organizations' pages, and for Home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from foundation.web.attention import Entry
from organizations.models import Organization
from watcher.connection.operations import stored_connection
from watcher.errors import error_of
from watcher.models import Connection, SuspendedItem, WatcherSuspension
from watcher.platform import SuspendBy

State = WatcherSuspension.State


@dataclass(frozen=True)
class ShownSuspension:
    """A suspension in words: what it is in Watcher, what it changed there, and what fails."""

    text: str
    changed: Sequence[str]
    failure: str
    is_waiting: bool
    """Whether Watcher is not yet as it is to be."""


def shown_suspensions(
    suspensions: Iterable[WatcherSuspension], connection: Connection | None
) -> dict[int, ShownSuspension]:
    """Return suspensions in words, by their ids. Their organizations are to be fetched already."""
    found = {each.pk: each for each in suspensions}
    changed = _changed(list(found))
    return {pk: _shown(each, changed.get(pk, Counter()), connection) for pk, each in found.items()}


def suspension_fact(
    user: User, organization: Organization, now: datetime
) -> ShownSuspension | None:
    """Return what the header of an organization says of its suspension in Watcher, to staff."""
    if user.is_owner:
        return None
    suspension = organization.watcher_suspensions.open().first()
    if suspension is None:
        return None
    connection = stored_connection()
    if connection is None:
        return None
    suspension.organization = organization
    return shown_suspensions([suspension], connection)[suspension.pk]


def needing_attention(now: datetime) -> Iterator[Entry]:
    """Yield what Home shows of suspensions."""
    if not Connection.objects.filter(suspends=True).exists():
        return
    failing = WatcherSuspension.objects.failing().count()
    if failing:
        text = ngettext(
            "%(shown)s suspension could not be carried out in Watcher",
            "%(shown)s suspensions could not be carried out in Watcher",
            failing,
        )
        shown = number_format(failing, force_grouping=True)
        address = f"{reverse('watcher:suspensions')}?state=failing"
        yield Entry(text % {"shown": shown}, address, is_problem=True)


def _changed(ids: list[int]) -> dict[int, Counter[str]]:
    """Return how many things each suspension has changed, by how; a limit counts as what it is."""
    items = SuspendedItem.objects.filter(suspension__in=ids, state__in=SuspendedItem.OURS)
    rows = items.order_by().values_list("suspension", "by", "limit_meanwhile")
    found: dict[int, Counter[str]] = {}
    for pk, by, limit, number in rows.annotate(number=Count("pk")):
        found.setdefault(pk, Counter())[by] += number if limit is None else limit
    return found


def _shown(
    suspension: WatcherSuspension, changed: Counter[str], connection: Connection | None
) -> ShownSuspension:
    error = error_of(suspension.failure)
    is_waiting = suspension.state in WatcherSuspension.UNFINISHED
    return ShownSuspension(
        text=_text(suspension),
        changed=_changed_texts(suspension, changed),
        failure=str(error) if error else _obstacle(suspension, connection) if is_waiting else "",
        is_waiting=is_waiting,
    )


def _text(suspension: WatcherSuspension) -> str:
    if suspension.state == State.SUSPENDED:
        assert suspension.suspended_at is not None
        return _("suspended in Watcher since %(at)s") % {"at": _at(suspension.suspended_at)}
    if suspension.state == State.RESTORED:
        assert suspension.restored_at is not None
        return _("restored in Watcher at %(at)s") % {"at": _at(suspension.restored_at)}
    if suspension.state == State.RESTORING:
        return _("not yet restored in Watcher")
    return _("not yet suspended in Watcher")


def _obstacle(suspension: WatcherSuspension, connection: Connection | None) -> str:
    """Say why nothing is being done; empty if it is about to be."""
    if connection is None or not connection.suspends:
        return _("Carrying out suspensions is switched off for the connection to Watcher.")
    if suspension.planned_at is None and not suspension.organization.watcher_id:
        return _("The organization is not linked to one in Watcher.")
    return ""


def _changed_texts(suspension: WatcherSuspension, changed: Counter[str]) -> list[str]:
    if suspension.state == State.RESTORED:
        return []
    users, cameras, limit = (
        changed[way.value]
        for way in (
            SuspendBy.BLOCKING_USERS,
            SuspendBy.DISABLING_CAMERAS,
            SuspendBy.LIMITING_CAMERAS,
        )
    )
    texts = {
        ngettext("%(shown)s user is blocked", "%(shown)s users are blocked", users): users,
        ngettext(
            "%(shown)s camera is disabled", "%(shown)s cameras are disabled", cameras
        ): cameras,
        ngettext("limited to %(shown)s camera", "limited to %(shown)s cameras", limit): limit,
    }
    found = [
        text % {"shown": number_format(number, force_grouping=True)}
        for text, number in texts.items()
        if number
    ]
    if not found and suspension.state == State.SUSPENDED:
        return [_("there was nothing to change")]
    return found


def _at(instant: datetime) -> str:
    return date_format(localtime(instant), "SHORT_DATETIME_FORMAT")
