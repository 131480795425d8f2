"""Pages that check electronic invoices."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in, staff_only
from foundation.jobs.setup import has_worker
from invoices.checking import operations
from invoices.checking.forms import CheckForm
from invoices.checking.models import DocumentCheck
from invoices.checking.shown import Shown
from invoices.checking.words import PROFILES

_MOST_RECENT = 10
_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_METHODS)
@staff_only
def check_document(request: HttpRequest) -> HttpResponse:
    """Offer to check a document; on POST, request it."""
    now, user = timezone.now(), signed_in(request)
    form = CheckForm(request.POST or None, request.FILES or None, initial={"id": uuid4()})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        check = operations.ask(
            check_id=form.cleaned_data["id"] or uuid4(),
            name=file.name,
            content=file.read(),
            profile=form.cleaned_data["profile"],
            now=now,
            by=user,
        )
        return redirect("invoices:check", check.pk)
    recent = DocumentCheck.objects.filter(asked_by=user, asked_at__gt=now - operations.CHECKS_KEPT)
    context = {
        "form": form,
        "recent": recent.defer("content", "result")[:_MOST_RECENT],
        "way_back": reverse("invoices:list"),
        "zone": timezone.get_current_timezone_name(),
    }
    return render(request, "invoices/checking/upload.html", context)


@require_http_methods(_METHODS)
@staff_only
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what a document states and which rules it breaks; on POST, check it by others."""
    check = get_object_or_404(DocumentCheck.objects.defer("content"), pk=pk)
    now = timezone.now()
    if request.method == "POST":
        chosen = request.POST.get("profile", "")
        again = operations.ask_again(
            check=check,
            check_id=_id_of(request),
            profile=chosen if chosen in PROFILES else "",
            now=now,
            by=signed_in(request),
        )
        return redirect("invoices:check", again.pk)
    is_in_progress = check.state == DocumentCheck.State.WAITING
    context: dict[str, Any] = {
        "check": check,
        "is_in_progress": is_in_progress,
        "is_stuck": is_in_progress and not has_worker(now),
        "shown": Shown(check.result) if check.result is not None else None,
        "profiles": PROFILES.items(),
        "id": uuid4(),
        "kept_until": check.asked_at + operations.CHECKS_KEPT,
    }
    return render(request, "invoices/checking/check.html", context)


def _id_of(request: HttpRequest) -> UUID:
    """Return the id that the page chose for another check."""
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return uuid4()
