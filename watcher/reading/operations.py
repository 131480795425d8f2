"""Read the platform: all of it, one process at a time, applied completely or not at all."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from accounts.models import User
from foundation.web.one_row import change_row, values_of
from usage.cameras.titles import follow_titles
from watcher.alone import alone
from watcher.connection.clients import connected
from watcher.connection.operations import stored_connection, stored_details
from watcher.errors import (
    ClocksDifferError,
    NoRightError,
    NotSupportedError,
    NotThereError,
    PlatformError,
    stored_error,
)
from watcher.models import CameraChange, Connection, Poll, ReadingSettings, ReadingState
from watcher.platform import Capability, LogEntry, LoggedKind, Platform
from watcher.reading import news, staging
from watcher.reading.carrying_out import carry_out
from watcher.reading.instants import Instant, Window, after_instant
from watcher.reading.models import CameraChangeQuerySet
from watcher.reading.news import News
from watcher.reading.reasons import ACCEPTABLE, Reason
from watcher.suspending.seen import disabled_by_suspensions, let_go
from watcher.writing.written import CLOCKS_DIFFER, written_since

FEW_VANISHED = 10
"""So many cameras may vanish at once, whatever their share."""
MOST_AT_ONCE = 10_000
"""How many changes may be decided about at once, all or none."""
MOST_LOGGED = 20_000
_EARLY = timedelta(seconds=30)
"""A periodic job starts a little later at one time than at another."""
FARTHEST_CLOCKS = timedelta(hours=1)
"""Between clocks that differ by more, nothing is read: instants would be wrong by as much."""
_ADVISORY_LOCK = 5_861_204_941
_LACKING = (NoRightError, NotSupportedError, NotThereError)

Clock = Callable[[], datetime]


class AlreadyDecided(Exception):
    """Some of the changes are no longer held back, or cannot be carried out all the same."""


class VanishedOthers(Exception):
    """Not as many cameras have vanished as the person was shown."""


class _SuspiciousError(Exception):
    """Too many cameras have vanished to believe it."""

    def __init__(self, gone: int, known: int) -> None:
        super().__init__(gone, known)
        self.gone, self.known = gone, known


class _Now(NamedTuple):
    """An instant by our clock and by the platform's, in whole seconds; None if it did not say."""

    ours: datetime
    told: datetime | None


@dataclass(frozen=True)
class _Reading:
    """What was read, when, and by whose clock."""

    connection: Connection
    begun_at: datetime
    cameras: int
    left_out: staging.LeftOut
    seen_until: datetime | None
    """As `ReadingState.read_until`, by the platform's clock as it is now."""
    started: datetime
    """By the platform's clock, before the first call."""
    finished: datetime
    sees_all: bool
    has_tenants: bool
    has_plans: bool
    log: dict[str, list[LogEntry]]


def reading_settings() -> ReadingSettings:
    """Return the settings, or the defaults."""
    return ReadingSettings.objects.first() or ReadingSettings()


def reading_state() -> ReadingState:
    """Return what is known of the last reading, or an empty state."""
    return ReadingState.objects.first() or ReadingState()


def read_platform(*, clock: Clock, is_asked_for: bool = False) -> bool:
    """Read the platform if it is time, or if that `is_asked_for`; return whether it was read.

    Not in a transaction: it waits for the platform. Errors of the platform are stored.
    """
    connected_to = Connection.objects.first()
    if connected_to is None or not connected_to.reads:
        return False
    with alone(_ADVISORY_LOCK) as is_alone:
        if not is_alone:
            return False
        begun_at = clock()
        if not is_asked_for and not is_due(reading_state(), reading_settings(), begun_at):
            return False
        try:
            with connected(connected_to) as platform, staging.staged():
                _apply(_read(platform, connected_to, begun_at, clock), clock)
        except PlatformError as error:
            _record_failure(error, begun_at, clock())
    return True


def is_due_now(now: datetime) -> bool:
    """Return whether a platform is connected and enabled, and it is time for the next reading."""
    if not Connection.objects.filter(reads=True).exists():
        return False
    return is_due(reading_state(), reading_settings(), now)


