"""Pages of what was agreed with an organization."""

from __future__ import annotations

from collections.abc import Callable, Collection
from copy import copy
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import operators_only, signed_in
from foundation.lists.choices import rows_a_page
from foundation.web.edit_conflicts import EditConflict, conflict_of
from foundation.web.tabs import carried
from foundation.web.versions import EditedByOthers, version_of
from organizations.access import whole_organization_for
from organizations.agreement import operations
from organizations.agreement.effects import recomputed_by
from organizations.agreement.forms import TermForm
from organizations.agreement.kinds import KINDS, Kind, kind_of
from organizations.agreement.refusals import TermChanged, TermRefusal
from organizations.agreement.shown import shown_kinds, shown_term, shown_terms, terms_of
from organizations.models import Organization
from tariffs.affected_invoices import AffectedInvoices

METHODS = ["GET", "HEAD", "POST"]


@require_safe
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was agreed with an organization, also to its owners.

    The parameter `kind` asks for all terms of one kind, in pages.
    """
    user = signed_in(request)
    organization = whole_organization_for(user, pk)
    today = organization.date_at(timezone.now())
    if slug := request.GET.get("kind"):
        return _all_of_kind(request, organization, kind_of(slug), today)
    context = {
        "organization": organization,
        "kinds": shown_kinds(organization, today),
        "can_be_added": KINDS if user.is_operator else (),
    }
    return render(request, "organizations/agreement/page.html", context)


def _all_of_kind(
    request: HttpRequest, organization: Organization, kind: Kind, today: date
) -> HttpResponse:
    terms = Paginator(terms_of(kind, organization, today), rows_a_page(request))
    page = terms.get_page(request.GET.get("page"))
    context = {
        "organization": organization,
        "kind": kind,
        "terms": shown_terms(kind, page.object_list, today),
        "page": page,
        "way_back": _page(request, organization.pk),
    }
    return render(request, "organizations/agreement/of_kind.html", context)


@operators_only
@require_http_methods(METHODS)
def add(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Add a term; ask for confirmation if it changes what has been invoiced."""
    kind, organization = kind_of(slug), whole_organization_for(signed_in(request), pk)
    new = kind.new(organization=organization, **_proposed(kind, organization, request.GET))
    form = kind.form(request.POST or None, organization=organization, instance=new)
    context = _context(request, organization, kind.adding, form)
    if request.method == "POST" and form.is_valid():
        change = partial(
            operations.add_term, model=kind.model, organization_id=pk, fields=form.term_fields
        )
        try:
            if _done(request, context, None, change):
                messages.success(request, _("The agreement was saved."))
                return redirect(_page(request, pk))
        except TermRefusal as refusal:
            form.add_error(refusal.field, str(refusal))
    return render(request, "organizations/agreement/form.html", context)


def _proposed(kind: Kind, organization: Organization, query: QueryDict) -> dict[str, Any]:
    """Return the valid values among those that the address proposes, by field name."""
    form = kind.form(query, organization=organization, instance=kind.new(organization=organization))
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if query.get(name)}


@operators_only
@require_http_methods(METHODS)
def edit(request: HttpRequest, pk: int, slug: str, term: int) -> HttpResponse:
    """Change a term."""
    return _change(request, pk, kind_of(slug), term)


@operators_only
@require_http_methods(METHODS)
def end(request: HttpRequest, pk: int, slug: str, term: int) -> HttpResponse:
    """Set the last day of a term, such as the day before an organization is restored."""
    return _change(request, pk, kind_of(slug), term, only=("last_on",))


def _change(
    request: HttpRequest, pk: int, kind: Kind, term_id: int, only: Collection[str] = ()
) -> HttpResponse:
    organization = whole_organization_for(signed_in(request), pk)
    if not {*only} <= {*operations.FIELDS[kind.model]}:
        return redirect(_page(request, pk))
    term = get_object_or_404(_terms(kind), pk=term_id, organization=organization)
    stored = version_of(operations.stored_values(term))
    shown = request.POST.get("version", "") if request.method == "POST" else stored
    # A form writes typed values into its instance.
    form = kind.form(
        request.POST or None, organization=organization, instance=copy(term), only=only
    )
    context = _context(request, organization, kind.ending if only else kind.name, form)
    context |= {"kind": kind, "term": term, "version": shown, "is_end": bool(only)}
    context["shown"] = shown_term(kind, term, organization.date_at(timezone.now()))
    if request.method == "POST" and form.is_valid():
        change = partial(
            operations.change_term,
            model=kind.model,
            organization_id=pk,
            term_id=term_id,
            shown=shown,
            fields=form.term_fields,
        )
        try:
            if _done(request, context, term, change):
                messages.success(request, _("The agreement was saved."))
                return redirect(_page(request, pk))
        except EditedByOthers as error:
            conflict = _conflict(request, organization, kind, form, error)
            context |= {"conflict": conflict, "version": conflict.version}
        except TermRefusal as refusal:
            if not refusal.field:
                messages.error(request, str(refusal))
                return redirect(_page(request, pk))
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return render(request, "organizations/agreement/form.html", context)


@operators_only
@require_http_methods(METHODS)
def withdraw(request: HttpRequest, pk: int, slug: str, term: int) -> HttpResponse:
    """Withdraw a term that does not apply yet, after confirmation."""
    kind, organization = kind_of(slug), whole_organization_for(signed_in(request), pk)
    stored = get_object_or_404(_terms(kind), pk=term, organization=organization)
    now = timezone.now()
    if request.method == "POST":
        try:
            operations.withdraw_term(
                model=kind.model,
                organization_id=pk,
                term_id=term,
                shown=request.POST.get("version", ""),
                now=now,
            )
        except TermChanged as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())
        except TermRefusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The entry was withdrawn."))
        return redirect(_page(request, pk))
    context = {
        "organization": organization,
        "kind": kind,
        "shown": shown_term(kind, stored, organization.date_at(now)),
        "version": version_of(operations.stored_values(stored)),
        "way_back": _page(request, pk),
    }
    return render(request, "organizations/agreement/withdraw.html", context)


def _done(
    request: HttpRequest, context: dict[str, Any], before: Any, change: Callable[[], object]
) -> bool:
    """Make a change if the person has seen the invoices that it affects; if not, show them.

    Raises:
        EditedByOthers, TermRefusal: the change is refused.
    """
    organization, after = context["organization"], context["form"].instance
    span = recomputed_by(organization, before, after)
    affected = AffectedInvoices.by_change(terms={organization.pk: span})
    if affected.is_agreed_to(request):
        change()
        return True
    context["affected"] = affected.with_changes(change)
    return False


def _context(
    request: HttpRequest, organization: Organization, heading: Any, form: TermForm
) -> dict[str, Any]:
    return {
        "organization": organization,
        "heading": heading,
        "form": form,
        "reload": request.get_full_path(),
        "way_back": _page(request, organization.pk),
    }


def _conflict(
    request: HttpRequest,
    organization: Organization,
    kind: Kind,
    form: TermForm,
    error: EditedByOthers,
) -> EditConflict:
    return conflict_of(
        error,
        form=form,
        pk=form.instance.pk,
        parts=(kind.part,),
        user_id=signed_in(request).pk,
        zone=organization.zone_at(timezone.now()),
    )


def _terms(kind: Kind) -> Any:
    terms = kind.model.objects.all()
    return terms.select_related("tariff") if kind.has_tariff else terms


def _page(request: HttpRequest, pk: int) -> str:
    return reverse("organizations:agreement", args=[pk], query=carried(request.GET))
