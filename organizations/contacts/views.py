"""Pages on which contacts are added, changed and deleted; the overview lists them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import operators_only, signed_in
from foundation.audit.history import HistoryPart
from foundation.web.edit_conflicts import conflict_of
from foundation.web.tabs import carried
from foundation.web.versions import EditedByOthers, version_of
from organizations.access import organization_for
from organizations.contacts import operations
from organizations.contacts.forms import ContactForm
from organizations.models import Contact

PARTS = (HistoryPart("organizations.ContactEvent"),)
METHODS = ["GET", "HEAD", "POST"]


@operators_only
@require_http_methods(METHODS)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a contact to an organization."""
    organization = organization_for(signed_in(request), pk)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        contact = operations.add_contact(organization_id=pk, **form.cleaned_data)
        messages.success(request, _("%(name)s was added.") % {"name": contact.name})
        return redirect(_overview(request, pk))
    context = {"organization": organization, "form": form, "way_back": _overview(request, pk)}
    return render(request, "organizations/contacts/add.html", context)


@operators_only
@require_http_methods(METHODS)
def edit(request: HttpRequest, pk: int, contact_id: int) -> HttpResponse:
    """Change a contact."""
    organization = organization_for(signed_in(request), pk)
    if _is_gone(request, contact_id):
        return redirect(_overview(request, pk))
    contact = get_object_or_404(organization.contacts, pk=contact_id)
    stored = version_of(operations.stored_values(contact))
    context: dict[str, Any] = {
        "organization": organization,
        "contact": contact,
        "version": request.POST.get("version", "") if request.method == "POST" else stored,
        "reload": request.get_full_path(),
        "way_back": _overview(request, pk),
    }
    form = ContactForm(request.POST or None, instance=contact)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_contact(
                contact_id=contact_id, shown=context["version"], **form.cleaned_data
            )
        except EditedByOthers as error:
            user_id = signed_in(request).pk
            zone = organization.zone_at(timezone.now())
            conflict = conflict_of(
                error, form=form, pk=contact_id, parts=PARTS, user_id=user_id, zone=zone
            )
            context |= {"conflict": conflict, "version": conflict.version}
        except operations.ContactGone as refusal:
            messages.error(request, str(refusal))
            return redirect(_overview(request, pk))
        else:
            messages.success(request, _("The contact was saved."))
            return redirect(_overview(request, pk))
    return render(request, "organizations/contacts/edit.html", {**context, "form": form})


@operators_only
@require_http_methods(METHODS)
def delete(request: HttpRequest, pk: int, contact_id: int) -> HttpResponse:
    """Delete a contact, after confirmation."""
    organization = organization_for(signed_in(request), pk)
    if _is_gone(request, contact_id):
        return redirect(_overview(request, pk))
    contact = get_object_or_404(organization.contacts, pk=contact_id)
    if request.method == "POST":
        try:
            operations.delete_contact(contact_id=contact_id)
        except operations.ContactGone as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The contact was deleted."))
        return redirect(_overview(request, pk))
    context = {"organization": organization, "contact": contact, "way_back": _overview(request, pk)}
    return render(request, "organizations/contacts/delete.html", context)


def _is_gone(request: HttpRequest, contact_id: int) -> bool:
    """Return whether what a form is about was deleted after it was opened, and say so."""
    is_gone = request.method == "POST" and not Contact.objects.filter(pk=contact_id).exists()
    if is_gone:
        messages.error(request, str(operations.ContactGone()))
    return is_gone


def _overview(request: HttpRequest, pk: int) -> str:
    return reverse("reports:overview", args=[pk], query=carried(request.GET))
