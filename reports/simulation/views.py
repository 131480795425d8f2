"""Pages that ask for simulations and show their results."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import operators_only, signed_in, staff_only
from foundation.jobs.setup import has_worker
from foundation.lists.choices import rows_a_page
from foundation.lists.exports import export_response
from foundation.lists.pages import ROWS_A_PAGE, all_rows, render_list
from foundation.web.return_addresses import way_back
from organizations.access import organization_for
from organizations.models import Organization
from rating.periods import month_of
from reports.simulation import operations
from reports.simulation.changes import Unchanged
from reports.simulation.described import described
from reports.simulation.forms import ForecastForm, PriceForm, TermForm
from reports.simulation.models import Simulation
from reports.simulation.tables import EXPORT_COLUMNS, CostFilter, CostTable, export_rows
from tariffs.models import Tariff
from tariffs.price_forms import offered_price
from tariffs.provider_calendar import provider_date
from usage.models import Camera

FORM_METHODS = ["GET", "HEAD", "POST"]
MOST_CAMERAS = 1_000


@require_safe
@staff_only
def simulations(request: HttpRequest) -> HttpResponse:
    """List the simulations of the last days, and offer a forecast."""
    every = Simulation.objects.select_related("asked_by", "tariff", "organization")
    page = Paginator(every, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(each, described(each)) for each in page],
        "forecast": ForecastForm(initial={"id": uuid4()}),
        "days": operations.KEPT.days,
        "zone": timezone.get_current_timezone_name(),
    }
    return render(request, "reports/simulation/list.html", context)


@require_POST
@operators_only
def forecast(request: HttpRequest) -> HttpResponse:
    """Ask for a forecast of the present month."""
    form, now = ForecastForm(request.POST), timezone.now()
    if not form.is_valid():
        messages.error(request, _("Nothing was computed. Try again."))
        return redirect("reports:simulations")
    simulation = operations.ask(
        simulation_id=form.cleaned_data["id"],
        change=Unchanged(),
        period=month_of(provider_date(now)),
        now=now,
        by=signed_in(request),
    )
    return redirect("reports:simulation", simulation.pk)


@require_http_methods(FORM_METHODS)
@operators_only
def simulate_price(request: HttpRequest, tariff_id: int) -> HttpResponse:
    """Ask what months would have cost with another price of a tariff plan.

    The form of a new price sends what was entered there, which is not saved.
    """
    tariff, now = get_object_or_404(Tariff, pk=tariff_id), timezone.now()
    given = request.POST if "month" in request.POST else None
    initial = {"id": uuid4(), **offered_price(request.POST or request.GET)}
    form = PriceForm(given, tariff=tariff, now=now, initial=initial)
    if form.is_valid():
        return _asked(request, form, now, tariff=tariff)
    context = {"form": form, "tariff": tariff, "way_back": way_back(request, "")}
    return render(request, "reports/simulation/price.html", context)


@require_http_methods(FORM_METHODS)
@operators_only
def simulate_term(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what months would have cost an organization with another price or discount."""
    organization, now = organization_for(signed_in(request), pk), timezone.now()
    given = request.POST if "month" in request.POST else None
    initial = _initial(request, "kind", "tariff", "amount", "percent")
    form = TermForm(given, organization=organization, now=now, initial=initial)
    if form.is_valid():
        tariff = form.cleaned_data["tariff"]
        return _asked(request, form, now, tariff=tariff, organization=organization)
    context = {"form": form, "organization": organization}
    return render(request, "reports/simulation/term.html", context)


@require_safe
@staff_only
def simulation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how far a simulation is, and what it has computed."""
    simulation = _simulation(pk)
    filterset, table = _listed(request, simulation)
    is_in_progress = simulation.state == Simulation.State.WAITING
    return render_list(
        request,
        "reports/simulation/simulation.html",
        table=table,
        filterset=filterset,
        export="reports:simulation",
        export_of=pk,
        simulation=simulation,
        what=described(simulation),
        sums=simulation.sums.all(),
        is_in_progress=is_in_progress,
        is_stuck=is_in_progress and not has_worker(timezone.now()),
        kept_until=simulation.asked_at + operations.KEPT,
    )


@require_safe
@staff_only
def export(request: HttpRequest, pk: UUID, kind: str) -> HttpResponseBase:
    """Export the filtered and sorted results as a file."""
    simulation = _simulation(pk)
    _filterset, table = _listed(request, simulation)
    rows = all_rows(request, table).select_related("simulation")
    name = f"simulation-{simulation.asked_at:%Y-%m-%d}"
    return export_response(
        kind, name, EXPORT_COLUMNS, export_rows(rows.iterator(2_000)), sheet="Simulation"
    )


@require_safe
@staff_only
def cameras(request: HttpRequest, pk: UUID, of: int) -> HttpResponse:
    """Show the cameras of organization `of` that differ, the largest difference first."""
    simulation = _simulation(pk)
    cost = simulation.costs.filter(organization=of).first()
    organization = get_object_or_404(Organization, pk=of if cost else None)
    found = operations.cameras_of(simulation, organization, most=MOST_CAMERAS)
    page = Paginator(found.cameras, rows_a_page(request)).get_page(request.GET.get("page"))
    named = Camera.objects.in_bulk([each.camera_id for each in page])
    context = {
        "simulation": simulation,
        "what": described(simulation),
        "organization": organization,
        "page": page,
        "number": found.number,
        "rows": [(each, named.get(each.camera_id)) for each in page],
    }
    return render(request, "reports/simulation/cameras.html", context)


@require_POST
@operators_only
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop a simulation that is in progress."""
    operations.cancel(simulation_id=pk)
    return redirect("reports:simulation", pk)


def _simulation(pk: UUID) -> Simulation:
    simulations = Simulation.objects.select_related("asked_by", "tariff", "organization")
    return get_object_or_404(simulations, pk=pk)


def _listed(request: HttpRequest, simulation: Simulation) -> tuple[CostFilter, CostTable]:
    filterset = CostFilter(request.GET, queryset=simulation.costs.all())
    return filterset, CostTable(filterset.qs, is_forecast=described(simulation).is_forecast)


def _initial(request: HttpRequest, *names: str) -> dict[str, Any]:
    """Return what another form or a link has sent, and a new id."""
    sent = {name: request.POST.get(name) or request.GET.get(name) for name in names}
    return {"id": uuid4(), **{name: value for name, value in sent.items() if value}}


def _asked(
    request: HttpRequest, form: PriceForm | TermForm, now: datetime, **of: Any
) -> HttpResponse:
    simulation = operations.ask(
        simulation_id=form.cleaned_data["id"],
        change=form.change,
        period=form.period,
        now=now,
        by=signed_in(request),
        **of,
    )
    return redirect("reports:simulation", simulation.pk)
