"""Let each linked organization use the presets of the tariff plans that are available to it.

A periodic job requests what was never requested. Nothing is taken from an organization, and what
somebody takes from it in Watcher is not given again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.models import Organization
from watcher.models import PlatformOrganization, PlatformPreset, PresetLink, WriteRequest
from watcher.platform import Capability, Platform
from watcher.writing import operations
from watcher.writing.kinds import Kind, Values
from watcher.writing.subjects import Subject, key_of
from watcher.writing.titles import prepare_titles, titles_of


class PresetAssignmentKind(Kind):
    """An organization may use presets; those that it may use already stay."""

    name = "preset_assignment"
    label = gettext_lazy("Make presets available")
    direction = "writes_presets"
    capability = Capability.PUSH_PLANS

    def read(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Return those of the wanted presets that it may use."""
        usable = set(platform.plans_of(_tenant_of(request)))
        return {"presets": [each for each in request.wanted["presets"] if each in usable]}

    def write(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Add those that are missing. Adding one twice is harmless."""
        usable = set(platform.plans_of(_tenant_of(request)))
        for preset_id in request.wanted["presets"]:
            if preset_id not in usable:
                platform.assign_plan(_tenant_of(request), preset_id)
        return None

    def is_as_shown(
        self, found: Values | None, shown: Values | None, request: WriteRequest
    ) -> bool:
        """Return True: presets are added, so nothing is overwritten."""
        return True

    def address(self, request: WriteRequest) -> str:
        """Return the page of the organization."""
        if request.organization_id is None:
            return ""
        return reverse("organizations:edit", args=[request.organization_id])

    def prepare(self, requests: Sequence[WriteRequest]) -> None:
        """Load the titles of presets."""
        prepare_titles(requests, lambda values: values.get("presets", ()))

    def said(self, values: Values, request: WriteRequest) -> Sequence[str]:
        """Name the presets."""
        titles = titles_of(request)
        return [titles.get(each) or _("preset %(id)s") % {"id": each} for each in values["presets"]]


def _tenant_of(request: WriteRequest) -> str:
    return key_of(request.subject)


PRESET_ASSIGNMENT = PresetAssignmentKind()


def is_enabled() -> bool:
    """Return whether presets are made available at all."""
    return operations.is_enabled(PRESET_ASSIGNMENT)


@transaction.atomic
def ask_for_missing(now: datetime) -> int:
    """Request what no organization was ever given, one request each; return their number."""
    if not is_enabled():
        return 0
    presets = preset_of_tariffs()
    usable: defaultdict[int, set[str]] = defaultdict(set)
    available = Organization.tariffs.through.objects.filter(
        tariff__in=presets, tariff__is_archived=False, organization__in=_linked(now)
    )
    for organization_id, tariff_id in available.values_list("organization", "tariff"):
        usable[organization_id].add(presets[tariff_id].preset_id)
    asked = WriteRequest.objects.filter(kind=PRESET_ASSIGNMENT.name, organization__in=usable)
    for organization_id, wanted in asked.order_by().values_list("organization", "wanted"):
        usable[organization_id or 0] -= set(wanted["presets"])
    missing = {pk: ids for pk, ids in usable.items() if ids}
    organizations = Organization.objects.order_by("pk").filter(pk__in=missing)
    return len(
        operations.ask_all(
            operations.requested(
                PRESET_ASSIGNMENT,
                subject=Subject.ORGANIZATION.of(each.watcher_id),
                about=each.title,
                wanted={"presets": sorted(missing[each.pk])},
                shown={"presets": []},
                now=now,
                by_id=None,
                organization_id=each.pk,
            )
            for each in organizations
        )
    )


def preset_of_tariffs() -> dict[int, PlatformPreset]:
    """Return the preset that cameras on a tariff plan get, by the id of the plan.

    If several mean the plan, it is the one that was seen first.
    """
    links = PresetLink.objects.filter(preset__gone_at=None).select_related("preset")
    return {link.tariff_id: link.preset for link in links.order_by("-preset")}


def _linked(now: datetime) -> QuerySet[Organization]:
    known = PlatformOrganization.objects.order_by().filter(
        tenant_id=OuterRef("watcher_id"), gone_at=None
    )
    return Organization.objects.open(now).order_by().filter(Exists(known))
