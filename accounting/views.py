"""Pages of the journal, the tax summary, closing of the books, and the accounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounting import commerceml, datev
from accounting.forms import AccountingForm, ReopenForm, RevenueAccountForm
from accounting.journal import COLUMNS, accounts, bookings, cells, stored_settings
from accounting.missing import (
    is_complete,
    taxes_without_account,
    why_not_booked,
    why_not_datev,
    why_not_named,
)
from accounting.models import RevenueAccount
from accounting.operations import SETTINGS, change_settings, stored_values
from accounting.taxes import COLUMNS as TAX_COLUMNS
from accounting.taxes import tax_sums
from accounts.access import operators_only, signed_in, staff_only
from accounts.settings_pages import edit_settings
from foundation.audit.history import HistoryPart
from foundation.lists.exports import EXPORT_KINDS, export_response, file_stream, refused_export
from foundation.web.field_values import details_of
from invoices.months import month_from
from payments.books import BooksClosing, close_books, closed_through, latest_closing, reopen_books
from payments.refusals import PaymentRefusal
from rating.periods import Period, month_of, next_month
from tariffs.provider_calendar import provider_date
from usage.statements.forms import PeriodForm, as_query, shortcuts

FORM_METHODS = ["GET", "HEAD", "POST"]
PARTS = (HistoryPart("accounting.AccountingSettingsEvent"),)
CLOSINGS_SHOWN = 24


@require_safe
@staff_only
def journal(request: HttpRequest) -> HttpResponse:
    """Offer the journal of a period as files, by default of last month."""
    form = _period(request)
    context: dict[str, Any] = {"form": form, "shortcuts": shortcuts(_today())}
    if form.is_valid():
        context |= {
            "files": _files("journal", form.period),
            "why_not_datev": why_not_datev(form.period, stored_settings()),
            "datev": ("DATEV", reverse("accounting:datev", query=as_query(form.period))),
            "commerceml": ("1C", reverse("accounting:commerceml", query=as_query(form.period))),
            "is_complete": is_complete(),
            "closed_through": closed_through(),
        }
    return render(request, "accounting/journal.html", context)


@require_safe
@staff_only
def export_journal(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Return the journal of a period as CSV or XLSX."""
    form = _period(request)
    if not form.is_valid():
        return refused_export(form.refusal)
    rows = map(cells, bookings(form.period, accounts()))
    return export_response(kind, _name("journal", form.period), COLUMNS, rows, sheet="Journal")


@require_safe
@staff_only
def export_datev(request: HttpRequest) -> HttpResponseBase:
    """Return the bookings of a period in euro for DATEV, if all accounts are known."""
    form = _period(request)
    if not form.is_valid():
        return refused_export(form.refusal)
    known, through = accounts(), closed_through()
    refusal = (
        why_not_datev(form.period, known.settings)
        or why_not_named(form.period, known.settings)
        or why_not_booked(form.period, known)
    )
    if refusal:
        return refused_export(refusal)
    is_closed = through is not None and form.period.last <= through
    lines = datev.lines(
        form.period,
        known.settings,
        bookings(form.period, known),
        now=_now_of_provider(),
        is_closed=is_closed,
    )
    name = f"EXTF_{_name('journal', form.period)}.csv"
    return file_stream(name, lines, f"text/csv; charset={datev.ENCODING}")


@require_safe
@staff_only
def export_commerceml(request: HttpRequest) -> HttpResponseBase:
    """Return the documents and payments of a period for 1C."""
    form = _period(request)
    if not form.is_valid():
        return refused_export(form.refusal)
    parts = commerceml.parts(form.period, accounts(), now=_now_of_provider())
    return file_stream(f"{_name('1c', form.period)}.xml", parts, "application/xml")


@require_safe
@staff_only
def taxes(request: HttpRequest) -> HttpResponse:
    """Show what was charged with each tax, by month and currency."""
    form = _period(request)
    context: dict[str, Any] = {"form": form, "shortcuts": shortcuts(_today())}
    if form.is_valid():
        context |= {"sums": list(tax_sums(form.period)), "files": _files("taxes", form.period)}
    return render(request, "accounting/taxes.html", context)


