"""Cameras follow what is done here: they get the preset of their tariff plan, and are disabled and
enabled. Nothing is ever deleted on the platform."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.audit.recording import current_user_id
from usage.cameras.followers import Change
from usage.models import Camera, UsageInterval
from watcher.errors import NotThereError
from watcher.models import (
    PlatformCamera,
    PlatformOrganization,
    PlatformPreset,
    ReadingState,
    WriteRequest,
)
from watcher.platform import Capability, Platform
from watcher.suspending.seen import switched_since
from watcher.writing import operations
from watcher.writing.assignments import preset_of_tariffs
from watcher.writing.kinds import Kind, Values
from watcher.writing.subjects import Subject, key_of
from watcher.writing.titles import prepare_titles, titles_of


class CameraKind(Kind):
    """A camera gets another preset or organization, or is disabled or enabled."""

    name = "camera"
    label = gettext_lazy("Change a camera")
    direction = "writes_cameras"
    capability = Capability.PUSH_CAMERAS

    def read(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Return organization, preset and whether it is disabled, by the platform's ids.

        Raises:
            NotThereError: there is no such camera. It is never created.
        """
        found = platform.camera(name_of(request))
        if found is None:
            raise NotThereError
        changed_at = found.changed_at.isoformat() if found.changed_at else ""
        return {
            "tenant": found.tenant_id,
            "preset": found.plan_id,
            "is_disabled": found.is_disabled,
            "changed_at": changed_at,
        }

    def write(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Change what is wanted."""
        wanted = request.wanted
        platform.push_camera(
            name_of(request),
            plan_id=wanted.get("preset"),
            tenant_id=wanted.get("tenant"),
            is_disabled=wanted.get("is_disabled"),
        )
        return None

    def remember(self, request: WriteRequest, now: datetime) -> None:
        """Store the camera as it is, so that the next reading sees no change in it."""
        found, wanted = request.found or {}, request.wanted
        values: dict[str, Any] = {}
        if "is_disabled" in wanted:
            values["is_disabled"] = wanted["is_disabled"]
        if "preset" in wanted:
            values["preset"] = PlatformPreset.objects.get(preset_id=wanted["preset"])
        if "tenant" in wanted:
            values["organization"] = PlatformOrganization.objects.get(tenant_id=wanted["tenant"])
        since = parse_datetime(found.get("changed_at") or "") or now.replace(microsecond=0)
        PlatformCamera.objects.filter(name=name_of(request)).update(**values, since_at=since)

    def address(self, request: WriteRequest) -> str:
        """Return the page of the camera."""
        return reverse("usage:camera", args=[request.camera_id]) if request.camera_id else ""

    def prepare(self, requests: Sequence[WriteRequest]) -> None:
        """Load the titles of presets and organizations."""
        prepare_titles(
            requests,
            lambda values: [values.get("preset", "")],
            lambda values: [values.get("tenant", "")],
        )

    def said(self, values: Values, request: WriteRequest) -> Sequence[str]:
        """Say organization, preset, and whether it is disabled, as far as they change."""
        found, wanted = [], request.wanted
        if tenant := "tenant" in wanted and values.get("tenant"):
            title = titles_of(request, tenants=True).get(tenant) or tenant
            found.append(_("organization in Watcher: %(name)s") % {"name": title})
        if preset := "preset" in wanted and values.get("preset"):
            title = titles_of(request).get(preset) or preset
            found.append(_("preset: %(name)s") % {"name": title})
        if "is_disabled" in wanted:
            found.append(_("disabled") if values.get("is_disabled") else _("enabled"))
        return found


def name_of(request: WriteRequest) -> str:
    """Return the name of the camera of a request."""
    return key_of(request.subject)


CAMERA = CameraKind()


def follow(camera_ids: Collection[int], change: Change, now: datetime) -> None:
    """Request that cameras which the platform has follow a change here."""
    if not operations.is_enabled(CAMERA):
        return
    cameras = {each.name: each for each in Camera.objects.filter(pk__in=camera_ids)}
    rows = PlatformCamera.objects.filter(name__in=cameras).select_related("preset", "organization")
    shown = {Subject.CAMERA.of(row.name): _values_of(row) for row in rows}
    if not shown:
        return
    # The next reading sees it; until then, what is known of the platform does not have it.
    for name, is_disabled in switched_since(cameras, _read_at()).items():
        if (subject := Subject.CAMERA.of(name)) in shown:
            shown[subject] = {**shown[subject], "is_disabled": is_disabled}
    known = operations.expected(CAMERA, shown)
    refused = operations.refused(CAMERA, shown)
    links, by_id = _Links(camera_ids), current_user_id()
    asked = []
    for subject, values in known.items():
        camera = cameras[key_of(subject)]
        wanted = links.wanted(camera.pk, values)
        if change is Change.CONNECTED:
            wanted["is_disabled"] = False
        elif change is Change.DISCONNECTED:
            wanted["is_disabled"] = True
        elif "is_disabled" in refused.get(subject, {}):
            # The new request replaces the one that was refused.
            wanted["is_disabled"] = refused[subject]["is_disabled"]
        wanted = {name: value for name, value in wanted.items() if values[name] != value}
        if wanted:
            asked.append(
                operations.requested(
                    CAMERA,
                    subject=subject,
                    about=camera.name,
                    wanted=wanted,
                    shown=shown[subject],
                    now=now,
                    by_id=by_id,
                    organization_id=camera.organization_id,
                    camera_id=camera.pk,
                )
            )
    operations.ask_all(asked)


def _read_at() -> datetime | None:
    return ReadingState.objects.values_list("read_at", flat=True).first()


class _Links:
    """Where cameras are here, and what that is on the platform."""

    def __init__(self, camera_ids: Collection[int]) -> None:
        uses = UsageInterval.objects.in_use().filter(camera__in=camera_ids)
        self._places = {use.camera_id: use for use in uses.select_related("organization")}
        ids = {use.organization.watcher_id for use in self._places.values()}
        known = PlatformOrganization.objects.order_by().filter(tenant_id__in=ids, gone_at=None)
        self._tenants = set(known.values_list("tenant_id", flat=True))
        self._presets = preset_of_tariffs()
        linked = PlatformPreset.objects.linked().order_by()
        self._means = dict(linked.values_list("preset_id", "link__tariff"))

    def wanted(self, camera_id: int, known: Values) -> dict[str, Any]:
        """Return organization and preset that a camera is to have, as far as they are linked.

        A preset that means the tariff plan stays, even if others mean it too.
        """
        use = self._places.get(camera_id)
        found: dict[str, Any] = {}
        if use is None:
            return found
        if use.organization.watcher_id in self._tenants:
            found["tenant"] = use.organization.watcher_id
        preset = self._presets.get(use.tariff_id)
        if preset and self._means.get(known["preset"]) != use.tariff_id:
            found["preset"] = preset.preset_id
        return found


def _values_of(row: PlatformCamera) -> Values:
    return {
        "tenant": row.organization.tenant_id,
        "preset": row.preset.preset_id if row.preset else "",
        "is_disabled": row.is_disabled,
    }
