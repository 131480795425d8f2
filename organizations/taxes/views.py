"""Pages of taxes."""

from __future__ import annotations

from copy import copy
from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import operators_only, signed_in, staff_only
from foundation.audit.history import render_history
from foundation.web.dated_versions import dated_versions
from foundation.web.edit_conflicts import conflict_of
from foundation.web.gone import to_list_if_gone
from foundation.web.return_addresses import redirect_back, way_back
from foundation.web.versions import EditedByOthers, version_of
from organizations.models import Tax, TaxCategory, TaxPercent
from organizations.taxes import operations
from organizations.taxes.forms import NewTaxForm, RateForm, TaxForm, WithdrawRateForm
from organizations.taxes.history import PARTS
from tariffs.provider_calendar import provider_date

FORM_METHODS = ["GET", "HEAD", "POST"]
_unless_gone = to_list_if_gone(operations.TaxGone, "taxes:list")


class ListedTax(NamedTuple):
    """A tax in the list: its rate today, and the next one; None if there is none."""

    tax: Any
    now: TaxPercent | None
    later: TaxPercent | None


@require_safe
@staff_only
def taxes(request: HttpRequest) -> HttpResponse:
    """List taxes with their rates and use. A provider has a handful, so there are no pages."""
    today = provider_date(timezone.now())
    listed = [_listed(tax, today) for tax in _with_use().prefetch_related("percents")]
    context = {
        "taxes": listed,
        "can_edit": signed_in(request).is_operator,
        "back": way_back(request, ""),
    }
    return render(request, "taxes/list.html", context)


@require_http_methods(FORM_METHODS)
@operators_only
def add(request: HttpRequest) -> HttpResponse:
    """Add a tax, with its first rate if it has rates."""
    form = NewTaxForm(request.POST or None, today=provider_date(timezone.now()))
    if form.is_valid():
        try:
            tax = operations.create_tax(
                category=form.cleaned_data["category"],
                percent=form.cleaned_data["percent"],
                valid_from=form.cleaned_data["valid_from"],
                **form.tax_fields,
            )
        except operations.TaxNameTaken as refusal:
            form.add_error("name", str(refusal))
        except operations.DefaultTaken as refusal:
            form.add_error("is_default", str(refusal))
        else:
            messages.success(request, _("Tax “%s” has been added.") % tax)
            return redirect("taxes:list")
    return render(request, "taxes/add.html", {"form": form})


@require_http_methods(FORM_METHODS)
@operators_only
@_unless_gone
def edit(request: HttpRequest, tax_id: int) -> HttpResponse:
    """Edit a tax, and show its rates and use."""
    tax = get_object_or_404(_with_use(), pk=tax_id)
    stored = version_of(operations.stored_values(tax))
    version = request.POST.get("version", "") if request.method == "POST" else stored
    conflict = None
    # A form writes typed values into its instance; the rest of the page must show stored values.
    form = TaxForm(request.POST or None, instance=copy(tax))
    if form.is_valid():
        try:
            saved = operations.change_tax(tax_id=tax_id, shown=version, **form.tax_fields)
        except EditedByOthers as error:
            conflict = conflict_of(
                error, form=form, pk=tax_id, parts=PARTS, user_id=signed_in(request).pk
            )
            version = conflict.version
        except operations.TaxNameTaken as refusal:
            form.add_error("name", str(refusal))
        except operations.DefaultTaken as refusal:
            form.add_error("is_default", str(refusal))
        else:
            messages.success(request, _("Tax “%s” has been saved.") % saved)
            return redirect_back(request, reverse("taxes:edit", args=[tax_id]))
    context = {
        "tax": tax,
        "form": form,
        "version": version,
        "conflict": conflict,
        "reload": request.get_full_path(),
        "back": way_back(request, ""),
        **_rates(tax, RateForm()),
    }
    return render(request, "taxes/edit.html", context)


