"""Show the priced usage of an organization's cameras."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from foundation.lists.pages import ROWS_A_PAGE
from foundation.lists.saved import saved_for
from foundation.web.tabs import CARRIED
from organizations.access import organization_for
from rating.pricing import Charge
from tariffs.models import Tariff
from usage.models import Camera
from usage.statements.additions import additions_to
from usage.statements.charge_rows import charge_rows, headings
from usage.statements.drawings.charts import charts_of
from usage.statements.drawings.palette import keys_of
from usage.statements.drawings.timeline import timeline_of
from usage.statements.excerpt import Excerpt, Order, Wanted
from usage.statements.forms import PeriodForm, shortcuts
from usage.statements.order import columns, order_of
from usage.statements.sections import shown_bills
from usage.statements.sources import Source
from usage.statements.statement import Statement, statement_for
from usage.statements.volumes import volumes_of
from usage.statements.zones import zones_text


@require_safe
def usages(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an organization's statement: the totals, and the charges in pages."""
    organization = organization_for(signed_in(request), pk)
    now = timezone.now()
    today, zone = organization.date_at(now), organization.zone_at(now)
    form = PeriodForm.asked(request.GET, today)
    context: dict[str, Any] = {
        "organization": organization,
        "form": form,
        "shortcuts": shortcuts(today),
        "zone": zone,
        "as_of": now.astimezone(zone),
        "is_closed": organization.is_closed(now),
    }
    if form.is_valid():
        statement = statement_for(
            organization=organization, period=form.period, as_of=now, retail=True
        )
        context |= _statement_context(request, statement)
        context["is_over"] = organization.start_of(form.period.end) <= now
        context["zones"] = zones_text(statement)
    return render(request, "usage/usages.html", context)


def _statement_context(request: HttpRequest, statement: Statement) -> dict[str, Any]:
    query, tariff = request.GET.get("q", "").strip(), request.GET.get("tariff", "")
    wanted = _wanted(statement.source, query, tariff)
    sort = request.GET.get("sort", "")
    order = order_of(statement, sort)
    excerpt, page = _page_of(statement, wanted, order, request.GET.get("page", "1"))
    totals = excerpt.totals
    tariffs = sorted(Tariff.objects.in_bulk(totals.by_tariff).values(), key=lambda each: each.name)
    keys = keys_of(tariffs, totals)
    rows = list(charge_rows(excerpt.shown, statement))
    names = headings(has_suspended=totals.all.has_suspended)
    cameras = {row.camera.pk: row.camera for row in rows}
    drawn = (
        charge
        for charge in statement.charges_of(cameras)
        # A tariff that was first used after the statement was read has no key.
        if (wanted is None or wanted(charge)) and charge.rate.tariff_id in keys
    )
    return additions_to(signed_in(request), statement, excerpt) | {
        "statement": statement,
        "totals": totals,
        "bills": excerpt.bills,
        "sections": shown_bills(excerpt.bills),
        "volumes": volumes_of(statement),
        "by_tariff": [(keys[each.pk], totals.by_tariff[each.pk]) for each in tariffs],
        "charts": charts_of(excerpt.costs, keys),
        "timeline": timeline_of(statement, drawn, excerpt.shown, cameras, keys),
        "page": page,
        "rows": rows,
        "headings": names,
        "q": query,
        "tariff": tariff,
        "columns": list(columns(sort if order else "", names.values())),
        "subtotal": excerpt.wanted.all if wanted else None,
        "saved": saved_for(request, ("q", "tariff", "sort"), keep=CARRIED),
    }


def _wanted(source: Source, query: str, tariff: str) -> Wanted | None:
    """Return a function that selects charges by a camera search and a tariff id, if any."""
    if not query and not tariff:
        return None
    cameras: set[int] | None = None
    if query:
        found = Camera.objects.search_for(source.organization_ids, query)
        found = found.filter(usage_intervals__organization__in=source.organization_ids)
        cameras = set(found.order_by().values_list("pk", flat=True))

    def wanted(charge: Charge) -> bool:
        return (cameras is None or charge.camera_id in cameras) and (
            not tariff or str(charge.rate.tariff_id) == tariff
        )

    return wanted


def _page_of(
    statement: Statement, wanted: Wanted | None, order: Order | None, number: str
) -> tuple[Excerpt, "Page[int]"]:
    """Read the statement once, or twice if the requested page is past the last."""
    first = (int(number) - 1) * ROWS_A_PAGE if number.isdecimal() and len(number) < 9 else 0
    first = max(first, 0)
    excerpt = statement.excerpt(wanted, first, ROWS_A_PAGE, order)
    page = Paginator(range(excerpt.found), ROWS_A_PAGE).get_page(first // ROWS_A_PAGE + 1)
    if excerpt.found and not excerpt.shown:
        excerpt = statement.excerpt(wanted, page.start_index() - 1, ROWS_A_PAGE, order)
    return excerpt, page
