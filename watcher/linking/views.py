"""Pages on which people link organizations and presets of Watcher to those here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import operators_only, signed_in, staff_only
from foundation.lists.pages import render_list
from foundation.lists.selection import ids_in
from foundation.web.return_addresses import redirect_back, way_back
from foundation.web.versions import digest_of
from organizations.models import Organization
from tariffs.models import Tariff
from watcher.linking import operations
from watcher.linking.clear import MOST_SELECTED, clear_presets, clear_proposals
from watcher.linking.filters import PresetFilter, TenantFilter, unlinked_organizations
from watcher.linking.forms import OrganizationForm, TariffForm
from watcher.linking.refusals import text_of
from watcher.linking.tables import PresetTable, TenantTable, UnlinkedTable
from watcher.models import PlatformOrganization, PlatformPreset, PresetLink
from watcher.people.tenants import MADE
from watcher.writing.operations import is_enabled

TARIFFS_A_PAGE = 100
"""How many tariffs without a preset are named below the presets, on a page of their own."""


@require_safe
@staff_only
def organizations(request: HttpRequest) -> HttpResponse:
    """List the organizations of Watcher, with those here that they are or may be."""
    filterset = _tenants(request)
    return render_list(
        request,
        "watcher/organizations.html",
        table=TenantTable(filterset.qs, can_link=signed_in(request).is_operator),
        filterset=filterset,
    )


def _tenants(request: HttpRequest) -> TenantFilter:
    return TenantFilter(request.GET, queryset=PlatformOrganization.objects.all())


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def link_proposed(request: HttpRequest) -> HttpResponse:
    """Show what of the selected tenants leaves no doubt, and link it once it is confirmed."""
    ids, back = _selected_tenants(request), reverse("watcher:organizations")
    if not 0 < len(ids) <= MOST_SELECTED:
        text = _("Select between 1 and %(number)s organizations.")
        number = number_format(MOST_SELECTED, force_grouping=True)
        messages.error(request, text % {"number": number})
        return redirect_back(request, back)
    found = clear_proposals(ids, timezone.now())
    pairs = {each.tenant.pk: each.organization.id for each in found.pairs}
    shown = digest_of(*pairs.items())
    context: dict[str, Any] = {"has_changed": request.method == "POST"}
    if pairs and request.POST.get("shown") == shown:
        try:
            operations.link_organizations(pairs)
        except operations.LinkRefusal as refusal:
            context["refusal"] = text_of(refusal)
        else:
            text = ngettext(
                "%(number)s organization was linked.",
                "%(number)s organizations were linked.",
                len(pairs),
            )
            _say_number(request, text, len(pairs))
            return redirect_back(request, back)
    context |= {
        "found": found,
        "shown": shown,
        "ids": ",".join(map(str, ids)),
        "way_back": way_back(request, back),
    }
    return render(request, "watcher/link_proposed.html", context)


def _say_number(request: HttpRequest, text: str, number: int) -> None:
    messages.success(request, text % {"number": number_format(number, force_grouping=True)})


def _selected_tenants(request: HttpRequest) -> Sequence[int]:
    """Return the ids selected in the list or sent; if all are, at most one too many."""
    if request.method == "POST":
        return ids_in(request.POST.get("ids", "").split(","))
    if "all" in request.GET:
        rows = _tenants(request).qs.order_by("pk")
        return list(rows.values_list("pk", flat=True)[: MOST_SELECTED + 1])
    return ids_in(request.GET.getlist("tenant"))


@require_safe
@staff_only
def unlinked(request: HttpRequest) -> HttpResponse:
    """List the organizations here that are none in Watcher, with those that they may be."""
    filterset = unlinked_organizations(request.GET, timezone.now())
    return render_list(
        request,
        "watcher/unlinked.html",
        table=UnlinkedTable(
            filterset.qs.select_related("owner"),
            can_create=signed_in(request).is_operator and is_enabled(MADE),
        ),
        filterset=filterset,
    )


@require_safe
@staff_only
def presets(request: HttpRequest) -> HttpResponse:
    """List the presets of Watcher with the tariffs that they mean, and tariffs without one."""
    filterset = PresetFilter(request.GET, queryset=PlatformPreset.objects.all())
    linked = PresetLink.objects.order_by().filter(tariff=OuterRef("pk"))
    without = Tariff.objects.filter(~Exists(linked), is_archived=False)
    return render_list(
        request,
        "watcher/presets.html",
        table=PresetTable(filterset.qs.select_related("link__tariff")),
        filterset=filterset,
        offers_links=signed_in(request).is_operator and PlatformPreset.objects.unlinked().exists(),
        without=Paginator(without, TARIFFS_A_PAGE).get_page(request.GET.get("plans")),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def link_proposed_presets(request: HttpRequest) -> HttpResponse:
    """Show which presets leave no doubt about their tariff, and link them once confirmed."""
    found = clear_presets()
    pairs = {each.preset.pk: each.tariff.id for each in found.pairs}
    shown = digest_of(*pairs.items())
    context: dict[str, Any] = {"has_changed": request.method == "POST"}
    if pairs and request.POST.get("shown") == shown:
        try:
            operations.link_presets(pairs)
        except operations.LinkRefusal as refusal:
            context["refusal"] = text_of(refusal)
        else:
            text = ngettext(
                "%(number)s preset was linked.", "%(number)s presets were linked.", len(pairs)
            )
            _say_number(request, text, len(pairs))
            return redirect("watcher:presets")
    context |= {"found": found, "shown": shown}
    return render(request, "watcher/link_proposed_presets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def choose_organization(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the organization that a tenant is, by its title, and link them."""
    tenant = get_object_or_404(PlatformOrganization, pk=pk)
    form = OrganizationForm(request.POST if request.method == "POST" else None)
    back = way_back(request, reverse("watcher:organizations"))
    if request.method == "POST" and form.is_valid():
        try:
            operations.link_organization(
                tenant_pk=pk, organization_id=form.cleaned_data["title"].pk
            )
        except operations.LinkRefusal as refusal:
            form.add_error("title", text_of(refusal))
        else:
            messages.success(request, _("The organization was linked."))
            return redirect_back(request, reverse("watcher:organizations"))
    context = {"tenant": tenant, "form": form, "way_back": back}
    return render(request, "watcher/choose_organization.html", context)


