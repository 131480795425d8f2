"""Show and change the cameras of an organization."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from accounts.access import operators_only, signed_in
from accounts.models import User
from foundation.lists.exports import export_response
from foundation.lists.pages import ROWS_A_PAGE, all_rows, render_list
from foundation.web.local_times import shown_instant
from foundation.web.return_addresses import redirect_back, way_back
from organizations.access import organization_for, sees_organization
from organizations.models import Organization
from tariffs.affected_invoices import AffectedInvoices
from usage.cameras import operations
from usage.cameras.exports import CAMERA_EXPORT_COLUMNS, camera_export_rows
from usage.cameras.filters import IN_USE, CameraFilter
from usage.cameras.forms import CameraTariffForm, ChangeForm, ConnectForm
from usage.cameras.selection import (
    refused_context,
    selected_uses,
    selection_context,
    wrong_selection,
)
from usage.cameras.tables import CameraTable, HistoryTable
from usage.models import Camera, PlannedChange, UsageInterval
from usage.planned import operations as planning
from usage.planned.models import PlannedChangeQuerySet
from usage.planned.shown import shown_changes

FORM_METHODS = ["GET", "HEAD", "POST"]
MOST_FOUND = 20
"""The maximum number of organizations to choose from, or of cameras without usage to name."""


@require_safe
def cameras(request: HttpRequest, pk: int) -> HttpResponse:
    """List an organization's cameras; to staff, also those whose usage was all removed."""
    user = signed_in(request)
    organization = organization_for(user, pk)
    filterset, table = _listed(request, organization)
    any_at_all = organization.usage_intervals.exists()
    shows_unused = not user.is_owner and (filterset.shown != IN_USE or not any_at_all)
    return render_list(
        request,
        "usage/cameras.html",
        table=table,
        filterset=filterset,
        total=filterset.qs.count(),
        export="usage:cameras_export",
        export_of=pk,
        organization=organization,
        zone=organization.zone_at(now()),
        any_at_all=any_at_all,
        planned_count=PlannedChange.objects.about(pk).waiting().count(),
        unused=Camera.objects.without_usage(pk)[:MOST_FOUND] if shows_unused else (),
    )


