"""Pages of organizations: list, export, Add, Edit and history."""

from collections.abc import Callable
from copy import copy
from datetime import date, datetime
from functools import partial
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import operators_only, signed_in, staff_only
from foundation.audit.history import render_history
from foundation.lists.exports import export_response
from foundation.lists.pages import all_rows, export_links, render_list
from foundation.web.edit_conflicts import EditConflict, conflict_of
from foundation.web.return_addresses import redirect_back, way_back
from foundation.web.versions import EditedByOthers, version_of
from organizations import operations
from organizations.access import organization_for
from organizations.agreement.suspensions import coming_suspensions
from organizations.exports import EXPORT_COLUMNS, LAST_COLUMNS, STAFF_COLUMNS, export_rows
from organizations.filters import OrganizationFilter, filter_for
from organizations.forms import OrganizationForm
from organizations.history import PARTS
from organizations.imports.columns import COLUMNS
from organizations.imports.exporting import detail_rows
from organizations.models import Organization
from organizations.operations import TariffInUse
from organizations.querysets import OrganizationQuerySet
from organizations.tables import OrganizationTable
from tariffs.affected_invoices import AffectedInvoices, invoiced_until
from tariffs.provider_calendar import provider_date


@require_safe
def organizations(request: HttpRequest) -> HttpResponse:
    """List the organizations that the user may see."""
    is_operator = signed_in(request).is_operator
    filterset, table = _listed(request, timezone.now())
    return render_list(
        request,
        "organizations/list.html",
        table=table,
        filterset=filterset,
        export="organizations:export",
        detailed=export_links(request, "organizations:details") if is_operator else (),
        any_at_all=Organization.objects.visible_to(signed_in(request)).exists(),
    )


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Export the list, with its filter and order, as a file."""
    now = timezone.now()
    _filterset, table = _listed(request, now)
    found = cast(OrganizationQuerySet, all_rows(request, table))
    for_staff = not signed_in(request).is_owner
    rows = export_rows(found.with_tax_on(provider_date(now)), now, for_staff=for_staff)
    columns = (*EXPORT_COLUMNS, *(STAFF_COLUMNS if for_staff else ()), *LAST_COLUMNS)
    return export_response(kind, "organizations", columns, rows)


@require_safe
@operators_only
def details(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Export the list, with its filter and order, in the columns that an import reads."""
    now = timezone.now()
    _filterset, table = _listed(request, now)
    rows = detail_rows(cast(OrganizationQuerySet, all_rows(request, table)), now)
    return export_response(kind, "organizations", COLUMNS, rows)


def _listed(request: HttpRequest, now: datetime) -> tuple[OrganizationFilter, OrganizationTable]:
    user = signed_in(request)
    visible = Organization.objects.visible_to(user)
    shown = (
        visible.with_cameras_in_use()
        .select_related("owner")
        .prefetch_related("tariffs", "earlier_time_zones", coming_suspensions(now))
    )
    if not user.is_owner:
        shown = shown.prefetch_related("tags")
    filterset = filter_for(request, shown, now)
    table = OrganizationTable(
        filterset.qs,
        now=now,
        exclude=(
            *(("owner",) if user.is_owner else ()),
            *(() if user.is_operator else ("select",)),
        ),
        empty_text=_("No organizations found"),
    )
    return filterset, table


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Create an organization, and go on to its billing details."""
    today = provider_date(timezone.now())
    form = OrganizationForm(request.POST or None, instance=Organization(), in_use=[], today=today)
    if request.method == "POST" and form.is_valid():
        try:
            organization = operations.create_organization(
                tariffs=form.chosen_tariffs, **form.organization_fields
            )
        except operations.OrganizationRefusal as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            said = _("%(title)s was added. Its billing details are next.")
            messages.success(request, said % {"title": organization.title})
            billing = reverse("organizations:billing", args=[organization.pk])
            return redirect(f"{billing}?{urlencode({'next': _list_url()})}")
    return render(request, "organizations/add.html", {"form": form, "way_back": _list_url()})


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an organization; go back to `next`, the place in the list that Edit was pressed at."""
    organization = organization_for(signed_in(request), pk)
    in_use = operations.tariffs_in_use(organization)
    now = timezone.now()
    today = provider_date(now)
    # Read before the form reads its values, so that a change in between counts as a conflict.
    stored = version_of(operations.stored_values(organization))
    context: dict[str, Any] = {
        # As it is stored: the form changes its own while it reads what was typed.
        "organization": copy(organization),
        "version": request.POST.get("version", "") if request.method == "POST" else stored,
        "reload": request.get_full_path(),
        "way_back": way_back(request, _list_url()),
        "kept": _kept_after_taking_off(organization, in_use),
    }
    form = OrganizationForm(
        request.POST or None,
        instance=organization,
        in_use=in_use,
        today=today,
        zone_from=_first_not_invoiced(organization, now),
    )
    if request.method == "POST" and form.is_valid():
        change = partial(
            operations.change_organization,
            pk=pk,
            shown=context["version"],
            tariffs=form.chosen_tariffs,
            **form.organization_fields,
        )
        try:
            if _agreed(request, form, context, change):
                _report_change(request, form.cleaned_data["title"], change())
                return redirect_back(request, _list_url())
        except EditedByOthers as error:
            conflict = _conflict(request, error, form)
            context |= {"conflict": conflict, "version": conflict.version}
        except operations.OrganizationRefusal as refusal:
            form.add_error(refusal.field, str(refusal))
    return render(request, "organizations/edit.html", {**context, "form": form})


