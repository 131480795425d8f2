"""Invoice runs: issue or draft the invoices of all organizations for a month, in batches.

A run that is started again issues only what is missing. A job stores its results in the transaction
that issues, so if a worker is killed, either both are stored or neither is. A run does not store
its invoices, because invoices can also be issued and cancelled outside of runs.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import OperationalError, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, prefetch_related_objects
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.types import JSONValue

from accounts.models import User
from foundation.among import among
from foundation.fast_sql import insert
from invoices.differences.models import DeferredCorrection
from invoices.documents.document import Kind
from invoices.issuing import operations
from invoices.issuing.drafts import drafts_of_all
from invoices.issuing.refusals import DraftsWaiting, MonthNotBegun, NoUsageInMonth, RunUnderWay
from invoices.models import Invoice
from invoices.months import has_begun
from invoices.provider.parties import provider_details
from invoices.querysets import InvoiceQuerySet
from invoices.runs.exclusions import excluded_from
from invoices.runs.models import InvoiceRun, RunItem, RunTally
from invoices.runs.outcomes import record
from organizations.agreement.charged import charged_in
from organizations.models import Organization
from organizations.querysets import OrganizationQuerySet
from rating.periods import first_instant, month_of
from usage.models import Camera, UsageInterval
from usage.querysets import UsageIntervalQuerySet

logger = logging.getLogger(__name__)

# More than the offset of any time zone from UTC.
_OFFSET_MARGIN = timedelta(hours=26)
_TASK = "invoices.issue_for_run"
_COUNTED_AT_ONCE = 10_000
# A job takes about a fifth of a second. More organizations in a job would save less than 5 %.
_MOST_IN_A_JOB = 200
_MOST_CAMERAS_IN_A_JOB = 10_000
_FEWEST_JOBS = 16


class Progress(NamedTuple):
    """The number of organizations of a run in each state.

    Drafts of organizations that are left out now are `left_out`: they do not wait for release.
    """

    waiting: int
    draft: int
    drafted: int
    release: int
    changed: int
    dropped: int
    issued: int
    nothing: int
    refused: int
    failed: int
    left_out: int = 0

    @property
    def total(self) -> int:
        return sum(self)

    @property
    def unfinished(self) -> int:
        """The number of organizations that jobs have yet to reach."""
        return self.waiting + self.draft + self.release

    @property
    def done(self) -> int:
        return self.total - self.unfinished

    @property
    def for_release(self) -> int:
        """The number of organizations with drafts that wait for release or for a decision."""
        return self.drafted + self.changed


class IssuedSum(NamedTuple):
    """The number of invoices in one currency, and what they come to before and with tax."""

    currency: str
    number: int
    net: Decimal
    total: Decimal


@transaction.atomic
def start(*, month: date, now: datetime, by: User | None, drafts_only: bool = False) -> InvoiceRun:
    """Defer jobs for the organizations that owe something for a month and are still to be invoiced.

    `month` is the first date of the month. Organizations that were refused, had nothing to bill or
    failed are tried again, and so are those whose invoices were cancelled since, and those whose
    jobs were lost. Excluded ones are left out. With `drafts_only`, nothing is issued: drafts are
    created, or created again, for release.

    Raises:
        MonthNotBegun, NoUsageInMonth: there is nothing to run.
        DraftsWaiting: there are drafts, which must be released or withdrawn before others issue.
        RunUnderWay: jobs have yet to reach organizations, or issue what would become drafts.
    """
    if not has_begun(month, now):
        raise MonthNotBegun
    organizations = organizations_in(month)
    if not organizations:
        raise NoUsageInMonth
    run, _is_new = InvoiceRun.objects.select_for_update().get_or_create(
        month=month, defaults={"started_at": now, "started_by": by}
    )
    if not drafts_only and drafts_of_run(run).exists():
        raise DraftsWaiting
    if _is_under_way(run, drafts_only=drafts_only):
        raise RunUnderWay
    state = RunItem.State.DRAFT if drafts_only else RunItem.State.WAITING
    excluded = set(excluded_from(month))
    _add_missing(run, (pk for pk in organizations if pk not in excluded), state)
    if left := _left_of(run, state):
        _note_drafting(run, now, by, drafts_only=drafts_only)
        defer_batches(left, by)
    return run


def drafts_of_run(run: InvoiceRun) -> QuerySet[RunItem]:
    """Return the items with drafts that were not released, without excluded organizations."""
    drafts = run.items.filter(state__in=RunItem.DRAFTS)
    return drafts.exclude(organization__in=excluded_from(run.month))


def _is_under_way(run: InvoiceRun, *, drafts_only: bool) -> bool:
    """Return whether jobs work on a run, or have yet to issue what `drafts_only` would draft.

    Items whose jobs were lost do not keep a run under way.
    """
    states = dict(run.items.filter(state__in=RunItem.UNFINISHED).values_list("pk", "state"))
    if drafts_only and {*states.values()} - {RunItem.State.DRAFT}:
        return True
    return bool(states) and not states.keys().isdisjoint(_items_with_a_job())


def has_jobs() -> bool:
    """Return whether a job of any run waits or works."""
    return _unfinished_jobs().exists()


def _note_drafting(run: InvoiceRun, now: datetime, by: User | None, *, drafts_only: bool) -> None:
    """Record who created drafts; those of a run that issues without drafts are history."""
    run.drafted_at, run.drafted_by = (now, by) if drafts_only else (None, None)
    run.released_at = run.released_by = run.withdrawn_at = run.withdrawn_by = None
    run.save()


def _add_missing(run: InvoiceRun, organizations: Iterable[int], state: RunItem.State) -> None:
    """Add an item for each organization that does not have one yet. The run is locked."""
    known = set(run.items.values_list("organization_id", flat=True))
    missing = [pk for pk in organizations if pk not in known]
    insert([RunItem(run=run, organization_id=pk, state=state) for pk in missing])


def _left_of(run: InvoiceRun, todo: RunItem.State) -> dict[int, int]:
    """Lock the items that are still to be issued, and mark those that need a new job as `todo`.

    Return the organizations of these by item id. An unfinished item keeps its state, and needs no
    new job if it has a waiting or running one. An item with a stored result needs a new job, even
    if the job that stored the result still appears to be running.
    """
    again = Q(organization__in=_to_be_issued_again(run.month))
    left = run.items.filter(~Q(state=RunItem.State.ISSUED) | again).order_by("organization_id")
    left = left.exclude(organization__in=excluded_from(run.month))
    locked = list(left.select_for_update().values_list("pk", "organization_id", "state"))
    with_result = [pk for pk, _, state in locked if state not in RunItem.UNFINISHED]
    run.items.filter(pk__in=with_result).update(state=todo, reason="", details={}, done_at=None)
    with_a_job = _items_with_a_job() - set(with_result)
    return {pk: organization for pk, organization, _ in locked if pk not in with_a_job}


def _items_with_a_job() -> set[int]:
    """Return the ids of items with a waiting or running job."""
    unfinished = _unfinished_jobs()
    found: set[int] = set()
    # Jobs of earlier versions have one item each.
    for item_id, item_ids in unfinished.values_list("args__item_id", "args__item_ids"):
        found.update(item_ids or [item_id])
    return found


def _unfinished_jobs() -> QuerySet[ProcrastinateJob]:
    return ProcrastinateJob.objects.filter(task_name=_TASK, status__in=("todo", "doing"))


def _batches(left: Mapping[int, int]) -> Iterator[list[int]]:
    """Divide items into batches for jobs. `left` are their organizations by item id.

    A few organizations are divided so that several workers share them evenly, and those with many
    cameras so that a job that is lost with its worker is soon done again.
    """
    cameras = _cameras_of(list(left.values()))
    most = min(max(len(left) // _FEWEST_JOBS, 1), _MOST_IN_A_JOB)
    batch: list[int] = []
    room = _MOST_CAMERAS_IN_A_JOB
    for pk, organization in left.items():
        own = cameras.get(organization, 0)
        if batch and (len(batch) == most or own > room):
            yield batch
            batch, room = [], _MOST_CAMERAS_IN_A_JOB
        batch.append(pk)
        room -= own
    if batch:
        yield batch


def _cameras_of(organizations: Sequence[int]) -> dict[int, int]:
    """Return how many cameras organizations have now, by id."""
    counted = Camera.objects.order_by().values_list("organization").annotate(Count("pk"))
    found: dict[int, int] = {}
    for start in range(0, len(organizations), _COUNTED_AT_ONCE):
        some = organizations[start : start + _COUNTED_AT_ONCE]
        found.update(counted.filter(among("organization", some)))
    return found


def defer_batches(organizations: Mapping[int, int], by: User | None) -> None:
    """Defer jobs for items in the transaction of the caller, in batches.

    `organizations` are those of the items, by item id.
    """
    _defer(_batches(organizations), by.pk if by else None)


def set_aside(*, item_ids: Iterable[int], user_id: int | None) -> None:
    """Defer a job for each item."""
    _defer(([pk] for pk in item_ids), user_id)


def _defer(batches: Iterable[Sequence[int]], user_id: int | None) -> None:
    jobs: list[dict[str, JSONValue]] = [
        {"item_ids": [*batch], "user_id": user_id} for batch in batches
    ]
    if jobs:
        app.configure_task(_TASK, allow_unknown=False).batch_defer(*jobs)


def _to_be_issued_again(month: date) -> set[int]:
    """Return the ids of organizations with a cancelled invoice of a month that was not replaced.

    Each currency is considered separately. Few organizations have cancelled invoices, so only their
    invoices in force are read.
    """
    cancelled = invoices_of(month).for_periods().filter(invoiced_period=None)
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


def sums_of(run: InvoiceRun) -> list[IssuedSum]:
    """Return what the invoices in force for the month of a run come to in each currency."""
    in_force = invoices_of(run.month).in_force().order_by("currency").values_list("currency")
    sums = in_force.annotate(number=Count("pk"), before_tax=Sum("net"), with_tax=Sum("total"))
    return [IssuedSum(*row) for row in sums]


def organizations_in(month: date) -> list[int]:
    """Return the ids of organizations to invoice for a month, in order.

    Their cameras were in use, in any time zone, or something was agreed that is charged without.
    The subquery uses an index and stops at the first interval of each organization, even if there
    are a million.
    """
    some = Exists(_usage_in(month).filter(organization=OuterRef("pk")))
    used = Organization.objects.filter(some).order_by().values_list("pk", flat=True)
    charged = charged_in(month_of(month)).order_by().values_list("pk", flat=True)
    return sorted({*used, *charged})


def not_over_in(month: date, now: datetime) -> OrganizationQuerySet:
    """Return the organizations that a run would refuse because a month is not over for them.

    It is not over in their time zones. Those that runs leave out are left out.
    """
    period = month_of(month)
    if first_instant(period.end, UTC) + _OFFSET_MARGIN <= now:
        return Organization.objects.none()
    used = Exists(_usage_in(month).filter(organization=OuterRef("pk")))
    charged = Q(pk__in=charged_in(period).order_by().values("pk"))
    behind = Organization.objects.before(period.end, now).filter(used | charged)
    return behind.exclude(pk__in=excluded_from(month))


def is_used(month: date) -> bool:
    """Return whether a month has anything to invoice, in any time zone."""
    return _usage_in(month).exists() or charged_in(month_of(month)).exists()


def _usage_in(month: date) -> UsageIntervalQuerySet:
    start, end = (first_instant(day, UTC) for day in month_of(month))
    return UsageInterval.objects.overlapping(start - _OFFSET_MARGIN, end + _OFFSET_MARGIN)


def do(*, item_ids: Collection[int], now: datetime, by: User | None) -> dict[int, Exception]:
    """Issue and send the invoices of some organizations of a run. Further calls do nothing.

    They are issued in one transaction. If that fails, each half is issued by itself, so that in the
    end only the organizations at fault are left out; return their errors, by item id.

    Raises:
        django.db.OperationalError: the database cannot be used. Some may have been issued.
    """
    try:
        _issue(item_ids, now, by)
    except OperationalError:
        raise
    except Exception as error:
        if len(item_ids) == 1:
            return dict.fromkeys(item_ids, error)
        logger.warning(
            "%s organizations of a run cannot be issued together.", len(item_ids), exc_info=error
        )
        ids = sorted(item_ids)
        middle = len(ids) // 2
        halves = (ids[:middle], ids[middle:])
        first, second = (do(item_ids=half, now=now, by=by) for half in halves)
        return first | second
    return {}


@transaction.atomic
def _issue(item_ids: Collection[int], now: datetime, by: User | None) -> None:
    """Draft or issue the invoices of unfinished items, and record what has come of each."""
    organizations = Organization.objects.filter(among("run_items", item_ids)).order_by("pk")
    locked = {each.pk: each for each in organizations.select_for_update(no_key=True, of=("self",))}
    unfinished = RunItem.objects.filter(among("pk", item_ids), state__in=RunItem.UNFINISHED)
    # Locked, so that drafts which are withdrawn now are not stored afterwards.
    unfinished = unfinished.select_for_update(of=("self",)).select_related("run")
    items: dict[date, list[RunItem]] = defaultdict(list)
    for item in unfinished.order_by("organization"):
        items[item.run.month].append(item)
    prefetch_related_objects(
        [each for each in locked.values() if each.time_zone_from], "earlier_time_zones"
    )
    for month, of_month in items.items():
        drafted = drafts_of_all(
            organizations=[locked[item.organization_id] for item in of_month],
            period=month_of(month),
            now=now,
            provider=provider_details(),
            stop_if_blocked=True,
        )
        # First, because at the end other jobs wait for the number series, which this job locks.
        to_issue = record(of_month, drafted, now)
        operations.issue_drafts(to_issue, now=now, by=by)


def give_up(*, item_ids: Collection[int], error: str, now: datetime) -> None:
    """Mark unfinished items as failed with the name of an error."""
    unfinished = RunItem.objects.filter(among("pk", item_ids), state__in=RunItem.UNFINISHED)
    unfinished.update(state=RunItem.State.FAILED, reason=error, done_at=now)


def corrections_left_out(items: Sequence[RunItem]) -> dict[int, list[Invoice]]:
    """Return the invoices whose correction an issued item should have included, by item id."""
    issued = {item.organization_id: item for item in items if item.state == RunItem.State.ISSUED}
    waiting = DeferredCorrection.objects.filter(among("organization", issued)).order_by("invoice")
    left_out: dict[int, list[Invoice]] = defaultdict(list)
    for each in waiting.select_related("invoice"):
        item = issued[each.organization_id]
        if item.done_at and each.asked_at < item.done_at:
            left_out[item.pk].append(each.invoice)
    return left_out


def drafts_waiting() -> list[tuple[date, int]]:
    """Return the months with drafts that wait for release, and of how many organizations."""
    tallies = RunTally.objects.filter(state__in=RunItem.WAITING_FOR_RELEASE).order_by()
    counted = tallies.values("run").annotate(number=Sum("items")).filter(number__gt=0)
    some = list(InvoiceRun.objects.filter(pk__in=counted.values("run")).order_by("month"))
    progress = progress_of_all(some) if some else {}
    waiting = [(run.month, progress[run.pk].for_release) for run in some]
    return [(month, number) for month, number in waiting if number]


def progress_of(run: InvoiceRun) -> Progress:
    """Return the number of a run's organizations in each state."""
    return progress_of_all([run])[run.pk]


def progress_of_all(every: Sequence[InvoiceRun]) -> dict[int, Progress]:
    """Return the number of organizations in each state of each run, by its id."""
    counted: dict[int, dict[str, int]] = {
        run.pk: dict.fromkeys(RunItem.State.values, 0) for run in every
    }
    tallies = RunTally.objects.filter(run__in=every).order_by().values_list("run", "state")
    for run_id, state, items in tallies.annotate(Sum("items")):
        counted[run_id][state] = items
    for run_id, state, number in _left_out(every):
        counted[run_id][state] -= number
        counted[run_id]["left_out"] = counted[run_id].get("left_out", 0) + number
    return {run_id: Progress(**states) for run_id, states in counted.items()}


def _left_out(every: Sequence[InvoiceRun]) -> Iterable[tuple[int, str, int]]:
    """Return how many drafts of each run and state are of organizations that are left out."""
    waiting = RunItem.objects.filter(
        run__in=every, state__in=RunItem.WAITING_FOR_RELEASE
    ).order_by()
    left_out = waiting.filter(organization__run_exclusions__month=F("run__month"))
    return left_out.values_list("run", "state").annotate(Count("pk"))
