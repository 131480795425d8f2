"""The page of an organization's billing details."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in
from foundation.web.edit_conflicts import conflict_of
from foundation.web.field_values import details_of
from foundation.web.return_addresses import redirect_back, way_back
from foundation.web.versions import EditedByOthers, version_of
from organizations.access import organization_for
from organizations.billing import (
    BillingDetails,
    missing_billing_details,
    stored_billing_details,
)
from organizations.billing_forms import BillingForm
from organizations.billing_operations import change_billing_details
from organizations.history import PARTS
from organizations.models import Organization


@require_http_methods(["GET", "HEAD", "POST"])
def billing(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the billing details; let operators change them, and go back to `next`."""
    user = signed_in(request)
    if request.method == "POST" and not user.is_operator:
        raise PermissionDenied
    organization = organization_for(user, pk)
    context: dict[str, Any] = {
        "title": organization.title,
        "pk": pk,
        "way_back": way_back(request, reverse("organizations:list")),
    }
    if not user.is_owner:
        context["missing"] = details_of(organization, missing_billing_details(organization))
    if user.is_operator:
        return _edit(request, organization, context)
    context["details"] = details_of(organization, BillingDetails.__annotations__)
    return render(request, "organizations/billing.html", context)


def _edit(
    request: HttpRequest, organization: Organization, context: dict[str, Any]
) -> HttpResponse:
    stored = version_of(stored_billing_details(organization))
    context |= {
        "version": request.POST.get("version", "") if request.method == "POST" else stored,
        "reload": request.get_full_path(),
    }
    form = BillingForm(request.POST or None, instance=organization)
    if request.method == "POST" and form.is_valid():
        try:
            change_billing_details(
                pk=organization.pk, shown=context["version"], **form.billing_details
            )
        except EditedByOthers as error:
            conflict = conflict_of(
                error, form=form, pk=organization.pk, parts=PARTS, user_id=signed_in(request).pk
            )
            context |= {"conflict": conflict, "version": conflict.version}
        else:
            said = _("The billing details of %(title)s were saved.")
            messages.success(request, said % {"title": context["title"]})
            return redirect_back(request, reverse("organizations:list"))
    return render(request, "organizations/billing.html", {**context, "form": form})
