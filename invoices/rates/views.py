"""Pages of exchange rates."""

from __future__ import annotations

from typing import Any, ClassVar

import django_tables2 as tables
from babel.numbers import format_decimal
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import operators_only, signed_in, staff_only
from foundation.lists.pages import CellColumn, ListTable, render_list
from foundation.web.local_times import shown_date
from foundation.web.money import locale_of
from foundation.web.return_addresses import redirect_back, way_back
from invoices.provider.parties import provider_details
from invoices.rates import operations
from invoices.rates.ecb import UnreadableRatesError
from invoices.rates.forms import RateFilter, RateForm, UploadForm
from invoices.rates.models import ExchangeRate
from tariffs.provider_calendar import provider_date

NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}


class RateTable(ListTable):
    """Exchange rates, the latest first; `can_edit` adds the buttons."""

    day = tables.Column(verbose_name=gettext_lazy("Date"), order_by=("day", "base", "currency"))
    base = tables.Column(verbose_name=gettext_lazy("One unit of"), orderable=False)
    rate = tables.Column(verbose_name=gettext_lazy("Rate"), orderable=False, attrs=NUMBER)
    source = tables.Column(verbose_name=gettext_lazy("Source"), orderable=False)
    delete = CellColumn(
        template_name="invoices/rates/_delete.html", verbose_name="", orderable=False
    )

    class Meta:
        model = ExchangeRate
        fields: ClassVar[tuple[str, ...]] = ()
        order_by = "-day"
        order_by_field = "sort"
        empty_text = gettext_lazy("No exchange rates found")

    def __init__(self, rates: Any, *, can_edit: bool) -> None:
        super().__init__(rates, exclude=() if can_edit else ("delete",))

    def render_day(self, value: Any) -> str:
        """Return the date."""
        return shown_date(value)

    def render_rate(self, record: ExchangeRate) -> str:
        """Return the rate with its currency, and all decimals that it has."""
        locale = locale_of(get_language() or settings.LANGUAGE_CODE)
        rate = format_decimal(record.rate.normalize(), locale=locale, decimal_quantization=False)
        return f"{rate} {record.currency}"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def rates(request: HttpRequest) -> HttpResponseBase:
    """List exchange rates; operators upload those of the European Central Bank."""
    return _upload(request) if request.method == "POST" else _page(request, UploadForm())


@operators_only
def _upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    today = provider_date(timezone.now())
    try:
        added = operations.upload(content=form.cleaned_data["file"].read(), today=today)
    except (UnreadableRatesError, operations.RateTaken) as refusal:
        form.add_error("file", str(refusal))
        return _page(request, form)
    if added:
        text = ngettext(
            "%(number)s exchange rate was stored.", "%(number)s exchange rates were stored.", added
        )
        messages.success(request, text % {"number": added})
    else:
        messages.info(request, _("All rates of the file are stored already."))
    return redirect_back(request, reverse("invoices:rates"))


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def add(request: HttpRequest) -> HttpResponse:
    """Enter an exchange rate."""
    form = RateForm(
        request.POST or None,
        accounting=provider_details().accounting_currency,
        today=provider_date(timezone.now()),
    )
    if form.is_valid():
        try:
            rate = operations.add_rate(**form.cleaned_data)
        except operations.RateTaken as refusal:
            form.add_error("day", str(refusal))
        else:
            messages.success(request, _("The rate was stored: %(rate)s.") % {"rate": rate})
            return redirect_back(request, reverse("invoices:rates"))
    context = {"form": form, "way_back": way_back(request, reverse("invoices:rates"))}
    return render(request, "invoices/rates/add.html", context)


@require_POST
@operators_only
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an exchange rate."""
    operations.delete_rate(rate_id=pk)
    messages.success(request, _("The exchange rate has been deleted."))
    return redirect("invoices:rates")


def _page(request: HttpRequest, form: UploadForm) -> HttpResponse:
    is_operator = signed_in(request).is_operator
    filterset = RateFilter(request.GET, queryset=ExchangeRate.objects.all(), request=request)
    return render_list(
        request,
        "invoices/rates/list.html",
        table=RateTable(filterset.qs, can_edit=is_operator),
        filterset=filterset,
        form=form if is_operator else None,
        provider=provider_details(),
        any_at_all=ExchangeRate.objects.exists(),
        back=way_back(request, ""),
    )
