"""Change many cameras at once: those selected in the list of an organization's cameras."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from foundation.lists.selection import ids_in
from organizations.models import Organization
from usage.cameras import operations
from usage.cameras.filters import CameraFilter
from usage.cameras.operations import MOST_AT_ONCE
from usage.models import PlannedChange, UsageInterval
from usage.planned.models import PlannedChangeQuerySet
from usage.planned.shown import shown_changes

MOST_NAMED = 20
"""The maximum number of cameras that a page names one by one."""


def selected_uses(request: HttpRequest, organization: Organization) -> list[int]:
    """Return the ids of the uses selected in a list or form.

    If all of a list are selected, return at most one more than `MOST_AT_ONCE`.
    """
    if request.method == "POST":
        ids = (request.POST.get("only") or request.POST.get("uses", "")).split(",")
    elif "all" in request.GET:
        uses = CameraFilter(request, organization).qs.order_by("pk")
        return list(uses.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
    else:
        ids = request.GET.getlist("use")
    return ids_in(ids)


def wrong_selection(use_ids: Sequence[int]) -> str | None:
    """Return why so many or so few uses cannot be changed at once, if so."""
    if not use_ids:
        return _("Select at least one camera.")
    if len(use_ids) > MOST_AT_ONCE:
        return _("Select at most %(number)s cameras at a time.") % {"number": MOST_AT_ONCE}
    return None


def selection_context(organization: Organization, use_ids: Sequence[int]) -> dict[str, Any]:
    """Return the context that usage/_selected.html needs for uses of an organization."""
    uses = organization.usage_intervals.filter(pk__in=use_ids)
    named = uses.select_related("camera", "tariff").order_by("camera__name", "started_at")
    return {
        "organization": organization,
        "number": len(use_ids),
        "named": named[:MOST_NAMED],
        "not_named": max(len(use_ids) - MOST_NAMED, 0),
        "uses": ",".join(map(str, use_ids)),
        "planned": shown_changes(_planned_of(use_ids)),
    }


def _planned_of(use_ids: Sequence[int]) -> PlannedChangeQuerySet:
    """Return the planned changes of the cameras of uses."""
    cameras = UsageInterval.objects.filter(pk__in=use_ids).order_by().values("camera")
    return PlannedChange.objects.filter(camera__in=cameras)


def refused_context(
    refusal: operations.SomeRefused, organization: Organization, use_ids: Sequence[int]
) -> dict[str, Any]:
    """Return the context for a page about refused cameras, and the uses of the other cameras."""
    cameras = {each.camera.pk for each in refusal.refusals}
    uses = organization.usage_intervals.filter(pk__in=use_ids).exclude(camera__in=cameras)
    others = list(uses.values_list("pk", flat=True))
    return {
        "refusal": refusal,
        "refusals": refusal.refusals[:MOST_NAMED],
        "more_refused": max(len(refusal.refusals) - MOST_NAMED, 0),
        "others": ",".join(map(str, others)),
        "number_of_others": len(others),
    }
