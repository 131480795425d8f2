"""The page that lists months with usage and without an invoice."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.access import staff_only
from foundation.lists.exports import export_response
from foundation.lists.pages import all_rows, render_list
from invoices.models import UninvoicedMonth
from invoices.uninvoiced.lists import (
    EXPORT_COLUMNS,
    UninvoicedFilter,
    UninvoicedTable,
    export_rows,
)
from invoices.uninvoiced.models import waiting_in


@require_safe
@staff_only
def uninvoiced(request: HttpRequest) -> HttpResponse:
    """List the months that are over and have usage in no invoice, with their sums."""
    filterset, table = _listed(request)
    sums = filterset.qs.sums()
    ready, blocked = filterset.qs.organizations()
    return render_list(
        request,
        "invoices/uninvoiced/list.html",
        table=table,
        filterset=filterset,
        export="invoices:uninvoiced_export",
        total=sum(each.months for each in sums),
        sums=sums,
        ready=ready,
        blocked=blocked,
        waiting=waiting_in(),
    )


@require_safe
@staff_only
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Export the filtered and sorted list as a file."""
    _filterset, table = _listed(request)
    rows = export_rows(all_rows(request, table))
    return export_response(kind, "uninvoiced", EXPORT_COLUMNS, rows)


def _listed(request: HttpRequest) -> tuple[UninvoicedFilter, UninvoicedTable]:
    filterset = UninvoicedFilter(request.GET, queryset=UninvoicedMonth.objects.all())
    rows = filterset.qs.with_title().select_related("organization")
    return filterset, UninvoicedTable(rows, back=request.get_full_path())
