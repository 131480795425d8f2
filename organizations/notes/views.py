"""Pages of an organization's notes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import operators_only, signed_in, staff_only
from foundation.audit.history import HistoryPart
from foundation.lists.pages import ROWS_A_PAGE
from foundation.web.edit_conflicts import conflict_of
from foundation.web.tabs import carried
from foundation.web.versions import EditedByOthers, version_of
from organizations.access import organization_for
from organizations.models import Organization
from organizations.notes import operations
from organizations.notes.forms import NoteForm
from organizations.notes.models import Note

PARTS = (HistoryPart("organizations.NoteEvent"),)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the notes about an organization, pinned ones first; let operators add one."""
    user = signed_in(request)
    if request.method == "POST" and not user.is_operator:
        raise PermissionDenied
    organization, now = organization_for(user, pk), timezone.now()
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        operations.write_note(organization_id=pk, by=user, now=now, **form.cleaned_data)
        messages.success(request, _("The note was added."))
        return _to_notes(request, organization)
    written = Note.objects.filter(organization=organization).select_related("author")
    context = {
        "organization": organization,
        "zone": organization.zone_at(now),
        "page": Paginator(written, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "form": form if user.is_operator else None,
    }
    return render(request, "organizations/notes/list.html", context)


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int, note_id: int) -> HttpResponse:
    """Change one's own note."""
    user = signed_in(request)
    organization = organization_for(user, pk)
    if _is_gone(request, note_id):
        return _to_notes(request, organization)
    note = get_object_or_404(organization.notes, pk=note_id)
    if note.author_id != user.pk:
        raise PermissionDenied
    now, stored = timezone.now(), version_of(operations.stored_values(note))
    context: dict[str, Any] = {
        "organization": organization,
        "version": request.POST.get("version", "") if request.method == "POST" else stored,
        "reload": request.get_full_path(),
        "way_back": _address(request, pk),
    }
    form = NoteForm(request.POST or None, instance=note)
    if request.method == "POST" and form.is_valid():
        try:
            operations.edit_note(
                note_id=note_id, by=user, now=now, shown=context["version"], **form.cleaned_data
            )
        except EditedByOthers as error:
            zone = organization.zone_at(now)
            conflict = conflict_of(
                error, form=form, pk=note_id, parts=PARTS, user_id=user.pk, zone=zone
            )
            context |= {"conflict": conflict, "version": conflict.version}
        except operations.NoteRefusal as refusal:
            messages.error(request, str(refusal))
            return _to_notes(request, organization)
        else:
            messages.success(request, _("The note was saved."))
            return _to_notes(request, organization)
    return render(request, "organizations/notes/edit.html", {**context, "form": form})


@operators_only
@require_POST
def pin(request: HttpRequest, pk: int, note_id: int) -> HttpResponse:
    """Pin a note if `pinned` is `yes`, otherwise unpin it."""
    organization = organization_for(signed_in(request), pk)
    if _is_gone(request, note_id):
        return _to_notes(request, organization)
    try:
        operations.pin_note(note_id=note_id, is_pinned=request.POST.get("pinned") == "yes")
    except operations.NoteRefusal as refusal:
        messages.error(request, str(refusal))
    return _to_notes(request, organization)


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int, note_id: int) -> HttpResponse:
    """Delete a note, after confirmation."""
    organization = organization_for(signed_in(request), pk)
    if _is_gone(request, note_id):
        return _to_notes(request, organization)
    note = get_object_or_404(organization.notes.select_related("author"), pk=note_id)
    if request.method == "POST":
        try:
            operations.delete_note(note_id=note_id)
        except operations.NoteRefusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The note was deleted."))
        return _to_notes(request, organization)
    context = {
        "organization": organization,
        "note": note,
        "zone": organization.zone_at(timezone.now()),
        "way_back": _address(request, pk),
    }
    return render(request, "organizations/notes/delete.html", context)


def _is_gone(request: HttpRequest, note_id: int) -> bool:
    """Return whether what a form is about was deleted after it was opened, and say so."""
    is_gone = request.method == "POST" and not Note.objects.filter(pk=note_id).exists()
    if is_gone:
        messages.error(request, str(operations.NoteGone()))
    return is_gone


def _address(request: HttpRequest, pk: int) -> str:
    return reverse("organizations:notes", args=[pk], query=carried(request.GET))


def _to_notes(request: HttpRequest, organization: Organization) -> HttpResponse:
    return redirect(_address(request, organization.pk))
