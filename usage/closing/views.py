"""Pages that close, reopen and delete an organization."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import operators_only, signed_in
from organizations.access import organization_for
from organizations.models import Organization
from usage.closing import operations
from usage.closing.effects import closing_of, reopening_of
from usage.closing.forms import ClosingForm
from usage.models import PlannedChange

FORM_METHODS = ["GET", "HEAD", "POST"]


@operators_only
@require_http_methods(FORM_METHODS)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the last day of an organization, show what closing changes, then close it."""
    organization = organization_for(signed_in(request), pk)
    now = timezone.now().replace(microsecond=0)
    form = ClosingForm(
        request.POST or None,
        organization=organization,
        now=now,
    )
    context: dict[str, Any] = {
        "organization": organization,
        "form": form,
        "zone": organization.zone_at(now),
    }
    if request.method == "POST" and form.is_valid():
        closing = closing_of(organization, form.cleaned_data["last_on"], now)
        change = partial(operations.close, organization_id=pk, last_on=closing.last_on, now=now)
        try:
            if request.POST.get("seen") == closing.seen:
                _report(request, organization, closing.last_on, change())
                return redirect("usage:usages", pk)
            context |= {"closing": closing, "affected": closing.affected.with_changes(change)}
        except operations.ChargesAfterClosing as refusal:
            form.add_error("last_on", str(refusal))
    return render(request, "usage/close.html", context)


def _report(
    request: HttpRequest, organization: Organization, last_on: date, disconnected: int
) -> None:
    names = {"title": organization.title, "date": date_format(last_on)}
    messages.success(request, _("“%(title)s” is closed after %(date)s.") % names)
    if disconnected:
        text = ngettext(
            "%(number)s camera was disconnected.",
            "%(number)s cameras were disconnected.",
            disconnected,
        )
        messages.info(request, text % {"number": disconnected})


@operators_only
@require_http_methods(FORM_METHODS)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether to reopen an organization; reopen it on POST."""
    organization = organization_for(signed_in(request), pk)
    if organization.closed_on is None:
        return redirect("usage:close", pk)
    affected = reopening_of(organization, timezone.now())
    change = partial(operations.reopen, organization_id=pk)
    if request.method == "POST" and affected.is_agreed_to(request):
        change()
        messages.success(request, _("“%(title)s” is open again.") % {"title": organization.title})
        return redirect("usage:cameras", pk)
    context = {"organization": organization, "affected": affected.with_changes(change)}
    return render(request, "usage/reopen.html", context)


@operators_only
@require_http_methods(FORM_METHODS)
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether to delete an organization that was never used; delete it on POST."""
    organization = organization_for(signed_in(request), pk)
    if request.method == "POST":
        try:
            operations.delete(organization_id=pk)
        except operations.OrganizationUsed as refusal:
            messages.error(request, str(refusal))
            return redirect("usage:delete", pk)
        messages.success(request, _("“%(title)s” was deleted.") % {"title": organization.title})
        return redirect("organizations:list")
    context = {
        "organization": organization,
        "is_used": operations.is_used(organization),
        "planned_count": PlannedChange.objects.about(pk).waiting().count(),
    }
    return render(request, "usage/delete.html", context)
