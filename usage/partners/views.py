"""The statement of a partner, and the pages that make an organization its customer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from functools import partial
from heapq import nsmallest
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import operators_only, signed_in, staff_only
from foundation.audit.history import HistoryPart
from foundation.lists.choices import rows_a_page
from foundation.lists.exports import EXPORT_KINDS, Cell, export_response, refused_export
from foundation.web.edit_conflicts import EditConflict, conflict_of
from foundation.web.versions import EditedByOthers, version_of
from organizations.access import organization_for, whole_organization_for
from organizations.models import Organization, Partnership
from organizations.partners.effects import recomputed_with
from tariffs.affected_invoices import AffectedInvoices
from usage.partners import operations
from usage.partners.forms import EndForm, PartnershipForm
from usage.partners.statement import CameraCosts, Costs, PartnerStatement, partner_statement
from usage.statements.forms import PeriodForm, as_query, shortcuts

FORM_METHODS = ["GET", "HEAD", "POST"]
# Cameras that a page can list; the exports have all.
MOST_CAMERAS = 10_000
EXPORT_COLUMNS = (
    "organization",
    "camera",
    "title",
    "currency",
    "first_day",
    "last_day",
    "retail",
    "wholesale",
    "margin",
    "unpriced",
)


class CustomerCosts(NamedTuple):
    """What the cameras of a customer cost together, in one currency."""

    organization: Organization
    cameras: int
    costs: Costs


@require_safe
def customers(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the cameras of a partner's customers cost at wholesale and at retail prices."""
    partner = whole_organization_for(signed_in(request), pk)
    now = timezone.now()
    today = partner.date_at(now)
    form = PeriodForm.asked(request.GET, today)
    context: dict[str, Any] = {
        "organization": partner,
        "form": form,
        "shortcuts": shortcuts(today),
        "any_customers": partner.customers.exists(),
    }
    if form.is_valid():
        stated = partner_statement(partner=partner, period=form.period, now=now)
        context |= _sums(request, stated)
        query = as_query(form.period)
        context["files"] = [
            (kind.upper(), reverse(f"usage:customers_{kind}", args=[pk], query=query))
            for kind in EXPORT_KINDS
        ]
    return render(request, "usage/partners/customers.html", context)


def _sums(request: HttpRequest, stated: PartnerStatement) -> dict[str, Any]:
    """Read a statement once; return its sums, and a page of cameras by customer and name."""
    by_customer: dict[tuple[int, str], list[Any]] = {}
    by_currency: dict[str, Costs] = {}

    def read() -> Iterator[CameraCosts]:
        for each in stated.cameras():
            currency = each.costs.retail.currency
            known = by_customer.get((each.organization.pk, currency))
            if known is None:
                by_customer[each.organization.pk, currency] = [each.organization, 1, each.costs]
            else:
                known[1] += 1
                known[2] += each.costs
            total = by_currency.get(currency)
            by_currency[currency] = total + each.costs if total else each.costs
            yield each

    cameras = nsmallest(
        MOST_CAMERAS, read(), key=lambda each: (each.organization.title, each.name, each.camera_id)
    )
    rows = [CustomerCosts(*values) for values in by_customer.values()]
    return {
        "totals": sorted(by_currency.items()),
        "by_customer": sorted(rows, key=lambda row: (row.organization.title, row.organization.pk)),
        "page": Paginator(cameras, rows_a_page(request)).get_page(request.GET.get("page")),
        "most": MOST_CAMERAS,
    }


