"""Have the platform changed to what billing has, by requests.

Which differences can be pushed depends on the kinds of requests that are registered, and on what
the connection may write: `watcher.writing.operations.is_enabled`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from tariffs.models import Tariff
from watcher.connection.operations import stored_connection
from watcher.drift.kinds import CAMERAS, Kind
from watcher.drift.models import Difference
from watcher.drift.operations import chosen_differences
from watcher.drift.refusals import DecisionRefusal, Refused
from watcher.models import PlatformCamera, PlatformPreset, WriteRequest
from watcher.writing import operations as writing
from watcher.writing import presets
from watcher.writing.kinds import Kind as WriteKind
from watcher.writing.kinds import kind_of
from watcher.writing.subjects import Subject


class CannotPush(DecisionRefusal):
    """What billing has cannot be requested for some of the differences."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(names)
        self.names = names

    def __str__(self) -> str:
        text = ngettext(
            "Nothing was requested: ours cannot be pushed for %(number)s difference, “%(name)s”. "
            "See whether the connection may write it.",
            "Nothing was requested: ours cannot be pushed for %(number)s differences, such as "
            "“%(name)s”. See whether the connection may write them.",
            len(self.names),
        )
        return text % {"number": len(self.names), "name": self.names[0]}


class Push(NamedTuple):
    """How differences of a kind are pushed: by the kind of request of this name."""

    request: str
    subject: Callable[[Difference], str]
    """The subject of the requests."""
    ask: Callable[[WriteKind, Sequence[Difference], User, datetime], int]
    """Stores the requests, without those that are not needed, and returns their number."""
    can: Callable[[Difference], bool] = lambda difference: True


_pushes: dict[Kind, Push] = {}


def register(push: Push, *kinds: Kind) -> None:
    """Have differences of kinds pushed."""
    _pushes.update(dict.fromkeys(kinds, push))


def possible_pushes() -> frozenset[Kind]:
    """Return the kinds of differences that can be pushed now."""
    connection = stored_connection()
    if connection is None:
        return frozenset()
    return frozenset(
        kind
        for kind, push in _pushes.items()
        if (request := kind_of(push.request)) and writing.is_enabled(request, connection)
    )


def can_push(difference: Difference, possible: Collection[Kind]) -> bool:
    """Return whether what billing has can be requested, with the `possible_pushes`."""
    kind = Kind(difference.kind)
    return kind in possible and _pushes[kind].can(difference)


def open_requests(differences: Sequence[Difference]) -> dict[int, WriteRequest]:
    """Return the latest request that is not settled about each of them, by primary key."""
    subjects = {
        each.pk: push.subject(each)
        for each in differences
        if (push := _pushes.get(Kind(each.kind))) and push.can(each)
    }
    found = WriteRequest.objects.open().filter(subject__in=set(subjects.values()))
    latest = {each.subject: each for each in found.order_by("pk")}
    return {pk: latest[subject] for pk, subject in subjects.items() if subject in latest}


@transaction.atomic
def push_ours(*, ids: Collection[int], by: User, now: datetime) -> int:
    """Request that the platform gets what billing has; return the number of requests.

    The differences stay until a reading sees that they are gone. What is requested already is not
    requested again.

    Raises:
        NoLongerSo, CannotPush: it cannot be requested.
    """
    chosen, possible = chosen_differences(ids), possible_pushes()
    if impossible := [each.name for each in chosen if not can_push(each, possible)]:
        raise CannotPush(impossible)
    waiting = {
        pk
        for pk, request in open_requests(chosen).items()
        if request.state == WriteRequest.State.WAITING
    }
    by_push: dict[Push, list[Difference]] = {}
    for each in chosen:
        if each.pk not in waiting:
            by_push.setdefault(_pushes[Kind(each.kind)], []).append(each)
    number = 0
    for push, differences in by_push.items():
        request = kind_of(push.request)
        assert request is not None
        number += push.ask(request, differences, by, now)
    return number


