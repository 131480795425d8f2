"""Pages of tariff plans."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import operators_only, signed_in, staff_only
from foundation.audit.history import render_history
from foundation.lists.exports import export_response
from foundation.lists.pages import all_rows, render_list
from foundation.web.dated_versions import DatedVersion, dated_versions
from foundation.web.edit_conflicts import EditConflict, conflict_of
from foundation.web.gone import to_list_if_gone
from foundation.web.return_addresses import redirect_back, way_back
from foundation.web.versions import EditedByOthers, version_of
from tariffs import operations
from tariffs.affected_invoices import AffectedInvoices
from tariffs.exports import EXPORT_COLUMNS, export_rows
from tariffs.filters import TariffFilter
from tariffs.forms import DeleteForm, EditTariffForm
from tariffs.history import parts
from tariffs.models import Tariff, TariffPrice
from tariffs.money import format_money
from tariffs.price_forms import NewTariffForm, PriceForm, WithdrawForm
from tariffs.provider_calendar import provider_date
from tariffs.steps import Steps, steps_of, text_of
from tariffs.tables import TariffTable

FORM_METHODS = ["GET", "HEAD", "POST"]
_unless_gone = to_list_if_gone(operations.TariffGone, "tariffs:list")


@require_safe
@staff_only
def tariff_list(request: HttpRequest) -> HttpResponse:
    """List tariff plans with their prices and use."""
    filterset, table = _listed(request)
    return render_list(
        request,
        "tariffs/list.html",
        table=table,
        filterset=filterset,
        export="tariffs:export",
        any_tariffs=Tariff.objects.exists(),
        back=way_back(request, ""),
    )


@require_safe
@staff_only
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Export the list, with its filter and order, as a file."""
    _filterset, table = _listed(request)
    rows = export_rows(all_rows(request, table))
    return export_response(kind, "tariffs", EXPORT_COLUMNS, rows)


def _listed(request: HttpRequest) -> tuple[TariffFilter, TariffTable]:
    tariffs = Tariff.objects.with_prices(provider_date(timezone.now())).with_use()
    filterset = TariffFilter(request.GET, queryset=tariffs)
    return filterset, TariffTable(filterset.qs, can_edit=signed_in(request).is_operator)


@require_http_methods(FORM_METHODS)
@operators_only
def add(request: HttpRequest) -> HttpResponse:
    """Add a tariff plan with its first price."""
    form = NewTariffForm(request.POST or None, today=provider_date(timezone.now()))
    if form.is_valid():
        try:
            tariff = operations.create_tariff(**form.cleaned_data)
        except operations.NameTaken as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Tariff plan “%s” has been added.") % tariff)
            return redirect("tariffs:list")
    return render(request, "tariffs/add.html", {"form": form})


@require_http_methods(FORM_METHODS)
@operators_only
@_unless_gone
def edit(request: HttpRequest, tariff_id: int) -> HttpResponse:
    """Edit a tariff plan, and show its prices and use."""
    tariff = _tariff_with_use(tariff_id)
    is_used = operations.is_used(tariff)
    stored = version_of(operations.stored_values(tariff))
    version = request.POST.get("version", "") if request.method == "POST" else stored
    conflict = None
    # A form writes typed values into its instance; the rest of the page must show stored values.
    form = EditTariffForm(request.POST or None, instance=copy(tariff), is_used=is_used)
    if form.is_valid():
        try:
            saved = operations.change_tariff(
                tariff_id=tariff_id, shown=version, **form.cleaned_data
            )
        except EditedByOthers as error:
            conflict = _conflict(request, error, form)
            version = conflict.version
        except operations.NameTaken as refusal:
            form.add_error("name", str(refusal))
        except operations.TermsFixed as refusal:
            form.fix_terms()
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Tariff plan “%s” has been saved.") % saved)
            return redirect_back(request, reverse("tariffs:edit", args=[tariff_id]))
    context = {
        "tariff": tariff,
        "form": form,
        "version": version,
        "conflict": conflict,
        "reload": request.get_full_path(),
        "back": way_back(request, ""),
        "is_used": is_used,
        "versions": (versions := _versions(tariff, timezone.now())),
        "price_form": PriceForm(tariff=tariff, steps=_steps_in_force(versions)),
    }
    return render(request, "tariffs/edit.html", context)


@require_safe
@staff_only
def history(request: HttpRequest, tariff_id: int) -> HttpResponse:
    """Show the history of a tariff plan and its prices, even if it has been deleted."""
    is_operator = signed_in(request).is_operator
    return render_history(
        request,
        of=Tariff,
        pk=tariff_id,
        parts=parts(tariff_id),
        up=(reverse("tariffs:list"), _("Tariff plans")),
        links=[(reverse("tariffs:edit", args=[tariff_id]), _("Edit"))] if is_operator else [],
    )