@require_safe
def export(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """Export the statement of a partner: a row for each camera, customer and currency."""
    partner = whole_organization_for(signed_in(request), pk)
    now = timezone.now()
    form = PeriodForm.asked(request.GET, partner.date_at(now))
    if not form.is_valid():
        return refused_export(form.refusal)
    stated = partner_statement(partner=partner, period=form.period, now=now)
    name = f"customers-{form.period.start}-{form.period.last}"
    return export_response(kind, name, EXPORT_COLUMNS, _rows(stated), sheet="Customers")


def _rows(stated: PartnerStatement) -> Iterator[list[Cell]]:
    for each in stated.cameras():
        costs = each.costs
        yield [
            each.organization.title,
            each.name,
            each.title,
            costs.retail.currency,
            stated.period.start,
            stated.period.last,
            costs.retail.number,
            costs.wholesale.number,
            costs.margin.number,
            costs.unpriced,
        ]


@require_safe
@staff_only
def partners(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the partners of an organization, past and present."""
    organization = organization_for(signed_in(request), pk)
    now = timezone.now()
    found = organization.partnerships.select_related("partner").order_by("-first_on")
    rows = [(each, each.first_on > organization.date_at(now)) for each in found]
    context = {
        "organization": organization,
        "rows": rows,
        "customers": organization.customers.count(),
    }
    return render(request, "usage/partners/partners.html", context)


@require_http_methods(FORM_METHODS)
@operators_only
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an organization the customer of a partner."""
    organization = organization_for(signed_in(request), pk)
    form = PartnershipForm(request.POST or None)
    context = {
        "organization": organization,
        "form": form,
        "way_back": reverse("usage:partners", args=[pk]),
    }
    if form.is_valid():
        partner: Organization = form.cleaned_data["to"]
        dates = {name: form.cleaned_data[name] for name in ("first_on", "last_on")}
        change = partial(
            operations.add_partnership, organization_id=pk, partner_id=partner.pk, **dates
        )
        new = Partnership(organization=organization, partner=partner, **dates)
        try:
            if _done(request, context, None, new, change):
                text = _("“%(title)s” is billed for this organization.") % {"title": partner.title}
                messages.success(request, text)
                return redirect("usage:partners", pk)
        except operations.PartnershipRefusal as refusal:
            form.add_error(refusal.field, str(refusal))
    return render(request, "usage/partners/add.html", context)


@require_http_methods(FORM_METHODS)
@operators_only
def end(request: HttpRequest, pk: int, of: int) -> HttpResponse:
    """Set the last day of partnership `of`."""
    organization = organization_for(signed_in(request), pk)
    of_pair = Partnership.objects.select_related("organization", "partner")
    partnership = get_object_or_404(of_pair, pk=of, organization=pk)
    shown = request.POST.get("version", "")
    if request.method != "POST":
        shown = version_of(operations.stored_values(partnership))
    # A form writes typed values into its instance.
    form = EndForm(request.POST if request.method == "POST" else None, instance=copy(partnership))
    context = {
        "organization": organization,
        "partnership": partnership,
        "form": form,
        "version": shown,
        "reload": request.get_full_path(),
        "way_back": reverse("usage:partners", args=[pk]),
    }
    if form.is_valid():
        change = partial(
            operations.end_partnership, partnership_id=of, shown=shown, **form.cleaned_data
        )
        try:
            if _done(request, context, partnership, form.instance, change):
                messages.success(request, _("The last day of the partnership has been saved."))
                return redirect("usage:partners", pk)
        except EditedByOthers as error:
            conflict = _conflict(request, form, error)
            context |= {"conflict": conflict, "version": conflict.version}
        except operations.PartnershipGone as refusal:
            messages.error(request, str(refusal))
            return redirect("usage:partners", pk)
        except operations.PartnershipRefusal as refusal:
            form.add_error(refusal.field, str(refusal))
    return render(request, "usage/partners/end.html", context)


def _done(
    request: HttpRequest,
    context: dict[str, Any],
    before: Partnership | None,
    after: Partnership,
    change: Callable[[], object],
) -> bool:
    """Make a change if the person has seen the invoices that it affects; if not, show them.

    Raises:
        EditedByOthers, PartnershipRefusal: the change is refused.
    """
    affected = AffectedInvoices.by_change(terms=recomputed_with(before, after))
    if affected.is_agreed_to(request):
        change()
        return True
    context["affected"] = affected.with_changes(change)
    return False


def _conflict(request: HttpRequest, form: EndForm, error: EditedByOthers) -> EditConflict:
    return conflict_of(
        error,
        form=form,
        pk=form.instance.pk,
        parts=(HistoryPart("organizations.PartnershipEvent"),),
        user_id=signed_in(request).pk,
        zone=form.instance.organization.zone_at(timezone.now()),
    )


@require_POST
@operators_only
def withdraw(request: HttpRequest, pk: int, of: int) -> HttpResponse:
    """Withdraw partnership `of`, which has not begun."""
    get_object_or_404(Partnership, pk=of, organization=pk)
    try:
        operations.withdraw_partnership(partnership_id=of, now=timezone.now())
    except operations.PartnershipRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The partnership has been withdrawn."))
    return redirect("usage:partners", pk)
