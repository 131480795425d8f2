"""Ask for simulations, and compute them in jobs.

A job computes some organizations, stores their costs, and defers a job for the next ones, all in
one transaction. So a simulation goes on after its worker was killed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from heapq import nsmallest
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from procrastinate.contrib.django import app

from accounts.models import User
from foundation.fast_sql import Rows, insert
from organizations.models import Organization, Partnership
from organizations.querysets import OrganizationQuerySet
from rating.periods import Period
from reports.simulation.changes import Change, ListPriceChange, read, stored
from reports.simulation.computing import CameraCost, Cost, costs_of
from reports.simulation.computing import cameras_of as camera_costs
from reports.simulation.models import SimulatedCost, SimulatedSum, Simulation
from tariffs.models import Tariff
from usage.models import UsageInterval
from usage.statements.price_list import all_tariffs

KEPT = timedelta(days=7)
ORGANIZATIONS_A_JOB = 200

_TASK = "reports.simulate"
# A month has ended in every time zone by then.
_LATEST_ZONE = timedelta(days=2)
_COLUMNS = (
    "simulation_id",
    "organization_id",
    "currency",
    "cameras",
    "before",
    "after",
    "is_incomplete",
)


@transaction.atomic
def ask(
    *,
    simulation_id: UUID,
    change: Change,
    period: Period,
    now: datetime,
    by: User,
    tariff: Tariff | None = None,
    organization: Organization | None = None,
) -> Simulation:
    """Ask for a simulation of whole months; a second request with the same id does nothing.

    The change is computed for one organization, or for all that it can concern.
    """
    simulation, is_new = Simulation.objects.get_or_create(
        pk=simulation_id,
        defaults={
            "asked_at": now,
            "asked_by": by,
            "change": stored(change),
            "tariff": tariff,
            "organization": organization,
            "period_from": period.start,
            "period_until": period.end,
        },
    )
    if is_new:
        _defer(simulation)
    return simulation


def cancel(*, simulation_id: UUID) -> None:
    """Stop a simulation that is in progress; what it has computed stays."""
    waiting = Simulation.objects.filter(pk=simulation_id, state=Simulation.State.WAITING)
    waiting.update(state=Simulation.State.CANCELLED)


def give_up(*, simulation_id: str) -> None:
    """Mark a simulation as failed, because it will not be tried again."""
    waiting = Simulation.objects.filter(pk=simulation_id, state=Simulation.State.WAITING)
    waiting.update(state=Simulation.State.FAILED)


def delete_old(now: datetime) -> None:
    """Delete the simulations that were requested over a week ago."""
    Simulation.objects.filter(asked_at__lt=now - KEPT).delete()


@transaction.atomic
def compute(*, simulation_id: str) -> None:
    """Compute the next organizations of a simulation, unless it was cancelled or deleted."""
    waiting = Simulation.objects.select_for_update().filter(state=Simulation.State.WAITING)
    simulation = waiting.filter(pk=simulation_id).first()
    if simulation is None:
        return
    change = read(simulation.change)
    if simulation.total is None:
        simulation.total = _concerned(simulation, change).count()
    organizations = _next(simulation, change)
    costs = costs_of(organizations=organizations, **_what(simulation, change))
    _store(simulation, list(costs))
    simulation.done += len(organizations)
    if len(organizations) < ORGANIZATIONS_A_JOB:
        simulation.state = Simulation.State.READY
    else:
        simulation.after_id = organizations[-1].pk
        _defer(simulation)
    simulation.save(update_fields=["total", "done", "after_id", "state"])


class Cameras(NamedTuple):
    """How many cameras of an organization a simulation affects, and the most affected ones."""

    number: int
    cameras: Sequence[CameraCost]


def cameras_of(simulation: Simulation, organization: Organization, *, most: int) -> Cameras:
    """Compute what the cameras of an organization cost, the largest difference first.

    Up to `most` of them are kept.
    """
    number = 0

    def counted() -> Iterator[CameraCost]:
        nonlocal number
        what = _what(simulation, read(simulation.change))
        for each in camera_costs(organization=organization, **what):
            number += 1
            yield each

    def order(each: CameraCost) -> tuple[Decimal, int]:
        return -abs(each.difference.number), each.camera_id

    cameras = nsmallest(most, counted(), key=order)
    return Cameras(number, cameras)


def _what(simulation: Simulation, change: Change) -> dict[str, Any]:
    """Return what `computing` needs besides the organizations."""
    return {
        "period": simulation.period,
        "change": change,
        "tariffs": all_tariffs(),
        "now": simulation.asked_at,
        "then": _around(simulation.period)[1] if change.is_forecast else simulation.asked_at,
    }


def _defer(simulation: Simulation) -> None:
    task = app.configure_task(_TASK, allow_unknown=False)
    task.defer(simulation_id=str(simulation.pk), user_id=simulation.asked_by_id)


def _next(simulation: Simulation, change: Change) -> list[Organization]:
    """Return the next organizations that the change can concern, in order of their ids."""
    concerned = _concerned(simulation, change).filter(pk__gt=simulation.after_id)
    zones = concerned.order_by("pk").prefetch_related("earlier_time_zones")
    return list(zones[:ORGANIZATIONS_A_JOB])


def _concerned(simulation: Simulation, change: Change) -> OrganizationQuerySet:
    if simulation.organization_id is not None:
        return Organization.objects.filter(pk=simulation.organization_id)
    starts_at, ends_at = _around(simulation.period)
    if isinstance(change, ListPriceChange):
        used = UsageInterval.objects.filter(tariff=change.tariff_id)
        used = used.overlapping(starts_at, ends_at)
        own = Exists(used.filter(organization=OuterRef("pk")))
        # A partner is billed for what its customers use.
        customers = Partnership.objects.overlapping(simulation.period.start, simulation.period.last)
        of_customer = Exists(used.filter(organization=OuterRef("organization")))
        partners = customers.filter(of_customer).values("partner")
        return Organization.objects.filter(own | Q(pk__in=partners))
    return Organization.objects.exclude(closed_at__lt=starts_at)


def _around(period: Period) -> tuple[datetime, datetime]:
    """Return instants before and after the dates of a period in every time zone."""
    start, end = (datetime.combine(day, time.min, UTC) for day in period)
    return start - _LATEST_ZONE, end + _LATEST_ZONE


def _store(simulation: Simulation, costs: Sequence[Cost]) -> None:
    """Add costs, and their sums by currency."""
    rows = [
        (
            simulation.pk,
            each.organization_id,
            each.before.currency,
            each.cameras,
            each.before.number,
            each.after.number,
            each.is_incomplete,
        )
        for each in costs
    ]
    insert(Rows(SimulatedCost, _COLUMNS, rows))
    sums = {each.currency: each for each in simulation.sums.all()}
    for each in costs:
        currency = each.before.currency
        if currency not in sums:
            sums[currency] = SimulatedSum(simulation=simulation, currency=currency)
        total = sums[currency]
        total.organizations += 1
        total.affected += each.before != each.after
        total.cameras += each.cameras
        total.before += each.before.number
        total.after += each.after.number
    for total in sums.values():
        total.save()
