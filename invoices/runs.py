"""Invoice runs: a month's invoices of all organizations, one job an organization.

A run is what is left to do of a month: started again, it does only what is missing. A job notes its
outcome in the transaction that issues, so of a worker that is killed there is both or neither.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from accounts.models import User
from invoices import operations
from invoices.models import InvoiceRun, RunItem
from invoices.months import has_begun
from invoices.refusals import AlreadyInvoiced, MonthToCome, NothingToBill, NothingUsed, Refusal
from organizations.models import Organization
from tariffs.dates import first_instant
from usage.forms import month_of
from usage.models import UsageInterval
from usage.pricing import Period

# No time zone is further from UTC.
_FURTHEST = timedelta(hours=26)


class Progress(NamedTuple):
    """How many organizations of a run are in which state."""

    waiting: int
    issued: int
    nothing: int
    refused: int
    failed: int

    @property
    def total(self) -> int:
        return sum(self)

    @property
    def done(self) -> int:
        return self.total - self.waiting


@transaction.atomic
def start(*, month: date, now: datetime, by: User | None) -> InvoiceRun:
    """Defer a job for each organization that used cameras in a month and is not done with.

    `month` is its first date. What was refused, came to nothing or failed before is tried anew.

    Raises:
        MonthToCome, NothingUsed: there is nothing to run.
    """
    if not has_begun(month, now):
        raise MonthToCome
    organizations = organizations_in(month)
    if not organizations:
        raise NothingUsed
    run, _is_new = InvoiceRun.objects.select_for_update().get_or_create(
        month=month, defaults={"started_at": now, "started_by": by}
    )
    known = set(run.items.values_list("organization_id", flat=True))
    RunItem.objects.bulk_create(
        RunItem(run=run, organization_id=pk) for pk in organizations if pk not in known
    )
    again = run.items.exclude(state=RunItem.State.ISSUED)
    again.update(state=RunItem.State.WAITING, reason="", details={}, done_at=None)
    waiting = list(again.order_by("organization_id").values_list("pk", flat=True))
    user_id = by.pk if by else None
    jobs: list[dict[str, JSONValue]] = [{"item_id": pk, "user_id": user_id} for pk in waiting]
    if jobs:
        app.configure_task("invoices.issue_for_run", allow_unknown=False).batch_defer(*jobs)
    return run


def organizations_in(month: date) -> list[int]:
    """Return the ids of organizations whose cameras were in use in a month, in any time zone.

    Each is asked of an index for itself: who has used a million intervals is found by one.
    """
    start, end = (first_instant(day, UTC) for day in month_of(month))
    used = UsageInterval.objects.overlapping(start - _FURTHEST, end + _FURTHEST)
    some = Exists(used.filter(organization=OuterRef("pk")))
    return list(Organization.objects.filter(some).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def do(*, item_id: int, now: datetime, by: User | None) -> None:
    """Issue one organization's invoices of a run and have them sent; once, however often called."""
    item = RunItem.objects.select_for_update(of=("self",)).select_related("run").get(pk=item_id)
    if item.state != RunItem.State.WAITING:
        return
    period = month_of(item.run.month)
    try:
        issued = operations.issue(
            organization_id=item.organization_id, period=period, now=now, by=by
        )
    except NothingToBill:
        _note(item, RunItem.State.NOTHING, now)
    except Refusal as refusal:
        _note_refusal(item, refusal, period, now)
    else:
        _note(item, RunItem.State.ISSUED, now, numbers=[invoice.number for invoice in issued])


@transaction.atomic
def give_up(*, item_id: int, error: str, now: datetime) -> None:
    """Note that issuing has failed, by an error of that name."""
    item = RunItem.objects.select_for_update().get(pk=item_id)
    if item.state == RunItem.State.WAITING:
        _note(item, RunItem.State.FAILED, now, reason=error)


def progress_of(run: InvoiceRun) -> Progress:
    """Count a run's organizations by state."""
    counted = run.items.order_by().values_list("state").annotate(Count("pk"))
    return Progress(**dict.fromkeys(RunItem.State.values, 0) | dict(counted))


def _note_refusal(item: RunItem, refusal: Refusal, period: Period, now: datetime) -> None:
    if isinstance(refusal, AlreadyInvoiced) and refusal.is_all_of(period):
        # By hand, before the run.
        numbers = [invoice["number"] for invoice in refusal.invoices]
        _note(item, RunItem.State.ISSUED, now, numbers=numbers)
    else:
        _note(item, RunItem.State.REFUSED, now, reason=refusal.name, **refusal.details)


def _note(
    item: RunItem, state: RunItem.State, now: datetime, *, reason: str = "", **details: Any
) -> None:
    item.state, item.reason, item.details, item.done_at = state, reason, details, now
    item.save(update_fields=["state", "reason", "details", "done_at"])