# --- Cameras --------------------------------------------------------------------------------------


def _camera_subject(difference: Difference) -> str:
    return Subject.CAMERA.of(difference.key)


def _can_push_camera(difference: Difference) -> bool:
    """Return whether the platform has the camera, and what it is to be there is linked."""
    match Kind(difference.kind):
        case Kind.CAMERA_HERE:
            return False
        case Kind.CAMERA_ORGANIZATION:
            return difference.organization is not None and bool(difference.organization.watcher_id)
    return True


def _ask_for_cameras(kind: WriteKind, chosen: Sequence[Difference], by: User, now: datetime) -> int:
    """Request that cameras become what they are here."""
    rows = PlatformCamera.objects.filter(name__in=[each.key for each in chosen])
    present = {row.name: row for row in rows.select_related("organization", "preset")}
    of_tariff = _presets_of({each.tariff_id for each in chosen if each.tariff_id})
    asked = []
    for each in chosen:
        row = present.get(each.key)
        if row is None:
            continue
        shown = {
            "tenant": row.organization.tenant_id,
            "preset": row.preset.preset_id if row.preset else "",
            "is_disabled": row.is_disabled,
        }
        wanted = {
            name: value for name, value in _wanted(each, of_tariff).items() if shown[name] != value
        }
        if wanted:
            request = writing.requested(
                kind,
                subject=_camera_subject(each),
                about=each.name,
                wanted=wanted,
                shown=shown,
                now=now,
                by_id=by.pk,
                organization_id=each.organization_id or each.there_organization_id,
                camera_id=each.camera_id,
            )
            asked.append(request)
    return len(writing.ask_all(asked))


def _wanted(difference: Difference, of_tariff: Mapping[int, str]) -> dict[str, Any]:
    """Return what the platform is to have of a camera: it is off there, or as it is here."""
    if difference.organization is None:
        return {"is_disabled": True}
    found: dict[str, Any] = {"is_disabled": False}
    if difference.kind == Kind.CAMERA_ORGANIZATION:
        found["tenant"] = difference.organization.watcher_id
    preset_id = of_tariff.get(difference.tariff_id or 0)
    if preset_id and difference.there_tariff_id != difference.tariff_id:
        found["preset"] = preset_id
    return found


def _presets_of(tariff_ids: Collection[int]) -> dict[int, str]:
    """Return the preset that means each tariff; the oldest if several do."""
    linked = PlatformPreset.objects.linked().filter(
        link__tariff__in=tariff_ids, gone_at=None, deleted_at=None
    )
    return dict(linked.order_by("-pk").values_list("link__tariff", "preset_id"))


register(Push("camera", _camera_subject, _ask_for_cameras, _can_push_camera), *CAMERAS)


# --- Presets --------------------------------------------------------------------------------------


def _preset_subject(difference: Difference) -> str:
    return Subject.PRESET.of(difference.key)


def _ask_for_presets(kind: WriteKind, chosen: Sequence[Difference], by: User, now: datetime) -> int:
    """Request that presets get the titles or services of tariffs."""
    number = 0
    tariffs = Tariff.objects.in_bulk([each.tariff_id for each in chosen if each.tariff_id])
    for each in chosen:
        if each.tariff_id in tariffs and each.preset is not None:
            asked = presets.push(
                tariffs[each.tariff_id],
                by_id=by.pk,
                presets=[each.preset],
                with_title=each.kind == Kind.PRESET_TITLE,
            )
            number += len(asked)
    return number


def _can_push_preset(difference: Difference) -> bool:
    """Return whether there is something to write: 0 days are only if the settings say how."""
    here = difference.here
    return difference.kind == Kind.PRESET_TITLE or here["days"] > 0 or "writes_zero" in here


register(
    Push("preset", _preset_subject, _ask_for_presets, _can_push_preset),
    Kind.PRESET_TITLE,
    Kind.PRESET_SERVICES,
)


