"""Pages on which arrangements and promises of an organization are added, changed and removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import operators_only, signed_in
from foundation.audit.history import HistoryPart
from foundation.web.edit_conflicts import conflict_of
from foundation.web.tabs import carried
from foundation.web.versions import EditedByOthers, version_of
from organizations.access import whole_organization_for
from organizations.models import Organization
from reminders.arrangements import operations
from reminders.arrangements.forms import ArrangementForm, PromiseForm
from reminders.models import Arrangement, PaymentPromise
from reminders.refusals import ReminderRefusal
from tariffs.provider_calendar import provider_date

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

METHODS = ["GET", "HEAD", "POST"]
_PROPOSED_DAYS = 14


@dataclass(frozen=True)
class Kind:
    """Arrangements or promises: their model and form, and the headings of their pages."""

    slug: str
    model: Any
    form: type[ArrangementForm] | type[PromiseForm]
    adding: StrOrPromise
    editing: StrOrPromise

    @property
    def parts(self) -> tuple[HistoryPart, ...]:
        """The changes of one row."""
        return (HistoryPart(f"reminders.{self.model.__name__}Event"),)


KINDS = {
    each.slug: each
    for each in (
        Kind(
            "arrangements",
            Arrangement,
            ArrangementForm,
            gettext_lazy("Pause or change reminders"),
            gettext_lazy("Change the arrangement"),
        ),
        Kind(
            "promises",
            PaymentPromise,
            PromiseForm,
            gettext_lazy("Record a promise to pay"),
            gettext_lazy("Change the promise"),
        ),
    )
}


@operators_only
@require_http_methods(METHODS)
def add(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Add an arrangement or a promise."""
    kind, organization = _kind(slug), whole_organization_for(signed_in(request), pk)
    now = timezone.now()
    today = provider_date(now)
    dates = {"first_on": today, "last_on": today + timedelta(days=_PROPOSED_DAYS)}
    new = kind.model(organization=organization, **dates)
    form = kind.form(request.POST if request.method == "POST" else None, instance=new)
    if request.method == "POST" and form.is_valid():
        try:
            operations.arrange(
                model=kind.model, organization_id=pk, fields=form.cleaned_data, now=now
            )
        except ReminderRefusal as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("The entry was saved."))
            return redirect(_page(request, pk))
    return render(
        request, "reminders/arrangement.html", _context(request, organization, kind, form)
    )


@operators_only
@require_http_methods(METHODS)
def edit(request: HttpRequest, pk: int, slug: str, row: int) -> HttpResponse:
    """Change an arrangement or a promise."""
    kind, organization = _kind(slug), whole_organization_for(signed_in(request), pk)
    now = timezone.now()
    stored = get_object_or_404(kind.model, pk=row, organization=organization)
    version = version_of(operations.stored_values(stored))
    form = kind.form(request.POST if request.method == "POST" else None, instance=stored)
    context = _context(request, organization, kind, form) | {
        "row": stored,
        "heading": kind.editing,
        "version": request.POST.get("version", "") if request.method == "POST" else version,
    }
    if request.method == "POST" and form.is_valid():
        try:
            operations.change(
                model=kind.model,
                organization_id=pk,
                row_id=row,
                shown=context["version"],
                fields=form.cleaned_data,
                now=now,
            )
        except EditedByOthers as error:
            user_id, zone = signed_in(request).pk, organization.zone_at(now)
            conflict = conflict_of(
                error, form=form, pk=row, parts=kind.parts, user_id=user_id, zone=zone
            )
            context |= {"conflict": conflict, "version": conflict.version}
        except ReminderRefusal as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("The entry was saved."))
            return redirect(_page(request, pk))
    return render(request, "reminders/arrangement.html", context)


@require_POST
@operators_only
def remove(request: HttpRequest, pk: int, slug: str, row: int) -> HttpResponse:
    """Remove an arrangement or a promise."""
    kind = _kind(slug)
    whole_organization_for(signed_in(request), pk)
    try:
        operations.remove(model=kind.model, organization_id=pk, row_id=row, now=timezone.now())
    except ReminderRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The entry was removed."))
    return redirect(_page(request, pk))


def _kind(slug: str) -> Kind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def _context(
    request: HttpRequest, organization: Organization, kind: Kind, form: Any
) -> dict[str, Any]:
    return {
        "organization": organization,
        "kind": kind,
        "heading": kind.adding,
        "form": form,
        "reload": request.get_full_path(),
        "way_back": _page(request, organization.pk),
    }


def _page(request: HttpRequest, pk: int) -> str:
    return reverse("payments:of_organization", args=[pk], query=carried(request.GET)) + "#reminders"