@require_safe
def export(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """Export an organization's cameras as filtered and sorted."""
    organization = organization_for(signed_in(request), pk)
    _filterset, table = _listed(request, organization)
    zone = organization.zone_at(now())
    rows = camera_export_rows(all_rows(request, table), organization, zone)
    return export_response(kind, "cameras", CAMERA_EXPORT_COLUMNS, rows)


def _listed(request: HttpRequest, organization: Organization) -> tuple[CameraFilter, CameraTable]:
    filterset = CameraFilter(request, organization)
    table = CameraTable(
        filterset.rows,
        organization_id=organization.pk,
        state=filterset.shown,
        can_change=signed_in(request).is_operator,
    )
    return filterset, table


@require_safe
def camera(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a camera's history; to an owner, only the part in the owner's organizations.

    An owner of organizations that only had the camera in the past does not see its title.
    """
    user = signed_in(request)
    camera = get_object_or_404(Camera.objects.select_related("organization"), pk=pk)
    uses = UsageInterval.objects.visible_to(user).filter(camera=camera)
    latest = uses.select_related("organization", "tariff").order_by("-started_at").first()
    if latest is None and user.is_owner:
        raise Http404
    rows = uses.select_related("organization", "tariff").order_by("-started_at")
    rows = rows.prefetch_related("organization__earlier_time_zones")
    table = HistoryTable(rows, can_correct=user.is_operator)
    RequestConfig(request, paginate={"per_page": ROWS_A_PAGE, "silent": True}).configure(table)
    context = {
        "camera": camera,
        "shows_title": sees_organization(user, camera.organization_id),
        "latest": latest,
        "is_in_use": latest is not None and latest.ended_at is None,
        "table": table,
        "planned": shown_changes(planned_of(camera, user)),
    }
    return render(request, "usage/camera.html", context)


def planned_of(camera: Camera, user: User) -> PlannedChangeQuerySet:
    """Return the planned changes of a camera that a person may see."""
    planned = PlannedChange.objects.filter(Q(camera=camera) | Q(camera=None, name=camera.name))
    if user.is_owner:
        planned = planned.filter(organization__in=Organization.objects.visible_to(user))
    return planned


@operators_only
@require_http_methods(FORM_METHODS)
def connect(request: HttpRequest, pk: int) -> HttpResponse:
    """Connect a new camera, or an existing one that is not in use."""
    organization = organization_for(signed_in(request), pk)
    form = ConnectForm(
        request.POST or None,
        organization=organization,
        now=now(),
        initial={name: request.GET.get(name, "") for name in ("name", "title")},
    )
    context: dict[str, Any] = {
        "organization": organization,
        "form": form,
        "way_back": way_back(request, list_of(pk)),
    }
    if request.method == "POST" and form.is_valid():
        change = partial(operations.connect, organization_id=pk, **form.terms)
        try:
            if form.is_future:
                by = signed_in(request)
                planning.plan_connect(organization_id=pk, **form.terms, by=by)
                say_planned(request, form, 1)
                return redirect_back(request, list_of(pk))
            if is_agreed(request, form, context, change, pk):
                done = _("“%(camera)s” is in use by “%(organization)s” as of %(at)s.")
                say_done(request, form, done, camera=change(), organization=organization)
                return redirect_back(request, list_of(pk))
        except operations.InUse as refusal:
            form.refuse(refusal)
            context["in_use"] = refusal.use
        except operations.UsageRefusal as refusal:
            form.refuse(refusal)
    return render(request, "usage/connect.html", context)


@operators_only
@require_http_methods(FORM_METHODS)
def change_tariff(request: HttpRequest, pk: int) -> HttpResponse:
    """Put all selected cameras on another tariff."""

    def show_result(form: ChangeForm, number: int) -> None:
        done = ngettext(
            "%(number)s camera is on “%(tariff)s” as of %(at)s.",
            "%(number)s cameras are on “%(tariff)s” as of %(at)s.",
            number,
        )
        say_done(request, form, done, number=number, tariff=form.cleaned_data["tariff"])

    return change_selected(
        request,
        pk,
        CameraTariffForm,
        operations.change_tariff,
        planning.plan_change_tariff,
        show_result,
        "usage/change_tariff.html",
    )


@operators_only
@require_http_methods(FORM_METHODS)
def disconnect(request: HttpRequest, pk: int) -> HttpResponse:
    """Disconnect all selected cameras."""

    def show_result(form: ChangeForm, number: int) -> None:
        done = ngettext(
            "%(number)s camera is disconnected as of %(at)s.",
            "%(number)s cameras are disconnected as of %(at)s.",
            number,
        )
        say_done(request, form, done, number=number)

    return change_selected(
        request,
        pk,
        ChangeForm,
        operations.disconnect,
        planning.plan_disconnect,
        show_result,
        "usage/disconnect.html",
    )


def change_selected(
    request: HttpRequest,
    pk: int,
    form_class: type[ChangeForm],
    operation: Callable[..., None],
    plan: Callable[..., None],
    show_result: Callable[[ChangeForm, int], None],
    template: str,
    destination: Organization | None = None,
) -> HttpResponse:
    """Show the form for the selected cameras; once it is valid, change all of them or none.

    `plan` plans what `operation` does at once. With a `destination`, the change moves them to it.
    """
    organization = organization_for(signed_in(request), pk)
    use_ids = selected_uses(request, organization)
    problem = wrong_selection(use_ids) or _changed_since(request, organization, use_ids)
    if problem:
        messages.error(request, problem)
        return redirect_back(request, list_of(pk))
    user_of_tariff = destination or organization
    form = form_class(request.POST or None, organization=user_of_tariff, now=now())
    context: dict[str, Any] = {"destination": destination}
    if request.method == "POST" and form.is_valid():
        change = partial(operation, organization_id=pk, use_ids=use_ids, **form.terms)
        try:
            if form.is_future:
                by = signed_in(request)
                plan(organization_id=pk, use_ids=use_ids, **form.terms, by=by)
                say_planned(request, form, len(use_ids))
                return redirect_back(request, list_of(pk))
            if is_agreed(request, form, context, change, pk, user_of_tariff.pk):
                change()
                show_result(form, len(use_ids))
                return redirect_back(request, list_of(pk))
        except operations.SomeRefused as refusal:
            context |= refused_context(refusal, organization, use_ids)
        except operations.UsageRefusal as refusal:
            form.refuse(refusal)
    context |= selection_context(organization, use_ids)
    context |= {"form": form, "way_back": way_back(request, list_of(pk))}
    return render(request, template, context)


def _changed_since(
    request: HttpRequest, organization: Organization, use_ids: list[int]
) -> str | None:
    """Return a text if some of the uses selected in the list are no longer current."""
    uses = organization.usage_intervals.filter(pk__in=use_ids)
    if request.method != "POST" and uses.in_use().count() != len(use_ids):
        return _("Some of these cameras have changed. Select the cameras again.")
    return None


def is_agreed(
    request: HttpRequest,
    form: ChangeForm,
    context: dict[str, Any],
    change: Callable[[], object],
    *organization_ids: int,
) -> bool:
    """Return whether the person has accepted that a past change affects invoices.

    Otherwise add to the context which invoices it affects, and by how much.

    Raises:
        UsageRefusal: the change is refused.
    """
    if not form.is_past:
        return True
    affected = AffectedInvoices.by_change(
        usage=dict.fromkeys(organization_ids, (form.at_instant, None))
    )
    if affected.is_agreed_to(request):
        return True
    context["affected"] = affected.with_changes(change)
    return False


def list_of(pk: int) -> str:
    return reverse("usage:cameras", args=[pk])


def now() -> datetime:
    """Return the current time in whole seconds, the precision of usage intervals."""
    return timezone.now().replace(microsecond=0)


def say_planned(request: HttpRequest, form: ChangeForm, number: int) -> None:
    """Say that changes are planned, and where they are listed."""
    text = ngettext(
        "%(number)s change is planned for %(at)s. It can be withdrawn until then.",
        "%(number)s changes are planned for %(at)s. They can be withdrawn until then.",
        number,
    )
    messages.success(request, text % {"number": number, "at": _shown_at(form)})


def say_done(request: HttpRequest, form: ChangeForm, text: str, **names: Any) -> None:
    """Show what was done and, after a past change, that charges have changed."""
    messages.success(request, text % {**names, "at": _shown_at(form)})
    if form.is_past:
        messages.info(request, _("Charges since that time have been recalculated."))


def _shown_at(form: ChangeForm) -> str:
    """Return the time of a change with its time zone: the next page may have that of another."""
    return f"{shown_instant(form.at_instant, form.zone)} ({form.zone})"