@require_safe
@staff_only
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the history of an organization and of its available tariffs."""
    organization = Organization.objects.select_related("owner").filter(pk=pk).first()
    if organization is None:
        up = (_list_url(), _("Organizations"))
        return render_history(request, of=Organization, pk=pk, parts=PARTS, up=up)
    links = [(reverse("accounts:history", args=[organization.owner_id]), _("Owner history"))]
    return render_history(
        request,
        of=Organization,
        pk=pk,
        parts=PARTS,
        template="organizations/history.html",
        zone=organization.zone_at(timezone.now()),
        links=links,
        organization=organization,
    )


def _conflict(request: HttpRequest, error: EditedByOthers, form: OrganizationForm) -> EditConflict:
    return conflict_of(
        error,
        form=form,
        pk=form.instance.pk,
        parts=PARTS,
        user_id=signed_in(request).pk,
        zone=form.instance.zone_at(timezone.now()),
    )


def _first_not_invoiced(organization: Organization, now: datetime) -> date | None:
    """Return the first date that is not invoiced: today if none is; None if there was no usage."""
    until = invoiced_until(organization.pk)
    if until is not None or not organization.usage_intervals.exists():
        return until
    return organization.date_at(now)


def _kept_after_taking_off(
    organization: Organization, in_use: list[TariffInUse]
) -> list[TariffInUse]:
    """Return the tariffs that cameras still use although they are no longer available."""
    available = set(organization.tariffs.values_list("pk", flat=True))
    return [use for use in in_use if use.tariff.pk not in available]


def _agreed(
    request: HttpRequest,
    form: OrganizationForm,
    context: dict[str, Any],
    change: Callable[[], object],
) -> bool:
    """Return whether the person has seen the affected invoices; if not, show them.

    Raises:
        EditedByOthers, OrganizationRefusal: the change is refused.
    """
    pk = form.instance.pk
    affected = AffectedInvoices.by_change(
        terms={pk: form.recomputed_by_trial}, zones={pk: form.recomputed_by_zone}
    )
    if affected.is_agreed_to(request):
        return True
    context["affected"] = affected.with_changes(change)
    return False


def _report_change(request: HttpRequest, title: str, kept: list[TariffInUse]) -> None:
    messages.success(request, _("Changes to %(title)s were saved.") % {"title": title})
    for use in kept:
        text = ngettext(
            "%(tariff)s was removed from the organization. %(count)s camera on "
            "this plan keeps it, but it can no longer be assigned.",
            "%(tariff)s was removed from the organization. %(count)s cameras on "
            "this plan keep it, but it can no longer be assigned.",
            use.camera_count,
        )
        messages.warning(request, text % {"tariff": use.tariff.name, "count": use.camera_count})


def _list_url() -> str:
    return reverse("organizations:list")
