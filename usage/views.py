"""What an organization's cameras have used, priced."""

import csv
from collections.abc import Callable, Iterator
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from billing_admin.lists import ROWS_A_PAGE
from organizations.access import organization_for
from organizations.models import Organization
from tariffs.models import Tariff
from usage.forms import PeriodForm, shortcuts
from usage.models import Camera
from usage.pricing import Charge
from usage.rows import charge_rows, csv_rows
from usage.statements import Statement, Totals, statement_for


@require_safe
def usages(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an organization's statement: totals of all of it, and its charges in pages."""
    organization = organization_for(signed_in(request), pk)
    now = timezone.now()
    today = now.astimezone(organization.zone).date()
    form = PeriodForm.asked(request.GET, today)
    context: dict[str, Any] = {
        "organization": organization,
        "form": form,
        "shortcuts": shortcuts(today),
        "as_of": now.astimezone(organization.zone),
    }
    if form.is_valid():
        statement = statement_for(organization=organization, period=form.period, as_of=now)
        context |= _statement_context(request, statement)
    return render(request, "usage/usages.html", context)


def _statement_context(request: HttpRequest, statement: Statement) -> dict[str, Any]:
    query, tariff = request.GET.get("q", "").strip(), request.GET.get("tariff", "")
    wanted = _wanted(statement.organization, query, tariff)
    totals, page, shown = _page_of(statement, wanted, request.GET.get("page", "1"))
    names = Tariff.objects.in_bulk(totals.by_tariff)
    return {
        "statement": statement,
        "totals": totals,
        "by_tariff": sorted(
            ((names[pk], totals.by_tariff[pk]) for pk in names), key=lambda pair: pair[0].name
        ),
        "page": page,
        "rows": list(charge_rows(shown, statement.organization)),
        "q": query,
        "tariff": tariff,
    }


def _wanted(organization: Organization, query: str, tariff: str) -> Callable[[Charge], bool]:
    """Return which charges a search for cameras and a tariff leave."""
    cameras: set[int] | None = None
    if query:
        found = Camera.objects.search(query).filter(usage_intervals__organization=organization)
        cameras = set(found.order_by().values_list("pk", flat=True))

    def wanted(charge: Charge) -> bool:
        return (cameras is None or charge.camera_id in cameras) and (
            not tariff or str(charge.rate.tariff_id) == tariff
        )

    return wanted


def _page_of(
    statement: Statement, wanted: Callable[[Charge], bool], number: str
) -> tuple[Totals, "Page[int]", list[Charge]]:
    """Read the statement once; again only where the address names a page past the last."""
    first = (int(number) - 1) * ROWS_A_PAGE if number.isdecimal() and len(number) < 9 else 0
    first = max(first, 0)
    totals, shown, found = statement.excerpt(wanted, first, ROWS_A_PAGE)
    page = Paginator(range(found), ROWS_A_PAGE).get_page(first // ROWS_A_PAGE + 1)
    if found and not shown:
        totals, shown, _found = statement.excerpt(wanted, page.start_index() - 1, ROWS_A_PAGE)
    return totals, page, shown


class _Echo:
    """What csv.writer writes to, to get its line back."""

    def write(self, line: str) -> str:
        return line


@require_safe
def usages_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Stream every charge of a statement as CSV."""
    organization = organization_for(signed_in(request), pk)
    now = timezone.now()
    form = PeriodForm.asked(request.GET, now.astimezone(organization.zone).date())
    if not form.is_valid():
        errors = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return HttpResponse(
            _("This period cannot be exported. %(errors)s") % {"errors": errors},
            status=400,
            content_type="text/plain; charset=utf-8",
        )
    statement = statement_for(organization=organization, period=form.period, as_of=now)
    response = StreamingHttpResponse(_lines(statement), content_type="text/csv; charset=utf-8")
    name = f"usages-{organization.pk}-{form.period.start}-{form.period.last}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(statement: Statement) -> Iterator[str]:
    writer = csv.writer(_Echo())
    return (writer.writerow(row) for row in csv_rows(statement))
