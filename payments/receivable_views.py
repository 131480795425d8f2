"""The page of aged receivables."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import staff_only
from foundation.lists.exports import export_response
from foundation.lists.pages import all_rows, render_list
from payments.models import Receivable
from payments.receivables import EXPORT_COLUMNS, ReceivableFilter, ReceivableTable, export_rows
from tariffs.provider_calendar import provider_date


@require_safe
@staff_only
def receivables(request: HttpRequest) -> HttpResponse:
    """List what organizations owe by days overdue, with totals for each currency."""
    today = provider_date(timezone.now())
    filterset, table = _listed(request, today)
    totals = list(filterset.qs.by_currency(today))
    return render_list(
        request,
        "payments/receivables.html",
        table=table,
        filterset=filterset,
        total=sum(each["organizations"] for each in totals),
        export="payments:receivables_export",
        totals=totals,
        today=today,
    )


@require_safe
@staff_only
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Export the filtered and sorted list as a file."""
    today = provider_date(timezone.now())
    _filterset, table = _listed(request, today)
    rows = export_rows(all_rows(request, table).iterator(), today)
    return export_response(kind, "receivables", EXPORT_COLUMNS, rows)


def _listed(request: HttpRequest, today: date) -> tuple[ReceivableFilter, ReceivableTable]:
    filterset = ReceivableFilter(request.GET, queryset=Receivable.objects.all())
    return filterset, ReceivableTable(filterset.qs.by_organization(today))
