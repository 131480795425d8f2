"""Pages of the levels of reminders."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import operators_only, signed_in, staff_only
from foundation.audit.history import HistoryPart, render_history
from foundation.web.versions import digest_of
from reminders.levels import operations
from reminders.levels.forms import GeneralForm, LevelForm
from reminders.models import Level
from reminders.refusals import ChangedMeanwhile, ReminderRefusal
from reminders.texts import REMINDER

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@staff_only
def levels(request: HttpRequest) -> HttpResponse:
    """Show the levels and what holds for all of them, which operators can change."""
    is_operator = signed_in(request).is_operator
    if request.method == "POST" and not is_operator:
        raise PermissionDenied
    stored = operations.stored_general()
    form = GeneralForm(request.POST if request.method == "POST" else None, stored=stored)
    context: dict[str, Any] = {"stored": stored, "version": _version(request, stored)}
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_general(shown=context["version"], values=form.values)
        except ReminderRefusal as refusal:
            form.add_error(None, str(refusal))
            context["version"] = digest_of(stored)
        else:
            messages.success(request, _("The settings were saved."))
            return redirect("reminders:levels")
    active = Level.objects.filter(is_active=True).prefetch_related("fees", "texts")
    context |= {"levels": active.order_by("days"), "way_back": reverse("reminders:levels")}
    if is_operator:
        context["form"] = form
    return render(request, "reminders/levels.html", context)


@operators_only
@require_http_methods(METHODS)
def add(request: HttpRequest) -> HttpResponse:
    """Add a level."""
    form = LevelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_level(form.values)
        except ReminderRefusal as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("The level was saved."))
            return redirect("reminders:levels")
    return render(request, "reminders/level.html", _context(form))


@operators_only
@require_http_methods(METHODS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a level."""
    level = get_object_or_404(Level, pk=pk, is_active=True)
    stored = operations.stored_level(level)
    form = LevelForm(request.POST if request.method == "POST" else None, stored=stored)
    version = _version(request, stored)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_level(level_id=pk, shown=version, values=form.values)
        except ReminderRefusal as refusal:
            form.add_error(refusal.field, str(refusal))
            if isinstance(refusal, ChangedMeanwhile):
                version = digest_of(stored)
        else:
            messages.success(request, _("The level was saved."))
            return redirect("reminders:levels")
    context = _context(form) | {"level": level, "version": version}
    return render(request, "reminders/level.html", context)


@require_POST
@operators_only
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a level; invoices that have reached it keep that."""
    get_object_or_404(Level, pk=pk, is_active=True)
    operations.remove_level(level_id=pk)
    messages.success(request, _("The level was removed."))
    return redirect("reminders:levels")


@require_safe
@staff_only
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the changes of a level, also of one that is no longer in use."""
    return render_history(
        request,
        of=Level,
        pk=pk,
        parts=(
            HistoryPart("reminders.LevelEvent"),
            HistoryPart("reminders.LevelFeeEvent", by="level", named_by="currency"),
            HistoryPart("reminders.LevelTextEvent", by="level", named_by="language"),
        ),
        up=(reverse("reminders:levels"), _("Reminder levels")),
    )


def _version(request: HttpRequest, stored: object) -> str:
    """Return the version that the person has seen."""
    return request.POST.get("version", "") if request.method == "POST" else digest_of(stored)


def _context(form: LevelForm) -> dict[str, Any]:
    return {
        "form": form,
        "placeholders": list(REMINDER.examples.items()),
        "way_back": reverse("reminders:levels"),
    }
