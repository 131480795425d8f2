"""Invoice runs: issue the invoices of all organizations for a month, one job per organization.

A run that is started again issues only what is missing. A job stores its result in the transaction
that issues, so if a worker is killed, either both are stored or neither is. A run does not store
its invoices, because invoices can also be issued and cancelled outside of runs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.types import JSONValue

from accounts.models import User
from foundation.fast_sql import columns_of, written_as
from invoices.differences.models import DeferredCorrection
from invoices.documents.document import Kind
from invoices.issuing import operations
from invoices.issuing.refusals import (
    AlreadyInvoiced,
    IssueRefusal,
    MonthNotBegun,
    NothingToBill,
    NoUsageInMonth,
)
from invoices.models import Invoice
from invoices.querysets import InvoiceQuerySet
from invoices.runs.models import InvoiceRun, RunItem
from invoices.runs.months import has_begun
from organizations.models import Organization
from rating.periods import first_instant, month_of
from usage.models import UsageInterval

# More than the offset of any time zone from UTC.
_OFFSET_MARGIN = timedelta(hours=26)
_TASK = "invoices.issue_for_run"
_ITEMS_AT_ONCE = 1_000


class Progress(NamedTuple):
    """The number of organizations of a run in each state."""

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
    """Defer a job for each organization that used cameras in a month and is still to be invoiced.

    `month` is the first date of the month. Organizations that were refused, had nothing to bill or
    failed are tried again, and so are those whose invoices were cancelled since. No second job is
    deferred for an organization with a waiting or running job.

    Raises:
        MonthNotBegun, NoUsageInMonth: there is nothing to run.
    """
    if not has_begun(month, now):
        raise MonthNotBegun
    organizations = organizations_in(month)
    if not organizations:
        raise NoUsageInMonth
    run, _is_new = InvoiceRun.objects.select_for_update().get_or_create(
        month=month, defaults={"started_at": now, "started_by": by}
    )
    _add_missing(run, organizations)
    left = _left_of(run)
    run.items.filter(pk__in=left).exclude(state=RunItem.State.WAITING).update(
        state=RunItem.State.WAITING, reason="", details={}, done_at=None
    )
    user_id = by.pk if by else None
    jobs: list[dict[str, JSONValue]] = [{"item_id": pk, "user_id": user_id} for pk in left]
    if jobs:
        app.configure_task(_TASK, allow_unknown=False).batch_defer(*jobs)
    return run


def _add_missing(run: InvoiceRun, organizations: list[int]) -> None:
    """Add an item for each organization that does not have one yet."""
    items = [RunItem(run=run, organization_id=pk) for pk in organizations]
    RunItem.objects.bulk_create(items, ignore_conflicts=True, batch_size=_ITEMS_AT_ONCE)


def _left_of(run: InvoiceRun) -> list[int]:
    """Lock the items that are still to be issued; return the ids of those that need a new job.

    A waiting item needs no new job if it has a waiting or running one. An item with a stored result
    needs a new job, even if the job that stored the result still appears to be running.
    """
    again = Q(organization__in=_to_be_issued_again(run.month))
    left = run.items.filter(~Q(state=RunItem.State.ISSUED) | again)
    locked = left.select_for_update().order_by("organization_id")
    states = dict(locked.values_list("pk", "state"))
    unfinished = ProcrastinateJob.objects.filter(task_name=_TASK, status__in=("todo", "doing"))
    with_a_job = set(unfinished.values_list("args__item_id", flat=True))
    return [
        pk for pk, state in states.items() if state != RunItem.State.WAITING or pk not in with_a_job
    ]


def _to_be_issued_again(month: date) -> set[int]:
    """Return the ids of organizations with a cancelled invoice of a month that was not replaced.

    Each currency is considered separately. Few organizations have cancelled invoices, so only their
    invoices in force are read.
    """
    cancelled = invoices_of(month).without_corrections().filter(invoiced_period=None)
    missing = set(cancelled.values_list("organization_id", "currency"))
    in_force = Invoice.objects.in_force().overlapping(*month_of(month))
    replacements = in_force.filter(organization__in={organization for organization, _ in missing})
    missing.difference_update(replacements.values_list("organization_id", "currency"))
    return {organization for organization, _ in missing}


def invoices_of(month: date) -> InvoiceQuerySet:
    """Return the invoices for exactly a month, including cancelled ones, in the order of issue."""
    period = month_of(month)
    return Invoice.objects.filter(
        kind=Kind.INVOICE, period_from=period.start, period_until=period.end
    ).order_by("pk")


def organizations_in(month: date) -> list[int]:
    """Return the ids of organizations whose cameras were in use in a month, in any time zone.

    The subquery uses an index and stops at the first interval of each organization, even if there
    are a million.
    """
    start, end = (first_instant(day, UTC) for day in month_of(month))
    used = UsageInterval.objects.overlapping(start - _OFFSET_MARGIN, end + _OFFSET_MARGIN)
    some = Exists(used.filter(organization=OuterRef("pk")))
    return list(Organization.objects.filter(some).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def do(*, item_id: int, now: datetime, by: User | None) -> None:
    """Issue and send one organization's invoices of a run. Further calls do nothing."""
    claimed = _claim(item_id, now)
    if claimed is None:
        return
    month, organization = claimed
    period = month_of(month)
    try:
        operations.issue_to(organization, period=period, now=now, by=by)
    except NothingToBill:
        _record(item_id, RunItem.State.NOTHING)
    except IssueRefusal as refusal:
        # Invoices for the same period that were issued by hand count as issued.
        if not (isinstance(refusal, AlreadyInvoiced) and refusal.is_all_of(period)):
            _record(item_id, RunItem.State.REFUSED, reason=refusal.name, **refusal.details)