@require_safe
@staff_only
def export_taxes(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Return the tax summary of a period as CSV or XLSX."""
    form = _period(request)
    if not form.is_valid():
        return refused_export(form.refusal)
    rows = (each.cells for each in tax_sums(form.period))
    return export_response(kind, _name("taxes", form.period), TAX_COLUMNS, rows, sheet="Taxes")


# --- Closing --------------------------------------------------------------------------------------


@require_safe
@staff_only
def closing(request: HttpRequest) -> HttpResponse:
    """Show through which month the books are closed, and offer the months that can follow."""
    closings = BooksClosing.objects.select_related("closed_by", "reopened_by")[:CLOSINGS_SHOWN]
    latest = latest_closing()
    last_month = month_of(_today(), months_before=1).start
    next_ones = [month for month in _months_until(last_month) if not _is_closed(month, latest)]
    context = {"closings": closings, "latest": latest, "months": next_ones}
    return render(request, "accounting/closing.html", context)


def _months_until(last: date) -> list[date]:
    """Return the first dates of twelve months, the latest first."""
    return [month_of(last, months_before=number).start for number in range(12)]


def _is_closed(month: date, latest: BooksClosing | None) -> bool:
    return latest is not None and next_month(month) <= next_month(latest.last_on)


@require_POST
@operators_only
def close(request: HttpRequest) -> HttpResponse:
    """Close the books through a month."""
    try:
        month = month_from(request.POST.get("month", ""))
    except ValueError:
        messages.error(request, _("Choose a month."))
        return redirect("accounting:closing")
    try:
        done = close_books(month=month, now=timezone.now(), by=signed_in(request))
    except PaymentRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        text = _("The books are closed through %(date)s.") % {"date": date_format(done.last_on)}
        messages.success(request, text)
    return redirect("accounting:closing")


@require_http_methods(FORM_METHODS)
@operators_only
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Reopen what the latest closing closed, for a reason."""
    latest = get_object_or_404(BooksClosing, pk=pk)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            reopen_books(
                closing_id=pk, now=timezone.now(), by=signed_in(request), **form.cleaned_data
            )
        except PaymentRefusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The books were reopened."))
        return redirect("accounting:closing")
    context = {"closing": latest, "form": form, "way_back": reverse("accounting:closing")}
    return render(request, "accounting/reopen.html", context)


# --- Accounts -------------------------------------------------------------------------------------


@require_safe
@staff_only
def revenue_accounts(request: HttpRequest) -> HttpResponse:
    """Show the accounts of money and of taxes, and the taxes without one."""
    stored = stored_settings()
    # Numbers here are names, without separators.
    names = {each: getattr(stored, each) for each in SETTINGS}
    details = [
        replace(each, text=each.text and str(names[each.name]))
        for each in details_of(stored, SETTINGS)
    ]
    context = {
        "details": details,
        "accounts": RevenueAccount.objects.all(),
        "without": taxes_without_account(),
    }
    return render(request, "accounting/accounts.html", context)


@require_http_methods(FORM_METHODS)
@operators_only
def settings(request: HttpRequest) -> HttpResponse:
    """Change the accounts of money, and what DATEV is told."""
    stored = stored_settings()
    return edit_settings(
        request,
        AccountingForm,
        instance=stored,
        stored=stored_values(stored),
        change=change_settings,
        parts=PARTS,
        template="accounting/settings.html",
        back_to="accounting:revenue_accounts",
    )


@require_http_methods(FORM_METHODS)
@operators_only
def add_revenue_account(request: HttpRequest) -> HttpResponse:
    """Add the account of a tax, which the query may name."""
    names = ("category", "percent")
    named = {name: request.GET[name] for name in names if name in request.GET}
    return _revenue_account(request, RevenueAccount(), initial=named)


@require_http_methods(FORM_METHODS)
@operators_only
def edit_revenue_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit the account of a tax."""
    return _revenue_account(request, get_object_or_404(RevenueAccount, pk=pk), initial={})


def _revenue_account(
    request: HttpRequest, account: RevenueAccount, initial: dict[str, str]
) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = RevenueAccountForm(data, instance=account, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The account was saved."))
        return redirect("accounting:revenue_accounts")
    context = {"form": form, "way_back": reverse("accounting:revenue_accounts")}
    return render(request, "accounting/revenue_account.html", context)


# --- Periods and times ----------------------------------------------------------------------------


def _now_of_provider() -> datetime:
    return timezone.localtime(timezone.now(), timezone.get_default_timezone())


def _today() -> date:
    return provider_date(timezone.now())


def _period(request: HttpRequest) -> PeriodForm:
    today = _today()
    return PeriodForm.asked(request.GET, today, otherwise=month_of(today, months_before=1))


def _name(what: str, period: Period) -> str:
    return f"{what}-{period.start}-{period.last}"


def _files(what: str, period: Period) -> list[tuple[str, str]]:
    """Return the name and the address of each file."""
    return [
        (kind.upper(), reverse(f"accounting:{what}_{kind}", query=as_query(period)))
        for kind in EXPORT_KINDS
    ]
