"""Pages of an organization's billing details."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import operators_only, signed_in
from foundation.web.dated_versions import DatedVersion, dated_versions
from foundation.web.edit_conflicts import conflict_of
from foundation.web.field_values import Detail, details_of
from foundation.web.return_addresses import redirect_back, way_back
from foundation.web.versions import EditedByOthers, version_of
from organizations.access import whole_organization_for
from organizations.billing import details as by_date
from organizations.billing import operations
from organizations.billing.details import BillingFields, DeliveryFields
from organizations.billing.forms import BillingForm
from organizations.history import PARTS
from organizations.models import BillingDetails, Organization


@require_http_methods(["GET", "HEAD", "POST"])
def billing(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the billing details; let operators change them, and go back to `next`."""
    user = signed_in(request)
    if request.method == "POST" and not user.is_operator:
        raise PermissionDenied
    organization = whole_organization_for(user, pk)
    today = organization.date_at(timezone.now())
    versions = dated_versions(organization.billing_details.select_related("tax").reverse(), today)
    version = _opened(request, versions)
    context: dict[str, Any] = {
        # As it is stored: the form changes its own while it reads what was typed.
        "organization": copy(organization),
        "way_back": way_back(request, reverse("reports:overview", args=[pk])),
        "versions": versions,
        "opened": version,
        "proposal": organization.address_requests.order_by("-pk").first(),
    }
    if not user.is_owner:
        context["missing"] = _missing(organization, version)
    if user.is_operator:
        return _edit(request, organization, version, context)
    context["details"] = [
        *details_of(version or BillingDetails(), BillingFields.__annotations__),
        *details_of(organization, DeliveryFields.__annotations__),
    ]
    return render(request, "organizations/billing.html", context)


def _edit(
    request: HttpRequest,
    organization: Organization,
    version: BillingDetails | None,
    context: dict[str, Any],
) -> HttpResponse:
    stored = version_of(operations.stored_billing_details(organization, version))
    context |= {
        "version": request.POST.get("version", "") if request.method == "POST" else stored,
        "reload": request.get_full_path(),
    }
    form = BillingForm(request.POST or None, organization=organization, version=version)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_billing_details(
                pk=organization.pk,
                version_id=form.cleaned_data["details"],
                valid_from=form.cleaned_data["valid_from"],
                shown=context["version"],
                delivery=form.delivery,
                **form.billing_fields,
            )
        except EditedByOthers as error:
            conflict = conflict_of(
                error,
                form=form,
                pk=organization.pk,
                parts=PARTS,
                user_id=signed_in(request).pk,
                models=(BillingDetails, Organization),
                zone=organization.zone_at(timezone.now()),
            )
            context |= {"conflict": conflict, "version": conflict.version}
        except operations.DateTaken as refusal:
            form.add_error("valid_from", str(refusal))
        except operations.TaxNotThere as refusal:
            form.add_error("tax", str(refusal))
        except operations.DetailsGone as refusal:
            messages.error(request, str(refusal))
            return redirect("organizations:billing", organization.pk)
        else:
            said = _("The billing details of %(title)s were saved.")
            messages.success(request, said % {"title": organization.title})
            return redirect_back(request, reverse("reports:overview", args=[organization.pk]))
    return render(request, "organizations/billing.html", {**context, "form": form})


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """Withdraw billing details that do not apply yet, after confirmation."""
    organization = whole_organization_for(signed_in(request), pk)
    details = get_object_or_404(organization.billing_details, pk=version)
    if request.method == "POST":
        try:
            operations.withdraw_billing_details(pk=pk, version_id=version, now=timezone.now())
        except operations.DetailsRefusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The billing details have been withdrawn."))
        return redirect("organizations:billing", pk)
    context = {"title": organization.title, "pk": pk, "details": details}
    return render(request, "organizations/withdraw_billing.html", context)


def _opened(
    request: HttpRequest, versions: Sequence[DatedVersion[BillingDetails]]
) -> BillingDetails | None:
    """Return the version that the form or the address names, or else the one in force today.

    Raises:
        Http404: the address names no version of these. A form's version may have been withdrawn.
    """
    wanted = request.POST.get("details") or request.GET.get("version")
    if not wanted:
        return next((row for row, state in versions if state == "now"), None)
    found = next((row for row, _state in versions if str(row.pk) == wanted), None)
    if found is None and request.method != "POST":
        raise Http404
    return found


def _missing(organization: Organization, version: BillingDetails | None) -> list[Detail]:
    """Return the fields of a version that invoices still need."""
    stored = by_date.details_of(organization.pk).versions
    read = next((each for each in stored if version and each.id == version.pk), by_date.NO_DETAILS)
    names = ["tax_number" if name == "vat_number" else name for name in read.missing]
    return details_of(version or BillingDetails(), names)