# One statement replaces two by the ORM, one to lock and one to update. The time that it saves is in
# docs/decisions/invoice-run.md. The organization is locked before the item.
_CLAIM = f"""
    WITH organizations_organization AS (
        SELECT * FROM organizations_organization
        WHERE id = (SELECT organization_id FROM invoices_runitem WHERE id = %(item_id)s)
        FOR NO KEY UPDATE
    )
    UPDATE invoices_runitem AS item SET state = %(issued)s, done_at = %(now)s
    FROM invoices_invoicerun AS run, organizations_organization
    WHERE item.id = %(item_id)s AND item.state = %(waiting)s AND run.id = item.run_id
    RETURNING {columns_of(Organization)}, run.month
"""


@written_as(_CLAIM)
def claimed_organizations(
    item_id: int, waiting: str, issued: str, now: datetime
) -> QuerySet[Organization]:
    """Return the organization of a waiting item, annotated with the `month` of its run.

    The statement also locks the organization, and marks the item as issued at `now`.
    """
    organizations = Organization.objects.order_by()
    matching = organizations.filter(run_items=item_id, run_items__state=waiting)
    return matching.annotate(month=F("run_items__run__month"))


def _claim(item_id: int, now: datetime) -> tuple[date, Organization] | None:
    """Mark a waiting item as issued; return its run's month and its organization, locked.

    Return None if the item is not waiting. The state is corrected later if issuing is refused. It
    is set first, because at the end other jobs wait for the number series that this job has locked.
    """
    states = RunItem.State
    found: list[Any] = claimed_organizations.objects(item_id, states.WAITING, states.ISSUED, now)
    return (found[0].month, found[0]) if found else None


def give_up(*, item_id: int, error: str, now: datetime) -> None:
    """Mark a waiting item as failed with the name of an error."""
    waiting = RunItem.objects.filter(pk=item_id, state=RunItem.State.WAITING)
    waiting.update(state=RunItem.State.FAILED, reason=error, done_at=now)


def corrections_left_out(items: Sequence[RunItem]) -> dict[int, list[Invoice]]:
    """Return the invoices whose correction an issued item should have included, by item id."""
    issued = {item.organization_id: item for item in items if item.state == RunItem.State.ISSUED}
    waiting = DeferredCorrection.objects.filter(organization__in=issued).order_by("invoice")
    left_out: dict[int, list[Invoice]] = defaultdict(list)
    for each in waiting.select_related("invoice"):
        item = issued[each.organization_id]
        if item.done_at and each.asked_at < item.done_at:
            left_out[item.pk].append(each.invoice)
    return left_out


def progress_of(run: InvoiceRun) -> Progress:
    """Return the number of a run's organizations in each state."""
    counted = run.items.order_by().values_list("state").annotate(Count("pk"))
    return Progress(**dict.fromkeys(RunItem.State.values, 0) | dict(counted))


def _record(item_id: int, state: RunItem.State, *, reason: str = "", **details: Any) -> None:
    RunItem.objects.filter(pk=item_id).update(state=state, reason=reason, details=details)
