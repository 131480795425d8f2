"""Jobs of the connection. The rules for all jobs are in foundation/jobs/setup.py."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from foundation.jobs.batches import defer_in_batches, do_each
from foundation.jobs.setup import UPKEEP
from watcher.drift import usage_report
from watcher.drift.comparing import compare
from watcher.reading import operations as reading
from watcher.suspending import operations as suspending
from watcher.writing import assignments
from watcher.writing import carrying_out as writing

QUEUE = "watcher"
# Few enough that a job lost with its worker is soon done again.
ORGANIZATIONS_A_JOB = 20


@app.periodic(cron="* * * * *")
@app.task(name="watcher.look_whether_due", queue=UPKEEP, queueing_lock="watcher_look_whether_due")
def look_whether_due(timestamp: int) -> None:
    """Have the platform read, and written, if that is due."""
    now = timezone.now()
    if reading.is_due_now(now):
        with suppress(AlreadyEnqueued), transaction.atomic():
            read.defer()
    if writing.is_due(now):
        with suppress(AlreadyEnqueued), transaction.atomic():
            write.defer()


@app.task(name="watcher.read", queue=QUEUE, queueing_lock="watcher_read")
def read() -> None:
    """Read the platform, unless that is no longer due."""
    _read_and_compare(is_asked_for=False)


@app.task(name="watcher.read_now", queue=QUEUE, queueing_lock="watcher_read_now")
def read_now(*, user_id: int) -> None:
    """Read the platform because somebody asks for it."""
    _read_and_compare(is_asked_for=True)


def _read_and_compare(*, is_asked_for: bool) -> None:
    if reading.read_platform(clock=timezone.now, is_asked_for=is_asked_for):
        compare(now=timezone.now())


@app.task(name="watcher.write", queue=QUEUE, queueing_lock="watcher_write")
def write() -> None:
    """Carry out the changes that are requested, as far as that is due."""
    if writing.carry_out_due(clock=timezone.now):
        with suppress(AlreadyEnqueued), transaction.atomic():
            write.defer()


@app.periodic(cron="* * * * *")
@app.task(
    name="watcher.look_for_suspensions", queue=UPKEEP, queueing_lock="watcher_look_for_suspensions"
)
def look_for_suspensions(timestamp: int) -> None:
    """Have suspensions carried out on the platform that are due."""
    waiting = suspending.due_organizations(timezone.now())
    defer_in_batches(carry_out_suspensions, waiting, number=ORGANIZATIONS_A_JOB)


@app.task(name="watcher.carry_out_suspensions", queue=QUEUE)
def carry_out_suspensions(*, organization_ids: list[int]) -> None:
    """Suspend and restore organizations on the platform."""
    do_each(
        organization_ids,
        lambda pk: suspending.carry_out(organization_id=pk, clock=timezone.now),
        "Some suspensions could not be carried out",
    )


def told_of_suspension(organization_id: int, is_suspended: bool) -> None:
    """Remember that an organization is suspended, or no longer, and have that carried out."""
    now = timezone.now()
    suspending.want(organization_id=organization_id, is_suspended=is_suspended, now=now)
    if organization_id in suspending.due_organizations(now):
        carry_out_suspensions.defer(organization_ids=[organization_id])


@app.periodic(cron="20 4 * * *")
@app.task(
    name="watcher.look_at_usage_report", queue=UPKEEP, queueing_lock="watcher_look_at_usage_report"
)
def look_at_usage_report(timestamp: int) -> None:
    """Have usage compared with the platform's own report, once a day."""
    if usage_report.can_compare():
        with suppress(AlreadyEnqueued), transaction.atomic():
            compare_usage.defer()


@app.task(name="watcher.compare_usage", queue=QUEUE, queueing_lock="watcher_compare_usage")
def compare_usage() -> None:
    """Compare usage with the platform's own report."""
    usage_report.compare_usage(clock=timezone.now)


@app.periodic(cron="*/5 * * * *")
@app.task(name="watcher.look_for_presets", queue=UPKEEP, queueing_lock="watcher_look_for_presets")
def look_for_presets(timestamp: int) -> None:
    """Have presets made available, if that is switched on."""
    if assignments.is_enabled():
        with suppress(AlreadyEnqueued), transaction.atomic():
            assign_presets.defer()


@app.task(name="watcher.assign_presets", queue=QUEUE, queueing_lock="watcher_assign_presets")
def assign_presets() -> None:
    """Request that organizations may use the presets of their tariff plans."""
    assignments.ask_for_missing(timezone.now())
