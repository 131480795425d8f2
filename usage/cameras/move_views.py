"""Move cameras to another organization, one or many, at once or at a future time."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import operators_only, signed_in
from foundation.web.return_addresses import redirect_back, way_back
from organizations.access import organization_for
from organizations.models import Organization
from organizations.querysets import OrganizationQuerySet
from usage.cameras import operations
from usage.cameras.forms import CameraTariffForm, ChangeForm, DestinationForm
from usage.cameras.selection import selected_uses, selection_context, wrong_selection
from usage.cameras.views import (
    FORM_METHODS,
    MOST_FOUND,
    change_selected,
    is_agreed,
    list_of,
    now,
    planned_of,
    say_done,
    say_planned,
)
from usage.models import Camera, UsageInterval
from usage.planned import operations as planning
from usage.planned.shown import shown_changes


@operators_only
@require_http_methods(FORM_METHODS)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a camera to another organization; `to` in the query is its title."""
    camera = get_object_or_404(Camera, pk=pk)
    destination_form = DestinationForm(request.GET if "to" in request.GET else None)
    use = _use_to_move(request, camera)
    if use is None:
        messages.error(request, str(operations.CameraChanged(camera, None)))
        return redirect("usage:camera", pk)
    context: dict[str, Any] = {
        "camera": camera,
        "use": use,
        "destination_form": destination_form,
        "planned": shown_changes(planned_of(camera, signed_in(request))),
    }
    destination = _destination(destination_form, use.organization_id, 1, context)
    if destination is None:
        return render(request, "usage/move_where.html", context)
    form = CameraTariffForm(request.POST or None, organization=destination, now=now())
    if request.method == "POST" and form.is_valid():
        try:
            if _has_moved(request, form, use, destination, context):
                return redirect("usage:camera", pk)
        except operations.UsageRefusal as refusal:
            form.refuse(refusal)
    return render(
        request, "usage/move.html", {**context, "organization": destination, "form": form}
    )


def _has_moved(
    request: HttpRequest,
    form: ChangeForm,
    use: UsageInterval,
    destination: Organization,
    context: dict[str, Any],
) -> bool:
    """Move a camera, or plan it, unless the person has to see the affected invoices first.

    Raises:
        UsageRefusal: the camera cannot be moved.
    """
    payers = use.organization_id, destination.pk
    terms = {
        "organization_id": use.organization_id,
        "use_ids": [use.pk],
        "destination_id": destination.pk,
        **form.terms,
    }
    if form.is_future:
        planning.plan_move(**terms, by=signed_in(request))
        say_planned(request, form, 1)
        return True
    change = partial(operations.move, **terms)
    if not is_agreed(request, form, context, change, *payers):
        return False
    change()
    done = _("“%(camera)s” is in use by “%(organization)s” as of %(at)s.")
    say_done(request, form, done, camera=use.camera, organization=destination)
    return True


def _use_to_move(request: HttpRequest, camera: Camera) -> UsageInterval | None:
    """Return the use that the submitted form was shown for, or else the current use."""
    uses = camera.usage_intervals.select_related("organization", "tariff", "camera")
    shown = request.POST.get("use", "")
    if request.method == "POST":
        return get_object_or_404(uses, pk=shown if shown.isdecimal() else 0)
    return uses.in_use().first()


@operators_only
@require_http_methods(FORM_METHODS)
def move_selected(request: HttpRequest, pk: int) -> HttpResponse:
    """Move all selected cameras to another organization; `to` in the query is its title."""
    organization = organization_for(signed_in(request), pk)
    use_ids = selected_uses(request, organization)
    if problem := wrong_selection(use_ids):
        messages.error(request, problem)
        return redirect_back(request, list_of(pk))
    form = DestinationForm(request.GET if "to" in request.GET else None)
    context: dict[str, Any] = {"form": form, "way_back": way_back(request, list_of(pk))}
    destination = _destination(form, pk, len(use_ids), context)
    if destination is None:
        context |= selection_context(organization, use_ids)
        return render(request, "usage/move_selected_where.html", context)

    def show_moved(form: ChangeForm, number: int) -> None:
        done = ngettext(
            "%(number)s camera is in use by “%(organization)s” as of %(at)s.",
            "%(number)s cameras are in use by “%(organization)s” as of %(at)s.",
            number,
        )
        say_done(request, form, done, number=number, organization=destination)

    return change_selected(
        request,
        pk,
        CameraTariffForm,
        partial(operations.move, destination_id=destination.pk),
        partial(planning.plan_move, destination_id=destination.pk),
        show_moved,
        "usage/move_selected.html",
        destination,
    )


def _destination(
    form: DestinationForm, organization_id: int, number: int, context: dict[str, Any]
) -> Organization | None:
    """Return the organization with the given title, or None and add matches to the context.

    It is not the one that has the cameras, of which there are `number`.
    """
    if not form.is_valid():
        return None
    title = form.cleaned_data["to"]
    organization = Organization.objects.filter(title__iexact=title).first()
    if organization is None:
        others = _found(title).open(now()).exclude(pk=organization_id)
        context["found"] = list(others[:MOST_FOUND])
        if not context["found"]:
            form.add_error("to", _("No organization title matches this text. Check the spelling."))
    elif organization.is_closed(now()):
        form.add_error("to", str(operations.OrganizationClosed(organization)))
    elif organization.pk == organization_id:
        text = ngettext(
            "The camera is already in use by this organization. Choose another organization.",
            "The cameras are already in use by this organization. Choose another organization.",
            number,
        )
        form.add_error("to", text)
    return organization if form.is_valid() else None


def _found(text: str) -> OrganizationQuerySet:
    return Organization.objects.search(text).select_related("owner").order_by("title")


@operators_only
@require_safe
@never_cache
def find_organizations(request: HttpRequest) -> JsonResponse:
    """Return at most 20 organizations with words that start with the words of `q`."""
    found = _found(request.GET.get("q", "")[:200])[:MOST_FOUND]
    choices = [{"title": one.title, "owner": one.owner.email} for one in found]
    return JsonResponse({"organizations": choices})
