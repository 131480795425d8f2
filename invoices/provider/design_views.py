"""The page on which the provider chooses how documents look."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import signed_in, staff_only
from foundation.web.edit_conflicts import conflict_of
from foundation.web.field_values import details_of
from foundation.web.versions import EditedByOthers, version_of
from invoices.documents.pdf import pages_as_images
from invoices.documents.style import Style
from invoices.history import PROVIDER_PARTS
from invoices.provider.design_forms import DesignForm
from invoices.provider.models import Design, Provider
from invoices.provider.operations import change_design, stored_design
from invoices.provider.parties import design_of, provider_details
from invoices.provider.sample import sample_of
from tariffs.provider_calendar import provider_date


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def design(request: HttpRequest) -> HttpResponse:
    """Show how documents look, with a sample. Operators can change it."""
    is_operator = signed_in(request).is_operator
    if request.method == "POST" and not is_operator:
        raise PermissionDenied
    provider = provider_details()
    if provider._state.adding:
        return render(request, "invoices/design.html", {"is_unknown": True})
    if is_operator:
        return _edit(request, provider, design_of(provider))
    chosen = design_of(provider)
    context = {
        "details": details_of(chosen, DesignForm.Meta.fields),
        "pages": _first_page(provider, chosen.style),
    }
    return render(request, "invoices/design.html", context)


def _edit(request: HttpRequest, provider: Provider, chosen: Design) -> HttpResponse:
    style, stored = chosen.style, version_of(stored_design(chosen))
    context: dict[str, Any] = {
        "version": request.POST.get("version", "") if request.method == "POST" else stored,
        "reload": request.get_full_path(),
    }
    form = DesignForm(request.POST or None, instance=chosen)
    if request.method == "POST" and form.is_valid():
        style = form.style
        try:
            change_design(shown=context["version"], **form.choices)
        except EditedByOthers as error:
            conflict = conflict_of(
                error,
                form=form,
                pk=provider.pk,
                parts=PROVIDER_PARTS,
                user_id=signed_in(request).pk,
            )
            context |= {"conflict": conflict, "version": conflict.version}
        else:
            messages.success(request, _("The design of documents was saved."))
            return redirect("invoices:design")
    context |= {"form": form, "pages": _first_page(provider, style)}
    return render(request, "invoices/design.html", context)


@require_safe
@staff_only
def preview(request: HttpRequest) -> HttpResponse:
    """Return a sample in the design that the form shows, or what is wrong with it.

    It is a part of the page, which a browser that opens it by itself gets whole.
    """
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("invoices:design")
    provider = provider_details()
    form = DesignForm(request.GET, instance=Design(provider=provider))
    if form.is_valid():
        context: dict[str, Any] = {"pages": _first_page(provider, form.style)}
    else:
        context = {"form": form}
    return render(request, "invoices/_design_preview.html", context)


def _first_page(provider: Provider, style: Style) -> list[bytes]:
    return pages_as_images(sample_of(provider, style, provider_date(timezone.now())))[:1]
