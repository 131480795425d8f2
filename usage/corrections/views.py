"""Correct recorded usage: a form, a preview of everything that changes, then all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import operators_only, signed_in
from foundation.web.return_addresses import redirect_back, way_back
from organizations.access import organization_for
from organizations.models import Organization
from usage.cameras.operations import MOST_AT_ONCE, SomeRefused, UsageRefusal
from usage.cameras.selection import (
    refused_context,
    selected_uses,
    selection_context,
    wrong_selection,
)
from usage.corrections.forms import CorrectionForm
from usage.corrections.money import money_of
from usage.corrections.operations import (
    CorrectionChanged,
    PlannedCorrection,
    correct,
    plan_correction,
)
from usage.corrections.plan import Change
from usage.corrections.refusals import NoUsageThen, SelectionGone, TooMuchUsage, span_text
from usage.corrections.shown import NamedChange, shown_changes
from usage.models import Camera

MOST_SHOWN = 200
"""The maximum number of changes, and of months, that the preview shows one by one."""


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def correct_usage(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask how to correct the selected usage, show what changes, and apply it once confirmed."""
    organization = organization_for(signed_in(request), pk)
    use_ids = selected_uses(request, organization)
    if problem := wrong_selection(use_ids) or _not_there(organization, use_ids):
        messages.error(request, problem)
        return redirect_back(request, _list_of(pk))
    uses = list(organization.usage_intervals.filter(pk__in=use_ids[:2]))
    now = timezone.now().replace(microsecond=0)
    form = CorrectionForm(request.POST or None, organization=organization, uses=uses, now=now)
    context = selection_context(organization, use_ids)
    context |= {"form": form, "way_back": way_back(request, _list_of(pk))}
    if len(uses) == 1:
        context["span"] = span_text(organization, uses[0].started_at, uses[0].ended_at)
    if form.is_valid() and "edit" not in request.POST:
        try:
            return _preview_or_correct(request, form, context, use_ids, now)
        except SomeRefused as refusal:
            context |= refused_context(refusal, organization, use_ids)
        except UsageRefusal as refusal:
            form.refuse(refusal)
    return render(request, "usage/correct.html", context)


def _preview_or_correct(
    request: HttpRequest,
    form: CorrectionForm,
    context: dict[str, Any],
    use_ids: Sequence[int],
    now: datetime,
) -> HttpResponse:
    """Show what a valid form changes; apply it if that has been shown and confirmed."""
    organization = context["organization"]
    what: dict[str, Any] = {
        "organization_id": organization.pk,
        "use_ids": _meant(organization, form, use_ids),
        "correction": form.correction,
        "now": now,
    }
    shown = request.POST.get("shown")
    if not shown:
        return _preview(request, plan_correction(**what), context, now)
    try:
        done = correct(**what, reason=form.cleaned_data["reason"], shown=shown)
    except CorrectionChanged as refusal:
        context["has_changed"] = True
        return _preview(request, refusal.planned, context, now)
    number = len(done.changes)
    text = ngettext(
        "%(number)s interval has been corrected.",
        "%(number)s intervals have been corrected.",
        number,
    )
    messages.success(request, text % {"number": number})
    return redirect_back(request, _list_of(organization.pk))


def _meant(
    organization: Organization, form: CorrectionForm, use_ids: Sequence[int]
) -> Sequence[int]:
    """Return the ids of the usage to correct: that listed, or that of its cameras between dates.

    Raises:
        NoUsageThen, TooMuchUsage: there is none between the dates, or too much.
    """
    if form.dates is None:
        return use_ids
    cameras = organization.usage_intervals.filter(pk__in=use_ids).values("camera")
    found = organization.usage_intervals.overlapping(*form.dates).filter(camera__in=cameras)
    ids = list(found.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
    if not ids:
        raise NoUsageThen
    if len(ids) > MOST_AT_ONCE:
        raise TooMuchUsage
    return ids


def _not_there(organization: Organization, use_ids: Sequence[int]) -> str | None:
    if organization.usage_intervals.filter(pk__in=use_ids).count() != len(use_ids):
        return str(SelectionGone())
    return None


def _preview(
    request: HttpRequest, planned: PlannedCorrection, context: dict[str, Any], now: datetime
) -> HttpResponse:
    money = money_of(spans=planned.spans, uses=planned.uses, as_of=now)
    context |= {
        "planned": planned,
        "affected": planned.affected,
        "changes": list(shown_changes(_named(planned.changes[:MOST_SHOWN]))),
        "not_shown": max(len(planned.changes) - MOST_SHOWN, 0),
        "money": money[:MOST_SHOWN],
        "money_not_shown": max(len(money) - MOST_SHOWN, 0),
        "several_organizations": any(
            each.organization.pk != context["organization"].pk for each in money
        ),
        "reason": context["form"].cleaned_data["reason"],
    }
    return render(request, "usage/correct_preview.html", context)


def _named(changes: Sequence[Change]) -> list[NamedChange]:
    names = Camera.objects.in_bulk({change.before.camera_id for change in changes})
    return [
        NamedChange(
            names[each.before.camera_id].name,
            each.before.camera_id,
            each.before,
            each.after,
            each.is_neighbour,
            each.leaves_gap,
        )
        for each in changes
    ]


def _list_of(pk: int) -> str:
    return reverse("usage:cameras", args=[pk])