def _fix_presets(kind: WriteKind, chosen: Sequence[Difference], by: User, now: datetime) -> int:
    """Request that cameras cannot differ from presets."""
    tariffs = Tariff.objects.in_bulk([each.tariff_id for each in chosen if each.tariff_id])
    asked = [
        presets.fix(each.preset, tariffs[each.tariff_id], by_id=by.pk, now=now)
        for each in chosen
        if each.tariff_id in tariffs and each.preset is not None
    ]
    return len(writing.ask_all(asked))


register(Push("preset", _preset_subject, _fix_presets), Kind.PRESET_ADJUSTABLE)


def _create_presets(kind: WriteKind, chosen: Sequence[Difference], by: User, now: datetime) -> int:
    """Request presets for tariffs that have none.

    Raises:
        Refused: one has a preset, although that is gone.
    """
    ids = [each.tariff_id for each in chosen if each.tariff_id]
    try:
        return presets.create_presets(tariff_ids=ids, now=now, by=by)
    except presets.PresetRefusal as refusal:
        why = _("A preset that is gone is linked to it. Remove that link first.")
        raise Refused(refusal.tariff, why) from refusal


register(
    Push("preset_creation", lambda each: Subject.OUR_TARIFF.of(each.key), _create_presets),
    Kind.PRESET_HERE,
)


# --- Organizations and owners ---------------------------------------------------------------------


class _Change(NamedTuple):
    """What one request is about."""

    subject: str
    about: str
    wanted: dict[str, Any]
    shown: dict[str, Any] | None


def _push_each(name: str, change_of: Callable[[Difference], _Change]) -> Push:
    """Return the push of differences that are a request each."""

    def ask(kind: WriteKind, chosen: Sequence[Difference], by: User, now: datetime) -> int:
        changes = ((each, change_of(each)) for each in chosen)
        asked = [
            writing.requested(
                kind,
                now=now,
                by_id=by.pk,
                organization_id=each.organization_id,
                **change._asdict(),
            )
            for each, change in changes
        ]
        return len(writing.ask_all(asked))

    def can(difference: Difference) -> bool:
        if difference.organization is None:
            return False
        match Kind(difference.kind):
            case Kind.ORGANIZATION_HERE:
                return not difference.here["watcher_id"]
            case Kind.LIMIT:
                return "most_cameras" in difference.here
        return True

    return Push(name, lambda each: change_of(each).subject, ask, can)


def _title(difference: Difference) -> _Change:
    title = {"title": difference.here["title"]}
    subject = Subject.ORGANIZATION.of(difference.key)
    return _Change(subject, difference.name, title, {"title": difference.there["title"]})


def _limit(difference: Difference) -> _Change:
    subject = Subject.ORGANIZATION.of(difference.key)
    return _Change(subject, difference.name, dict(difference.here), dict(difference.there))


def _creation(difference: Difference) -> _Change:
    subject = Subject.OUR_ORGANIZATION.of(difference.key)
    return _Change(subject, difference.name, {"title": difference.name}, None)


def _address(difference: Difference) -> _Change:
    email = difference.here["email"]
    former = difference.there["email"] or difference.there["login"]
    return _Change(_owner(difference), email, {"email": email}, {"email": former})


def _blocking(difference: Difference) -> _Change:
    email = difference.organization.owner.email if difference.organization else ""
    return _Change(_owner(difference), email, dict(difference.here), None)


def _owner(difference: Difference) -> str:
    return Subject.OUR_USER.of(difference.organization.owner_id if difference.organization else 0)


register(_push_each("organization_title", _title), Kind.TITLE)
register(_push_each("organization_limit", _limit), Kind.LIMIT)
register(_push_each("organization_made", _creation), Kind.ORGANIZATION_HERE)
register(_push_each("user_address", _address), Kind.OWNER)
register(_push_each("user_blocked", _blocking), Kind.OWNER_BLOCKED)