@require_POST
@operators_only
def link_organization(request: HttpRequest, pk: int) -> HttpResponse:
    """Link a tenant to the organization that was proposed."""
    organization_id = _posted_id(request, "organization")
    try:
        operations.link_organization(tenant_pk=pk, organization_id=organization_id)
    except (PlatformOrganization.DoesNotExist, Organization.DoesNotExist):
        raise Http404 from None
    except operations.LinkRefusal as refusal:
        messages.error(request, text_of(refusal))
    else:
        messages.success(request, _("The organization was linked."))
    return redirect_back(request, reverse("watcher:organizations"))


@require_POST
@operators_only
def unlink_organization(request: HttpRequest, pk: int) -> HttpResponse:
    """End the link of a tenant to an organization."""
    tenant = get_object_or_404(PlatformOrganization, pk=pk)
    try:
        operations.unlink_organization(
            organization_id=_posted_id(request, "organization"), watcher_id=tenant.tenant_id
        )
    except Organization.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The link was removed."))
    return redirect_back(request, reverse("watcher:organizations"))


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def link_preset(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the tariff that a preset means; a proposal is sent from the list."""
    preset = get_object_or_404(PlatformPreset.objects.select_related("link__tariff"), pk=pk)
    link = getattr(preset, "link", None)
    present = link.tariff_id if link else None
    form = TariffForm(request.POST if request.method == "POST" else None, present=present)
    shown = request.POST.get("shown", "") if request.method == "POST" else str(present or "")
    if request.method == "POST" and form.is_valid():
        tariff = form.cleaned_data["tariff"]
        try:
            operations.link_preset(
                preset_pk=pk,
                tariff_id=tariff.pk if tariff else None,
                shown_id=int(shown) if shown.isdecimal() else None,
            )
        except operations.LinkRefusal as refusal:
            form.add_error("tariff", text_of(refusal))
            # After reading this, a person may overwrite it.
            shown = str(present or "")
        else:
            messages.success(request, _("What the preset means was saved."))
            return redirect_back(request, reverse("watcher:presets"))
    context = {
        "preset": preset,
        "form": form,
        "shown": shown,
        "way_back": way_back(request, reverse("watcher:presets")),
    }
    return render(request, "watcher/link_preset.html", context)


def _posted_id(request: HttpRequest, name: str) -> int:
    """Return an id that a button has sent.

    Raises:
        Http404: it is not one.
    """
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Http404
    return int(text)
