"""Carry out the changes of cameras in the ledger, by the operations that people use.

A change whose preset, organization or tariff is not ready, that contradicts the ledger, or that
lies in invoiced time is held back with the reason, and so are the later changes of its camera. It
is carried out at its own instant once the reason is gone or somebody has accepted it. Everything
is in the transaction of the caller.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from organizations.models import Organization
from tariffs.affected_invoices import AffectedInvoices
from usage.cameras import operations as usage
from usage.cameras.followers import untold
from usage.cameras.titles import LONGEST_TITLE
from usage.models import Camera, UsageInterval
from watcher.models import CameraChange, PresetLink
from watcher.reading.reasons import ACCEPTABLE, Reason
from watcher.writing.written import disabled_here

MOST_TOGETHER = 1_000
State = CameraChange.State
PresetLinkEvent: Any = PresetLink.pgh_event_model  # type: ignore[attr-defined]
_REASONS: tuple[tuple[type[usage.UsageRefusal], Reason], ...] = (
    (usage.TariffNotAvailable, Reason.NOT_AVAILABLE),
    (usage.OrganizationClosed, Reason.CLOSED),
    (usage.NotAfterStart, Reason.NOT_AFTER_START),
    (usage.InUse, Reason.ELSEWHERE),
)


class Place(NamedTuple):
    """Who uses a camera, and on which tariff, by the ids of the ledger."""

    organization_id: int
    tariff_id: int


class Unknown(NamedTuple):
    """A place that cannot be told yet, and why."""

    reason: Reason


class Step(NamedTuple):
    """What a change does: from a use, or from none, to a place, or to none."""

    use: UsageInterval | None
    to: Place | None

    @property
    def organization_ids(self) -> set[int]:
        """The organizations whose usage it changes."""
        return {each.organization_id for each in (self.use, self.to) if each is not None}


@dataclass
class CarriedOut:
    """What became of the changes."""

    done: int = 0
    held: int = 0
    names: set[str] = field(default_factory=set)


def carry_out(
    *,
    charges_disabled: bool,
    now: datetime,
    platform_now: datetime,
    names: Collection[str] | None = None,
    locked_too: Collection[str] = (),
) -> CarriedOut:
    """Carry out all open changes that can be carried out, each camera's in order.

    `now` is by our clock, and `platform_now` by that of the instants. With `names`, only those of
    the cameras of these names. Cameras `locked_too` are changed by the caller afterwards.
    """
    promising = _promising()
    if names is not None:
        promising = promising.filter(name__in=names)
    waiting = _by_name(promising)
    # Those behind a change that nothing has happened to.
    behind = CameraChange.objects.open().filter(reason="").exclude(name__in=waiting)
    if names is None and behind.exists():
        behind.update(reason=Reason.EARLIER, held_since=now)
    result = CarriedOut()
    if not waiting and not locked_too:
        return result
    _lock(waiting, locked_too)
    links = _Links(charges_disabled)
    clock = max(now, platform_now)
    while waiting:
        first = [changes[0] for changes in waiting.values()]
        refused = _round(first, links, now, clock, result)
        for name in list(waiting):
            change = waiting[name].pop(0)
            if change.pk in refused:
                _hold(change, refused[change.pk], now)
                for later in waiting[name]:
                    _hold(later, Reason.EARLIER, now)
                result.held += 1 + len(waiting[name])
                del waiting[name]
            elif not waiting[name]:
                del waiting[name]
    return result


def _promising() -> QuerySet[CameraChange]:
    """Return the open changes of cameras whose first one may be possible now."""
    linked = Organization.objects.order_by().filter(watcher_id=OuterRef("organization__tenant_id"))
    means = PresetLink.objects.order_by().filter(preset=OuterRef("preset"))
    stuck = CameraChange.objects.open().filter(
        Q(reason=Reason.NO_ORGANIZATION) & ~Exists(linked)
        | Q(reason=Reason.NO_TARIFF) & ~Exists(means)
        | Q(reason__in=(Reason.INVOICED, Reason.UNSEEN), is_accepted=False)
    )
    return (
        CameraChange.objects.open()
        .exclude(name__in=stuck.order_by().values("name"))
        .select_related(
            "organization",
            "preset__link",
            "from_organization",
            "from_preset__link",
        )
        .order_by("pk")
        # So that nobody decides meanwhile; decisions lock in the same order.
        .select_for_update(no_key=True, of=("self",))
    )


def _by_name(changes: Iterable[CameraChange]) -> dict[str, list[CameraChange]]:
    found: defaultdict[str, list[CameraChange]] = defaultdict(list)
    for change in changes:
        found[change.name].append(change)
    return dict(found)


def _lock(waiting: dict[str, list[CameraChange]], names: Collection[str]) -> None:
    """Lock cameras, then organizations, in the order in which everybody locks them."""
    cameras = Camera.objects.filter(name__in={*waiting, *names})
    ids = dict(cameras.values_list("pk", "organization"))
    Camera.objects.lock(ids)
    tenants = {
        place.tenant_id
        for changes in waiting.values()
        for change in changes
        for place in (change.organization, change.from_organization)
        if place is not None
    }
    users = UsageInterval.objects.in_use().filter(camera__in=list(ids)).order_by()
    concerned = Q(pk__in=users.values("organization")) | Q(watcher_id__in=tenants)
    organizations = Organization.objects.select_for_update(no_key=True).filter(concerned)
    list(organizations.order_by("pk").values_list("pk"))


class _Links:
    """What organizations and presets of the platform are here."""

    def __init__(self, charges_disabled: bool) -> None:
        self._charges_disabled = charges_disabled
        self._organizations: dict[str, int | None] = {}
        self._meant: dict[int, set[int]] = {}
        """The tariffs that presets have ever meant, by the id of the preset."""

    def learn(self, changes: Sequence[CameraChange]) -> None:
        """Look up the organizations of changes, in one query."""
        tenants = {
            place.tenant_id
            for change in changes
            for place in (change.organization, change.from_organization)
            if place is not None and place.tenant_id not in self._organizations
        }
        if tenants:
            found = Organization.objects.order_by().filter(watcher_id__in=tenants)
            self._organizations |= dict.fromkeys(tenants)
            self._organizations |= {
                tenant: pk for tenant, pk in found.values_list("watcher_id", "pk") if tenant
            }

    def before(self, change: CameraChange) -> Place | Unknown | None:
        """Return where the camera was, as far as the links tell, if it was charged."""
        return self._place(change.from_organization, change.from_preset, is_charged=True)

    def was_uncharged(self, change: CameraChange, *, ended_by_reading: bool) -> bool:
        """Return whether the camera need not have been in use, because it was disabled.

        The setting may have changed since, so it counts as well that reading ended its usage.
        """
        return change.from_is_disabled and (not self._charges_disabled or ended_by_reading)

    def was_once(self, use: UsageInterval | None, change: CameraChange) -> bool:
        """Return whether the camera is used as its preset meant before it got another tariff."""
        before = self.before(change)
        if use is None or not isinstance(before, Place):
            return False
        assert change.from_preset_id is not None
        if change.from_preset_id not in self._meant:
            events = PresetLinkEvent.objects.filter(preset=change.from_preset_id)
            self._meant[change.from_preset_id] = set(events.values_list("tariff", flat=True))
        is_there = before.organization_id == use.organization_id
        return is_there and use.tariff_id in self._meant[change.from_preset_id]

    def after(self, change: CameraChange) -> Place | Unknown | None:
        """Return where the camera is."""
        is_charged = self._charges_disabled or change.is_suspended or not change.is_disabled
        return self._place(change.organization, change.preset, is_charged=is_charged)

    def _place(
        self, organization: object, preset: object, *, is_charged: bool
    ) -> Place | Unknown | None:
        if organization is None or not is_charged:
            return None
        organization_id = self._organizations[organization.tenant_id]  # type: ignore[attr-defined]
        if organization_id is None:
            return Unknown(Reason.NO_ORGANIZATION)
        if preset is None:
            return Unknown(Reason.NO_PRESET)
        link = getattr(preset, "link", None)
        if link is None:
            return Unknown(Reason.NO_TARIFF)
        return Place(organization_id, link.tariff_id)


def _round(
    changes: Sequence[CameraChange],
    links: _Links,
    now: datetime,
    clock: datetime,
    result: CarriedOut,
) -> dict[int, Reason]:
    """Carry out one change of each camera; return the reasons of those that are held back."""
    links.learn(changes)
    cameras = {
        each.name: each for each in Camera.objects.filter(name__in=[c.name for c in changes])
    }
    in_use = UsageInterval.objects.in_use().filter(
        camera__in=[each.pk for each in cameras.values()]
    )
    uses = {use.camera_id: use for use in in_use}
    names = [each.name for each in changes]
    ours, disabled = _vanished_by_reading(names), disabled_here(names)
    suspended = _disabled_by_suspensions(names)
    refused: dict[int, Reason] = {}
    steps: dict[int, Step] = {}
    for change in changes:
        camera = cameras.get(change.name)
        use = uses.get(camera.pk) if camera else None
        is_disabled_here = use is None and change.name in disabled
        if is_disabled_here and change.is_disabled:
            step: Step | Reason = Step(None, None)
        else:
            was_ended = change.name in ours or is_disabled_here
            may_be_off = change.name not in suspended
            step = _step(change, camera, use, links, was_ended, may_be_off=may_be_off)
        if isinstance(step, Reason):
            refused[change.pk] = step
        else:
            steps[change.pk] = step
    planned = [change for change in changes if change.pk in steps]
    refused |= {change.pk: Reason.INVOICED for change in _invoiced(planned, steps)}
    groups: defaultdict[tuple[object, ...], list[CameraChange]] = defaultdict(list)
    for change in planned:
        if change.pk in refused:
            continue
        step = steps[change.pk]
        if (step.use is None and step.to is None) or (step.use and step.to == _place_of(step.use)):
            _settle([change], State.NEEDLESS, cameras, now)
            continue
        kind = change.pk if step.use is None else None  # Each connection is by itself.
        key = (
            kind,
            step.use and step.use.organization_id,
            step.to,
            change.at,
            change.within_seconds,
        )
        groups[key].append(change)
    for together in groups.values():
        for start in range(0, len(together), MOST_TOGETHER):
            part = together[start : start + MOST_TOGETHER]
            refused |= _make(part, steps, clock, now, result)
    return refused


def _place_of(use: UsageInterval) -> Place:
    return Place(use.organization_id, use.tariff_id)


def _step(
    change: CameraChange,
    camera: Camera | None,
    use: UsageInterval | None,
    links: _Links,
    was_disconnected_by_reading: bool,
    *,
    may_be_off: bool,
) -> Step | Reason:
    """Return what a change does to the ledger as it is, or why it is held back.

    `may_be_off` says whether a camera that was disabled before need not have been in use.
    """
    to = links.after(change)
    if isinstance(to, Unknown):
        return to.reason
    step = Step(use, to)
    if (use and _place_of(use)) == to:
        return step
    if change.is_accepted:
        return step
    if change.reason == Reason.UNSEEN:
        return Reason.UNSEEN
    before = links.before(change)
    was_ended = was_disconnected_by_reading
    if use is None and may_be_off and links.was_uncharged(change, ended_by_reading=was_ended):
        before = None
    if before == to:
        # Billing has nothing to follow: what differs here differed before.
        return Step(use, _place_of(use) if use else None)
    if before != (use and _place_of(use)) and not links.was_once(use, change):
        is_elsewhere = use is not None and to is not None and use.organization_id != to[0]
        return Reason.ELSEWHERE if before is None and is_elsewhere else Reason.DIFFERS
    if (
        use is None
        and to is not None
        and camera is not None
        and camera.organization_id != to.organization_id
        and not was_disconnected_by_reading
    ):
        return Reason.ELSEWHERE
    return step


def _disabled_by_suspensions(names: Sequence[str]) -> set[str]:
    """Return the cameras whose latest change that is settled is that a suspension disabled them."""
    latest = _latest(names, settled_at__isnull=False).values_list("name", "is_suspended")
    return {name for name, is_suspended in latest if is_suspended}


def _vanished_by_reading(names: Sequence[str]) -> set[str]:
    """Return the cameras whose latest change that was carried out ended their use."""
    latest = _latest(names, state=State.DONE)
    return {
        name
        for name, organization, disabled, suspended in latest.values_list(
            "name", "organization", "is_disabled", "is_suspended"
        )
        if organization is None or (disabled and not suspended)
    }


def _latest(names: Sequence[str], **conditions: Any) -> QuerySet[CameraChange]:
    """Return the latest change of each camera among those that meet conditions."""
    changes = CameraChange.objects.filter(name__in=names, **conditions)
    return changes.order_by("name", "-pk").distinct("name")


def _invoiced(changes: Sequence[CameraChange], steps: dict[int, Step]) -> list[CameraChange]:
    """Return the changes in time that is invoiced and that nobody has accepted."""
    doubtful = [
        change
        for change in changes
        if not _is_accepted_correction(change) and _changes_ledger(steps[change.pk])
    ]
    earliest: dict[int, datetime] = {}
    for change in doubtful:
        for pk in steps[change.pk].organization_ids:
            earliest[pk] = min(earliest.get(pk, change.at), change.at)
    if not earliest or not _affects(earliest):
        return []
    affects: dict[tuple[int, datetime], bool] = {}
    found = []
    for change in doubtful:
        for pk in steps[change.pk].organization_ids:
            key = pk, change.at
            if key not in affects:
                affects[key] = _affects({pk: change.at})
            if affects[key]:
                found.append(change)
                break
    return found


def _is_accepted_correction(change: CameraChange) -> bool:
    """Return whether somebody has accepted it knowing that the time is invoiced."""
    return change.is_accepted and change.reason == Reason.INVOICED


def _changes_ledger(step: Step) -> bool:
    return (step.use and _place_of(step.use)) != step.to


def _affects(starts: dict[int, datetime]) -> bool:
    usage_of = {pk: (at, None) for pk, at in starts.items()}
    return bool(AffectedInvoices.by_change(usage=usage_of).number)


def _make(
    changes: Sequence[CameraChange],
    steps: dict[int, Step],
    clock: datetime,
    now: datetime,
    result: CarriedOut,
) -> dict[int, Reason]:
    """Carry out changes that are alike, together or else one by one."""
    try:
        with transaction.atomic(), untold():
            _apply(changes, steps, clock)
    except usage.UsageRefusal as refusal:
        if len(changes) == 1:
            return {changes[0].pk: _reason_of(refusal)}
        refused: dict[int, Reason] = {}
        for change in changes:
            refused |= _make([change], steps, clock, now, result)
        return refused
    cameras = {
        each.name: each for each in Camera.objects.filter(name__in=[c.name for c in changes])
    }
    _settle(changes, State.DONE, cameras, now)
    result.done += len(changes)
    result.names |= {change.name for change in changes}
    return {}


def _apply(changes: Sequence[CameraChange], steps: dict[int, Step], clock: datetime) -> None:
    change, step = changes[0], steps[changes[0].pk]
    terms: dict[str, Any] = {
        "at": change.at,
        "now": max(clock, change.at),
        "within_seconds": change.within_seconds,
    }
    if step.to is not None:
        terms["tariff_id"] = step.to.tariff_id
    if step.use is None:
        assert step.to is not None
        usage.connect(
            organization_id=step.to.organization_id,
            name=change.name,
            title=change.title[:LONGEST_TITLE],
            **terms,
        )
        return
    terms |= {
        "organization_id": step.use.organization_id,
        "use_ids": [use.pk for each in changes if (use := steps[each.pk].use) is not None],
    }
    if step.to is None:
        usage.disconnect(**terms)
    elif step.to.organization_id == step.use.organization_id:
        usage.change_tariff(**terms)
    else:
        usage.move(destination_id=step.to.organization_id, **terms)


def _reason_of(refusal: usage.UsageRefusal) -> Reason:
    return next(
        (reason for kind, reason in _REASONS if isinstance(refusal, kind)), Reason.IMPOSSIBLE
    )


def _settle(
    changes: Sequence[CameraChange], state: str, cameras: dict[str, Camera], now: datetime
) -> None:
    for change in changes:
        change.state, change.settled_at, change.reason = state, now, ""
        change.camera = cameras.get(change.name)
    CameraChange.objects.bulk_update(changes, ["state", "settled_at", "reason", "camera"], 1_000)


def _hold(change: CameraChange, reason: Reason, now: datetime) -> None:
    """Store why a change is held back, unless that is stored."""
    if change.reason == reason:
        return
    # What somebody accepted was another reason.
    change.reason, change.is_accepted = reason, False
    change.held_since = change.held_since or now
    CameraChange.objects.filter(pk=change.pk).update(
        reason=reason, held_since=change.held_since, is_accepted=change.is_accepted
    )


__all__ = ["ACCEPTABLE", "CarriedOut", "carry_out"]
