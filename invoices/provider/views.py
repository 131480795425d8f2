"""Pages of the provider's details, their history and the logo."""

from typing import Any

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import signed_in, staff_only
from foundation.audit.history import render_history
from foundation.web.edit_conflicts import conflict_of
from foundation.web.field_values import details_of
from foundation.web.return_addresses import redirect_back, way_back
from foundation.web.versions import EditedByOthers, version_of
from invoices.documents import french_codes
from invoices.history import PROVIDER_PARTS
from invoices.provider.forms import ProviderForm
from invoices.provider.logos import kind_of
from invoices.provider.models import Provider
from invoices.provider.operations import change_provider, stored_provider_details
from invoices.provider.parties import provider_details


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def provider(request: HttpRequest) -> HttpResponse:
    """Show the provider. Operators can edit it, and then return to `next`."""
    is_operator = signed_in(request).is_operator
    if request.method == "POST" and not is_operator:
        raise PermissionDenied
    stored = provider_details()
    context: dict[str, Any] = {
        "has_history": not stored._state.adding,
        "has_logo": stored.logo is not None,
        "is_french": stored.country in french_codes.COUNTRIES,
        "way_back": way_back(request, reverse("invoices:provider")),
    }
    if is_operator:
        return _edit(request, stored, context)
    context["details"] = details_of(stored, ProviderForm.Meta.fields)
    return render(request, "invoices/provider.html", context)


def _edit(request: HttpRequest, provider: Provider, context: dict[str, Any]) -> HttpResponse:
    stored = version_of(stored_provider_details(provider))
    context |= {
        "version": request.POST.get("version", "") if request.method == "POST" else stored,
        "reload": request.get_full_path(),
    }
    form = ProviderForm(request.POST or None, request.FILES or None, instance=provider)
    if request.method == "POST" and form.is_valid():
        try:
            change_provider(shown=context["version"], **form.provider_details)
        except EditedByOthers as error:
            conflict = conflict_of(
                error, form=form, pk=1, parts=PROVIDER_PARTS, user_id=signed_in(request).pk
            )
            context |= {"conflict": conflict, "version": conflict.version}
        else:
            messages.success(request, _("The provider details were saved."))
            return redirect_back(request, reverse("invoices:provider"))
    return render(request, "invoices/provider.html", {**context, "form": form})


@require_safe
@staff_only
def provider_history(request: HttpRequest) -> HttpResponse:
    """Show the changes to the provider's details and who made them."""
    return render_history(
        request,
        of=Provider,
        pk=1,
        parts=PROVIDER_PARTS,
        up=(reverse("invoices:provider"), _("Provider details")),
    )


@require_safe
@csp_replace({"default-src": [NONE], "style-src": [UNSAFE_INLINE], "img-src": ["data:"]})
def logo(request: HttpRequest) -> HttpResponse:
    """Return the logo to any signed-in user, because documents show it.

    The content security policy prevents an SVG that is opened by itself from running anything.

    Raises:
        Http404: the provider has no logo.
    """
    picture = provider_details().logo
    if picture is None:
        raise Http404
    content = bytes(picture.content)
    return HttpResponse(content, content_type=kind_of(content))