@require_safe
@staff_only
def history(request: HttpRequest, tax_id: int) -> HttpResponse:
    """Show the history of a tax and its rates, even if it has been deleted."""
    is_operator = signed_in(request).is_operator
    return render_history(
        request,
        of=Tax,
        pk=tax_id,
        parts=PARTS,
        up=(reverse("taxes:list"), _("Taxes")),
        links=[(reverse("taxes:edit", args=[tax_id]), _("Edit"))] if is_operator else [],
    )


@require_http_methods(FORM_METHODS)
@operators_only
@_unless_gone
def add_rate(request: HttpRequest, tax_id: int) -> HttpResponse:
    """Set a new rate; ask for confirmation if it changes past or existing rates."""
    tax = get_object_or_404(_with_use(), pk=tax_id)
    form = RateForm(request.POST or None)
    if form.is_valid():
        try:
            rate = operations.set_rate(tax_id=tax_id, now=timezone.now(), **form.cleaned_data)
        except operations.RateNotConfirmed as refusal:
            context = {"tax": tax, "form": form, "change": refusal.change}
            return render(request, "taxes/confirm_rate.html", context)
        except operations.WithoutRates as refusal:
            messages.error(request, str(refusal))
        else:
            said = _("The rate has been set to %(rate)s from %(date)s.")
            percent = f"{number_format(rate.percent)} %"
            values = {"rate": percent, "date": date_format(rate.valid_from)}
            messages.success(request, said % values)
        return redirect_back(request, reverse("taxes:edit", args=[tax_id]))
    return render(request, "taxes/add_rate.html", {"tax": tax, **_rates(tax, form)})


@require_http_methods(FORM_METHODS)
@operators_only
@_unless_gone
def withdraw_rate(request: HttpRequest, tax_id: int, rate_id: int) -> HttpResponse:
    """Withdraw a rate that is not yet in force, after confirmation."""
    rates = TaxPercent.objects.select_related("tax")
    rate = get_object_or_404(rates, pk=rate_id, tax=tax_id)
    form = WithdrawRateForm(request.POST or None, initial={"percent": rate.percent})
    if form.is_valid():
        try:
            operations.withdraw_rate(
                tax_id=tax_id, rate_id=rate_id, now=timezone.now(), **form.cleaned_data
            )
        except (operations.RateGone, operations.RateInForce) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The rate has been withdrawn."))
        return redirect("taxes:edit", tax_id)
    context = {"tax": rate.tax, "rate": rate, "form": form}
    return render(request, "taxes/confirm_withdrawal.html", context)


@require_http_methods(FORM_METHODS)
@operators_only
@_unless_gone
def delete(request: HttpRequest, tax_id: int) -> HttpResponse:
    """Delete a tax that no organization is billed with, after confirmation."""
    tax = get_object_or_404(_with_use(), pk=tax_id)
    if request.method == "POST":
        try:
            operations.delete_tax(tax_id=tax_id)
        except operations.TaxInUse as refusal:
            messages.error(request, str(refusal))
            return redirect("taxes:edit", tax_id)
        messages.success(request, _("Tax “%s” has been deleted.") % tax)
        return redirect("taxes:list")
    return render(request, "taxes/delete.html", {"tax": tax})


def _with_use() -> QuerySet[Tax]:
    """Return taxes annotated with `organization_count`."""
    count = Count("billing_details__organization", distinct=True)
    return Tax.objects.annotate(organization_count=count)


def _listed(tax: Tax, today: date) -> ListedTax:
    """Return a tax with its rates; they must have been read with it, the latest first."""
    versions = dated_versions(tax.percents.all(), today)
    now = next((rate for rate, state in versions if state == "now"), None)
    later = [rate for rate, state in versions if state == "later"]
    return ListedTax(tax, now, later[-1] if later else None)


def _rates(tax: Tax, form: RateForm) -> dict[str, Any]:
    """Return what the part of a page with the rates of a tax needs."""
    if tax.category != TaxCategory.STANDARD:
        return {"has_rates": False}
    today = provider_date(timezone.now())
    versions = dated_versions(tax.percents.order_by("-valid_from"), today)
    return {"has_rates": True, "versions": versions, "rate_form": form}