@require_http_methods(FORM_METHODS)
@operators_only
@_unless_gone
def add_price(request: HttpRequest, tariff_id: int) -> HttpResponse:
    """Set a new price; ask for confirmation if it changes past or existing prices."""
    tariff = get_object_or_404(Tariff, pk=tariff_id)
    now = timezone.now()
    versions = _versions(tariff, now)
    form = PriceForm(
        request.POST or None,
        tariff=tariff,
        steps=_steps_in_force(versions),
        offered=request.GET,
    )
    if form.is_valid():
        try:
            price = operations.set_price(tariff_id=tariff_id, now=now, **form.cleaned_data)
        except operations.PriceNotConfirmed as refusal:
            change = refusal.change
            affected = AffectedInvoices.by_price(tariff_id, change.valid_from, change.until)
            terms = form.cleaned_data | {"confirmed": change.shown}
            set_price = partial(operations.set_price, tariff_id=tariff_id, now=now, **terms)
            context = {
                "tariff": tariff,
                "form": form,
                "change": change,
                "affected": affected.with_changes(set_price),
            }
            return render(request, "tariffs/confirm_price.html", context)
        messages.success(request, _price_set(tariff, price))
        return redirect_back(request, reverse("tariffs:edit", args=[tariff_id]))
    context = {"tariff": tariff, "price_form": form, "versions": versions}
    return render(request, "tariffs/add_price.html", context)


@require_http_methods(FORM_METHODS)
@operators_only
@_unless_gone
def withdraw_price(request: HttpRequest, tariff_id: int, price_id: int) -> HttpResponse:
    """Withdraw a price that is not yet in force, after confirmation."""
    prices = TariffPrice.objects.select_related("tariff")
    price = get_object_or_404(prices, pk=price_id, tariff=tariff_id)
    steps = steps_of(price)
    shown = {"amount": price.amount, "steps": text_of(steps)}
    form = WithdrawForm(request.POST or None, initial=shown)
    if form.is_valid():
        try:
            operations.withdraw_price(
                tariff_id=tariff_id, price_id=price_id, now=timezone.now(), **form.cleaned_data
            )
        except (operations.PriceGone, operations.PriceInForce) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The price has been withdrawn."))
        return redirect("tariffs:edit", tariff_id)
    context = {"tariff": price.tariff, "price": price, "steps": steps, "form": form}
    return render(request, "tariffs/confirm_withdrawal.html", context)


@require_POST
@operators_only
@_unless_gone
def archive(request: HttpRequest, tariff_id: int) -> HttpResponse:
    """Archive a tariff plan."""
    tariff = operations.archive(tariff_id=tariff_id)
    messages.success(
        request, _("Tariff plan “%s” has been archived. It can no longer be assigned.") % tariff
    )
    return redirect("tariffs:edit", tariff_id)


@require_POST
@operators_only
@_unless_gone
def restore(request: HttpRequest, tariff_id: int) -> HttpResponse:
    """Restore an archived tariff plan."""
    tariff = operations.restore(tariff_id=tariff_id)
    messages.success(request, _("Tariff plan “%s” has been restored.") % tariff)
    return redirect("tariffs:edit", tariff_id)


@require_http_methods(FORM_METHODS)
@operators_only
@_unless_gone
def delete(request: HttpRequest, tariff_id: int) -> HttpResponse:
    """Delete a tariff plan that no camera has ever used, after confirmation."""
    tariff = _tariff_with_use(tariff_id)
    form = DeleteForm(request.POST or None)
    if form.is_valid():
        try:
            operations.delete(tariff_id=tariff_id, **form.cleaned_data)
        except operations.TariffGone:
            raise
        except operations.TariffRefusal as refusal:
            messages.error(request, str(refusal))
            return redirect("tariffs:delete", tariff_id)
        messages.success(request, _("Tariff plan “%s” has been deleted.") % tariff)
        return redirect("tariffs:list")
    context = {"tariff": tariff, "is_used": operations.is_used(tariff)}
    return render(request, "tariffs/delete.html", context)


def _conflict(request: HttpRequest, error: EditedByOthers, form: EditTariffForm) -> EditConflict:
    pk = form.instance.pk
    return conflict_of(error, form=form, pk=pk, parts=parts(pk), user_id=signed_in(request).pk)


def _tariff_with_use(tariff_id: int) -> Any:
    """Return a tariff annotated by `with_use`, or raise Http404."""
    return get_object_or_404(Tariff.objects.with_use(), pk=tariff_id)


def _versions(tariff: Tariff, now: datetime) -> list[DatedVersion[TariffPrice]]:
    """Return a tariff's price versions, latest first."""
    prices = tariff.prices.prefetch_related("steps").order_by("-valid_from")
    return dated_versions(prices, provider_date(now))


def _steps_in_force(versions: Iterable[DatedVersion[TariffPrice]]) -> Steps:
    """Return the steps of the price that applies now."""
    return next((steps_of(each.row) for each in versions if each.state == "now"), ())


def _price_set(tariff: Tariff, price: TariffPrice) -> str:
    return _("The price has been set to %(price)s from %(date)s.") % {
        "date": date_format(price.valid_from),
        "price": format_money(price.amount, tariff.currency),
    }
