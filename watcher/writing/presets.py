"""Tariff plans as presets: made from them, and what a linked preset contains follows its plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from foundation.audit.recording import current_user_id
from tariffs.models import Tariff
from watcher.errors import AlreadyThereError, NotThereError
from watcher.models import PlatformPreset, PresetLink, WriteRequest
from watcher.platform import Capability, Platform, PlatformPlan
from watcher.reading.models import NoArchive
from watcher.reading.operations import reading_settings
from watcher.services import DAY, GIGABYTE, is_same_size, services_in_words
from watcher.writing import operations
from watcher.writing.kinds import Kind, Values
from watcher.writing.subjects import Subject, key_of

EXTERNAL_ID_PREFIX = "tariff-"
"""Begins the platform's ID of a tariff plan in billing; the ID here follows."""
_SERVICES = ("dvr_depth_days", "dvr_space_gb", "has_anpr")
_NAMES = ("title", "dvr_seconds", "dvr_bytes", "has_anpr")


class PresetKind(Kind):
    """A preset that means a tariff plan gets its title and services."""

    name = "preset"
    label = gettext_lazy("Change a preset")
    direction = "writes_presets"
    capability = Capability.PUSH_PLANS

    def read(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Return title and services.

        Raises:
            NotThereError: there is no such preset any more.
        """
        plan = _plan(platform, request)
        return {**_values_of(plan), "is_adjustable": plan.is_adjustable}

    def is_wanted(self, found: Values | None, request: WriteRequest) -> bool:
        """Return whether it has title and services, in any of the forms that mean the same."""
        return found is not None and all(
            _is_so(found, name, value) for name, value in request.wanted.items()
        )

    def write(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Change what is wanted, and leave the rest as it is."""
        platform.push_plan(replace(_plan(platform, request), **request.wanted))
        return None

    def remember(self, request: WriteRequest, now: datetime) -> None:
        """Store the preset as a reading would."""
        names = (*_NAMES, "is_adjustable")
        found = {name: request.found[name] for name in names}  # type: ignore[index]
        PlatformPreset.objects.filter(preset_id=_id_of(request)).update(**found, changed_at=now)

    def address(self, request: WriteRequest) -> str:
        """Return the page of the tariff plan."""
        return reverse("tariffs:edit", args=[request.tariff_id]) if request.tariff_id else ""

    def said(self, values: Values, request: WriteRequest) -> Sequence[str]:
        """Say title and services, as far as they change."""
        return said_of({name: values.get(name) for name in request.wanted})


def said_of(values: Values) -> list[str]:
    """Say the title and the services that are among the values."""
    found = []
    if title := values.get("title"):
        found.append(_("title: %(title)s") % {"title": title})
    found += services_in_words(
        values.get("dvr_seconds"), values.get("dvr_bytes"), has_anpr=values.get("has_anpr")
    )
    if values.get("has_anpr") is False:
        found.append(_("no ANPR"))
    if "is_adjustable" in values:
        is_adjustable = values["is_adjustable"]
        found.append(_("cameras may differ") if is_adjustable else _("cameras cannot differ"))
    return found


def _is_so(found: Values, name: str, value: Any) -> bool:
    """Return whether a preset has a value. None stated may mean the same depth as 0."""
    if name == "dvr_seconds" and value == 0 and found[name] is None:
        return reading_settings().no_archive == NoArchive.ANY
    return bool(found[name] == value)


def _id_of(request: WriteRequest) -> str:
    return key_of(request.subject)


def _plan(platform: Platform, request: WriteRequest) -> PlatformPlan:
    found = platform.plan(_id_of(request))
    if found is None:
        raise NotThereError
    return found


def _values_of(plan: PlatformPlan) -> Values:
    return {name: value for name, value in asdict(plan).items() if name in _NAMES}


class PresetCreationKind(Kind):
    """A tariff plan without a preset gets one, which is then linked to it."""

    name = "preset_creation"
    label = gettext_lazy("Create a preset")
    direction = "writes_presets"
    capability = Capability.PUSH_PLANS

    def read(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Return the preset that was made for the tariff plan, with its `id`.

        Raises:
            AlreadyThereError: it was not made yet, and there is another one with the title.
        """
        if request.made:
            plan = platform.plan(request.made["id"])
            return None if plan is None else _with_id(plan)
        title, ours = request.wanted["title"], request.wanted["external_id"]
        same = [
            plan
            for page in platform.list_plans()
            for plan in page
            if not plan.is_deleted and (plan.title == title or plan.external_id == ours)
        ]
        found = [plan for plan in same if request.sent_at or plan.external_id == ours]
        if same and not found:
            raise AlreadyThereError(ids=[plan.id for plan in same])
        return _with_id(found[0]) if found else None

    def write(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Make the preset."""
        return {"id": platform.push_plan(PlatformPlan(id="", **request.wanted)).id}

    def is_wanted(self, found: Values | None, request: WriteRequest) -> bool:
        """Return whether it is there with title and services: not all versions have our ID."""
        return found is not None and all(
            _is_so(found, name, request.wanted[name]) for name in _NAMES if name in request.wanted
        )

    def remember(self, request: WriteRequest, now: datetime) -> None:
        """Store and link the preset; what was changed meanwhile follows."""
        found = dict(request.found or {})
        values = {name: found[name] for name in (*_NAMES, "is_adjustable", "external_id")}
        preset, _is_new = PlatformPreset.objects.update_or_create(
            preset_id=found["id"],
            defaults=values | {"changed_at": now, "gone_at": None},
            create_defaults=values | {"changed_at": now, "first_seen_at": now},
        )
        tariffs = Tariff.objects.select_for_update(no_key=True)
        tariff = tariffs.filter(pk=request.tariff_id or 0).first()
        if tariff is None:
            return
        link, _is_new = PresetLink.objects.get_or_create(preset=preset, defaults={"tariff": tariff})
        if link.tariff_id == tariff.pk:
            push(tariff, by_id=request.requested_by_id, presets=[preset], with_title=True)

    def address(self, request: WriteRequest) -> str:
        """Return the page of the tariff plan."""
        return reverse("tariffs:edit", args=[request.tariff_id]) if request.tariff_id else ""

    def said(self, values: Values, request: WriteRequest) -> Sequence[str]:
        """Say title and services."""
        return said_of(values)


def _with_id(plan: PlatformPlan) -> Values:
    return {**_values_of(plan), "id": plan.id, "is_adjustable": plan.is_adjustable} | {
        "external_id": plan.external_id
    }


PRESET = PresetKind()
PRESET_CREATION = PresetCreationKind()


class PresetRefusal(Exception):
    """A preset cannot be requested for a tariff plan, which `tariff` names."""

    def __init__(self, tariff: str) -> None:
        super().__init__(tariff)
        self.tariff = tariff


class HasPreset(PresetRefusal):
    """A preset means the tariff plan already, or is requested."""


class NotOffered(PresetRefusal):
    """The tariff plan is archived."""


@transaction.atomic
def create_presets(*, tariff_ids: Collection[int], now: datetime, by: User) -> int:
    """Request a preset for each tariff plan that has none, all or none; return their number.

    Call it only if `PRESET_CREATION` is enabled.

    Raises:
        HasPreset, NotOffered: one cannot get a preset.
    """
    tariffs = Tariff.objects.select_for_update(no_key=True).filter(pk__in=tariff_ids)
    asked = []
    for tariff in tariffs.order_by("pk"):
        subject = Subject.OUR_TARIFF.of(tariff.pk)
        waits = WriteRequest.objects.waiting().filter(subject=subject).exists()
        if waits or PresetLink.objects.filter(tariff=tariff).exists():
            raise HasPreset(tariff.name)
        if tariff.is_archived:
            raise NotOffered(tariff.name)
        asked.append(
            operations.requested(
                PRESET_CREATION,
                subject=subject,
                about=tariff.name,
                wanted={
                    "title": tariff.name,
                    "is_adjustable": False,
                    "external_id": external_id_of(tariff),
                    **services_of(tariff),
                },
                shown=None,
                now=now,
                by_id=by.pk,
                tariff_id=tariff.pk,
            )
        )
    return len(operations.ask_all(asked))


def external_id_of(tariff: Tariff) -> str:
    """Return what the platform calls a tariff plan in its own reports; it never changes."""
    return f"{EXTERNAL_ID_PREFIX}{tariff.pk}"


def follow(tariff: Tariff, before: Mapping[str, Any]) -> None:
    """Request that the presets of a tariff plan follow a change of it.

    The title follows only if it was that of the tariff plan.
    """
    if "name" not in before and before.keys().isdisjoint(_SERVICES):
        return
    if operations.is_enabled(PRESET):
        push(tariff, former_name=before.get("name", ""), by_id=current_user_id())


def push(
    tariff: Tariff,
    *,
    by_id: int | None,
    former_name: str = "",
    presets: Sequence[PlatformPreset] | None = None,
    with_title: bool = False,
) -> list[WriteRequest]:
    """Request that presets get what a tariff plan contains: those linked to it, or `presets`.

    A title is changed if it was the `former_name`, or `with_title`. What is the same already, or
    waits to be, is not requested.
    """
    if presets is None:
        presets = list(PlatformPreset.objects.filter(link__tariff=tariff, gone_at=None))
    now, asked = timezone.now(), []
    for preset in presets:
        shown = {name: getattr(preset, name) for name in _NAMES}
        subject = Subject.PRESET.of(preset.preset_id)
        known = operations.expected(PRESET, {subject: shown})[subject]
        wanted = services_of(tariff, known["dvr_bytes"])
        if with_title or known["title"] == former_name:
            wanted["title"] = tariff.name
        wanted = {name: value for name, value in wanted.items() if not _is_so(known, name, value)}
        if wanted:
            asked.append(
                operations.requested(
                    PRESET,
                    subject=subject,
                    about=tariff.name,
                    wanted=wanted,
                    shown=shown,
                    now=now,
                    by_id=by_id,
                    tariff_id=tariff.pk,
                )
            )
    return operations.ask_all(asked)


def fix(preset: PlatformPreset, tariff: Tariff, *, by_id: int, now: datetime) -> WriteRequest:
    """Return a request, to be stored, that cameras cannot have other services than a preset's."""
    return operations.requested(
        PRESET,
        subject=Subject.PRESET.of(preset.preset_id),
        about=tariff.name,
        wanted={"is_adjustable": False},
        shown={"is_adjustable": preset.is_adjustable},
        now=now,
        by_id=by_id,
        tariff_id=tariff.pk,
    )


def services_of(tariff: Tariff, dvr_bytes: int | None = None) -> dict[str, Any]:
    """Return the services of a tariff plan in the units of the platform.

    A size `dvr_bytes` that may mean the same stays. A depth of 0 is left out unless the settings
    say that it means no archive, and a size of 0 is: nobody says whether the platform takes that
    for nothing, or for no limit.
    """
    found: dict[str, Any] = {"has_anpr": tariff.has_anpr}
    if tariff.dvr_depth_days or reading_settings().writes_zero:
        found["dvr_seconds"] = tariff.dvr_depth_days * DAY
    if tariff.dvr_space_gb:
        stays = dvr_bytes is not None and is_same_size(dvr_bytes, tariff.dvr_space_gb)
        found["dvr_bytes"] = dvr_bytes if stays else tariff.dvr_space_gb * GIGABYTE
    return found