def is_due(state: ReadingState, settings: ReadingSettings, now: datetime) -> bool:
    """Return whether it is time for the next reading."""
    every = timedelta(minutes=settings.every_minutes)
    if state.begun_at is None:
        return True
    # If our clock was set back, the last reading lies in the future.
    return not timedelta() <= now - state.begun_at < every - _EARLY


# --- Reading --------------------------------------------------------------------------------------


def _read(
    platform: Platform, connected_to: Connection, begun_at: datetime, clock: Clock
) -> _Reading:
    """Read everything into the staging tables.

    Raises:
        PlatformError: something is missing, so nothing of it counts.
    """
    first = _asked(platform, clock)
    has_plans = Capability.LIST_PLANS in platform.capabilities
    has_plans = has_plans and _unless_lacking(lambda: staging.stage_plans(platform.list_plans()))
    has_tenants = _unless_lacking(lambda: staging.stage_tenants(platform.list_tenants()))
    cameras, left_out = staging.stage_cameras(platform.list_cameras())
    log: dict[str, list[LogEntry]] = {}
    if (since := _seen_until(reading_state(), _told(first, first), begun_at)) is not None:
        log = _log_of(platform, since)
    last = _asked(platform, clock)
    started, finished = _told(first, last), _told(last, first)
    if first.told is None and last.told is not None:
        # It was asked for since another instant, so some of its entries may be missing.
        log = {}
    staging.analyze()
    return _Reading(
        connection=connected_to,
        begun_at=begun_at,
        cameras=cameras,
        left_out=left_out,
        seen_until=_seen_until(reading_state(), started, begun_at),
        started=started,
        finished=finished,
        sees_all=Capability.LIST_CAMERAS in platform.capabilities,
        has_tenants=has_tenants,
        has_plans=has_plans,
        log=log,
    )


def _asked(platform: Platform, clock: Clock) -> _Now:
    """Return the present instant by both clocks.

    Raises:
        ClocksDifferError: they differ by more than `FARTHEST_CLOCKS`.
    """
    ours, told = clock().replace(microsecond=0), platform.now()
    if told is not None and abs(told - ours) > FARTHEST_CLOCKS:
        raise ClocksDifferError(minutes=int(abs(told - ours).total_seconds() // 60))
    return _Now(ours, told)


def _told(now: _Now, other: _Now) -> datetime:
    """Return an instant by the platform's clock, or by ours if it never says.

    If it did not say this time, `other` says how far the clocks are apart.
    """
    if now.told is not None:
        return now.told
    return now.ours if other.told is None else now.ours + (other.told - other.ours)


def _seen_until(state: ReadingState, started: datetime, begun_at: datetime) -> datetime | None:
    """Return from when on changes are news, by the platform's clock as it is now.

    If that was set back, as much before now as has passed by ours.
    """
    if state.read_until is None or state.read_at is None or started >= state.read_until:
        return state.read_until
    passed = max(begun_at - state.read_at, timedelta())
    return started - timedelta(seconds=math.ceil(passed.total_seconds()))


def _unless_lacking(stage: Callable[[], None]) -> bool:
    """Stage a list and return whether the service user may read it."""
    try:
        stage()
    except _LACKING:
        return False
    return True


def _log_of(platform: Platform, since: datetime) -> dict[str, list[LogEntry]]:
    """Return what the log has of each camera; nothing if it cannot be read."""
    found: defaultdict[str, list[LogEntry]] = defaultdict(list)
    count = 0
    try:
        for page in platform.log_since(since):
            for entry in page:
                found[entry.camera_name].append(entry)
            count += len(page)
            if count > MOST_LOGGED:
                return {}
    except PlatformError:
        return {}
    return dict(found)


# --- Applying -------------------------------------------------------------------------------------


def _apply(reading: _Reading, clock: Clock) -> None:
    """Apply a reading, all of it in one transaction, or hold it back."""
    try:
        with transaction.atomic():
            if _is_still_wanted(reading.connection):
                _apply_whole(reading, clock)
    except _SuspiciousError as suspicious:
        _record_suspicion(reading, suspicious, clock())


def _is_still_wanted(used: Connection) -> bool:
    """Return whether the connection is still the one that was read, and may be."""
    current = stored_connection()
    return current is not None and current.reads and stored_details(current) == stored_details(used)


def _apply_whole(reading: _Reading, clock: Clock) -> None:
    ReadingState.objects.get_or_create(pk=1)
    state = ReadingState.objects.select_for_update().get(pk=1)
    settings, now = reading_settings(), clock().replace(microsecond=0)
    news.store_tenants(now, are_complete=reading.sees_all and reading.has_tenants)
    news.store_plans(now, are_complete=reading.sees_all and reading.has_plans)
    gone, known = news.compare()
    written = written_since(min(state.read_at or reading.begun_at, reading.begun_at))
    news.leave_out([name for name, at in written.items() if not _is_read(at, reading)])
    if reading.seen_until is None:
        news.store_cameras(reading.started, removes=True)
        _poll(reading, Poll.Outcome.FIRST, now, appeared=reading.cameras).save()
    else:
        if reading.sees_all and _is_suspicious(gone, known, settings, state):
            raise _SuspiciousError(gone, known)
        _dismiss_seen_again(now)
        first_second = reading.seen_until
        window = Window(first_second, max(reading.finished, first_second + timedelta(seconds=1)))
        renamed = list(news.renamed())
        _record_changes(reading, window, written, now)
        carry_out(
            charges_disabled=settings.charges_disabled,
            now=now,
            platform_now=reading.finished,
            locked_too=[name for name, _was, _is in renamed],
        )
        follow_titles(renamed)
    state.read_until, state.read_at = reading.started, reading.begun_at
    state.begun_at, state.ended_at, state.cameras = reading.begun_at, clock(), reading.cameras
    state.left_out, state.left_out_names = reading.left_out.number, reading.left_out.names
    state.failing_since, state.failure, state.vanished = None, {}, 0
    state.vanishing_confirmed = state.vanishing_confirmed_by = None
    state.save()


def _is_read(written_at: datetime | None, reading: _Reading) -> bool:
    """Return whether a reading saw what billing has written: it was done before that began."""
    return written_at is not None and written_at + CLOCKS_DIFFER < reading.begun_at


def _is_suspicious(gone: int, known: int, settings: ReadingSettings, state: ReadingState) -> bool:
    """Return whether more cameras have vanished than the settings, or a person, allow."""
    if not gone:
        return False
    many = gone > FEW_VANISHED and gone * 100 > known * settings.most_vanished_percent
    confirmed = state.vanishing_confirmed
    return (many or gone == known) and not (confirmed is not None and gone <= confirmed)


def _record_changes(
    reading: _Reading, window: Window, written: Mapping[str, object], now: datetime
) -> None:
    """Store each change, and what the platform has now.

    The last reading may have left out cameras that billing has `written`, so what happened to them
    since is news.
    """
    found = list(news.found_news())
    changes: list[CameraChange] = []
    unseen = set() if reading.sees_all else _unseen_names()
    for each in found:
        if each.is_gone and each.name in unseen:
            continue
        since = window
        if each.name in written and each.old_since_at is not None:
            since = Window(min(window.after, each.old_since_at), window.until)
        changes += _changes_of(each, since, reading.log.get(each.name, ()), reading.sees_all, now)
    news.store_cameras(window.until, removes=reading.sees_all)
    if not changes:
        return
    _heed_suspensions(changes, reading.begun_at, now)
    poll = _poll(
        reading,
        Poll.Outcome.APPLIED,
        now,
        appeared=sum(each.is_new for each in found),
        vanished=sum(each.is_gone for each in found),
        changed=sum(not each.is_new and not each.is_gone for each in found),
    )
    poll.save()
    for change in changes:
        change.poll = poll
    CameraChange.objects.bulk_create(changes, batch_size=2_000)
    news.store_since({each.name: each.at for each in changes if each.organization_id is not None})


def _heed_suspensions(changes: Iterable[CameraChange], begun_at: datetime, now: datetime) -> None:
    """Note which cameras are disabled by suspensions, and which somebody has enabled since."""
    disabled = {each.name: each for each in changes if each.is_disabled}
    for name in disabled_by_suspensions(disabled, begun_at):
        disabled[name].is_suspended = True
    enabled = [each.name for each in changes if each.from_is_disabled and not each.is_disabled]
    let_go(enabled, before=begun_at, now=now)


def _changes_of(
    each: News, window: Window, log: Iterable[LogEntry], sees_all: bool, now: datetime
) -> list[CameraChange]:
    """Return what happened to a camera, in order."""
    # What was seen by the last reading may be logged after that began.
    fresh = [entry for entry in log if entry.at in window and not _is_before(each, entry.at)]
    removed = [entry.at for entry in fresh if entry.kind is LoggedKind.REMOVED]
    edited = [entry.at for entry in fresh if entry.kind is LoggedKind.CHANGED]
    if each.is_new:
        return [_change(each, window.begun(each.created_at, each.changed_at))]
    if each.is_gone:
        at = window.gone(max(removed, default=None), each.old_since_at)
        change = _change(each, at)
        if not sees_all:
            change.reason, change.held_since = Reason.UNSEEN, now
        return [change]
    if _is_made_again(each, window):
        gone = window.gone(min(removed, default=None), each.old_since_at)
        if gone.at >= each.created_at:  # type: ignore[operator]
            gone = Instant(each.created_at, gone.within_seconds)  # type: ignore[arg-type]
            # Unless the clock was set back, it was not made again before it was as it was.
            gone = after_instant(gone, each.old_since_at)
        ended = _change(each, gone)
        ended.organization_id = ended.preset_id = None
        ended.is_disabled = False
        again = window.begun(each.created_at, each.changed_at)
        begun = _change(each, Instant(max(again.at, gone.at), again.within_seconds))
        begun.from_organization_id = begun.from_preset_id = None
        begun.from_is_disabled = False
        return [ended, begun]
    if not each.differs:
        return []
    if len(edited) == 1:
        at = window.dated(edited[0])
    else:
        # Something else may have been changed later, and the log does not say what was changed.
        at = window.at_the_latest(each.changed_at, min(edited, default=each.old_since_at))
    return [_change(each, after_instant(at, each.old_since_at))]


def _is_before(each: News, instant: datetime) -> bool:
    """Return whether a camera was seen as it was after an instant."""
    return each.old_since_at is not None and instant <= each.old_since_at


def _is_made_again(each: News, window: Window) -> bool:
    created = each.created_at
    return created is not None and created != each.old_created_at and created >= window.after


def _change(each: News, instant: Instant) -> CameraChange:
    change = CameraChange(
        name=each.name,
        title=each.title or "",
        from_organization_id=each.old_organization_id,
        from_preset_id=each.old_preset_id,
        from_is_disabled=bool(each.old_is_disabled),
        at=instant.at,
        within_seconds=instant.within_seconds,
    )
    if not each.is_gone:
        change.organization_id, change.preset_id = each.organization_id, each.preset_id
        change.is_disabled = each.is_disabled
    return change


# --- Out of sight ---------------------------------------------------------------------------------


def _unseen() -> CameraChangeQuerySet:
    """Return what was held back of cameras out of sight, or dismissed: they are still there."""
    return CameraChange.objects.filter(reason=Reason.UNSEEN)


def _unseen_names() -> set[str]:
    return set(_unseen().values_list("name", flat=True))


def _dismiss_seen_again(now: datetime) -> None:
    """Settle what was held back of cameras that are in sight again."""
    if again := news.present(list(_unseen_names())):
        seen = _unseen().filter(name__in=again)
        seen.open().update(state=CameraChange.State.DISMISSED, settled_at=now)
        seen.update(reason="")


# --- Records --------------------------------------------------------------------------------------


def _poll(reading: _Reading, outcome: str, now: datetime, **counts: int) -> Poll:
    return Poll(
        outcome=outcome,
        begun_at=reading.begun_at,
        ended_at=now,
        cameras=reading.cameras,
        **counts,
    )


@transaction.atomic
def _record_suspicion(reading: _Reading, suspicious: _SuspiciousError, now: datetime) -> None:
    _update_state(
        begun_at=reading.begun_at,
        ended_at=now,
        failure={},
        failing_since=None,
        vanished=suspicious.gone,
    )
    last = Poll.objects.first()
    if last and last.outcome == Poll.Outcome.SUSPICIOUS and last.vanished == suspicious.gone:
        last.times, last.ended_at, last.cameras = last.times + 1, now, reading.cameras
        last.save(update_fields=["times", "ended_at", "cameras"])
        return
    _poll(reading, Poll.Outcome.SUSPICIOUS, now, vanished=suspicious.gone).save()


@transaction.atomic
def _record_failure(error: PlatformError, begun_at: datetime, now: datetime) -> None:
    stored = stored_error(error)
    since = reading_state().failing_since or begun_at
    _update_state(begun_at=begun_at, ended_at=now, failure=stored, failing_since=since)
    last = Poll.objects.first()
    if last and last.outcome == Poll.Outcome.FAILED and last.failure["error"] == stored["error"]:
        last.times, last.ended_at, last.failure = last.times + 1, now, stored
        last.save(update_fields=["times", "ended_at", "failure"])
        return
    Poll(outcome=Poll.Outcome.FAILED, begun_at=begun_at, ended_at=now, failure=stored).save()


def _update_state(**values: object) -> None:
    ReadingState.objects.update_or_create(pk=1, defaults=values)


# --- Decisions of people --------------------------------------------------------------------------


@transaction.atomic
def accept(*, ids: Iterable[int], by: User) -> int:
    """Have held-back changes carried out all the same, by the next job; return their number.

    Raises:
        AlreadyDecided: one is not held back, or for a reason that nobody can overrule.
    """
    chosen = _locked(ids)
    if any(change.reason not in ACCEPTABLE for change in chosen):
        raise AlreadyDecided
    # They are gone, so should they appear again, they are new.
    news.forget([change.name for change in chosen if change.reason == Reason.UNSEEN])
    decided = CameraChange.objects.filter(pk__in=[change.pk for change in chosen])
    return decided.update(is_accepted=True, decided_by=by)


@transaction.atomic
def dismiss(*, ids: Iterable[int], now: datetime, by: User) -> int:
    """Leave the usage as it is; return the number of changes that are not carried out.

    Raises:
        AlreadyDecided: one is not held back.
    """
    chosen = _locked(ids)
    decided = CameraChange.objects.filter(pk__in=[change.pk for change in chosen])
    return decided.update(state=CameraChange.State.DISMISSED, settled_at=now, decided_by=by)


def _locked(ids: Iterable[int]) -> list[CameraChange]:
    wanted = set(ids)
    open_ones = CameraChange.objects.open().filter(pk__in=wanted)
    chosen = list(open_ones.select_for_update().order_by("pk"))
    if len(chosen) != len(wanted):
        raise AlreadyDecided
    return chosen


@transaction.atomic
def confirm_vanished(*, shown: int, by: User) -> None:
    """Believe that as many cameras as `shown` have vanished; the next reading applies that.

    Raises:
        VanishedOthers: the last reading found another number.
    """
    state = ReadingState.objects.select_for_update().filter(pk=1).first()
    if state is None or not state.vanished or state.vanished != shown:
        raise VanishedOthers
    state.vanishing_confirmed, state.vanishing_confirmed_by = shown, by
    state.save(update_fields=["vanishing_confirmed", "vanishing_confirmed_by"])


def change_settings(*, shown: str, settings: Mapping[str, Any]) -> None:
    """Store how the platform is read. `shown` is the version that the person saw.

    Raises:
        EditedByOthers: a setting differs both from the shown value and from the new value.
    """
    change_row(ReadingSettings, shown=shown, settings=settings)


def stored_settings(stored: ReadingSettings | None) -> dict[str, Any]:
    """Return the settings by field name; the defaults if nothing was entered."""
    names = (
        "every_minutes",
        "charges_disabled",
        "most_vanished_percent",
        "standstill_minutes",
        "no_archive",
    )
    return values_of(stored or ReadingSettings(), names)
