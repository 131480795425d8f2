"""Jobs of invoices. The rules for all jobs are in foundation/jobs/setup.py."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from accounts.models import User
from foundation.jobs.batches import defer_in_batches, do_each
from foundation.jobs.setup import PATIENTLY, QUICKLY, UPKEEP, is_tried_again
from invoices.checking import operations as checks
from invoices.differences import checking
from invoices.documents import archive
from invoices.many import files
from invoices.models import DocumentTally, RunTally, UninvoicedTally
from invoices.runs import operations as runs
from invoices.runs import schedules
from invoices.sending import deliveries
from invoices.uninvoiced import keeping
from tariffs.provider_calendar import provider_date

# Few enough that workers share them, and that a job lost with its worker is soon done again.
ORGANIZATIONS_A_CHECK = 50
# How often a batch of a run is tried as a whole.
BATCH_ATTEMPTS = 2
# Few enough that mail waits for at most two seconds.
PDFS_A_JOB = 100


_MAIL: dict[str, Any] = {"queue": "mail", "priority": -10, "retry": PATIENTLY, "pass_context": True}


@app.task(name="invoices.send_deliveries", **_MAIL)
def send_deliveries(context: JobContext, *, delivery_ids: list[int], user_id: int | None) -> None:
    """Send documents by email; try again for a day those that could not be sent."""
    try:
        deliveries.send(delivery_ids=delivery_ids, now=timezone.now())
    except Exception as error:
        if not is_tried_again(context, error):
            deliveries.give_up(delivery_ids=delivery_ids, error=error)
        raise


@app.task(name="invoices.send", **_MAIL)
def send(context: JobContext, *, delivery_id: int, user_id: int | None) -> None:
    """Send one document. Version 0.2.0 deferred such jobs."""
    send_deliveries(context, delivery_ids=[delivery_id], user_id=user_id)


@app.task(
    name="invoices.make_file", queue="invoices", priority=50, retry=QUICKLY, pass_context=True
)
def make_file(context: JobContext, *, file_id: str, user_id: int) -> None:
    """Pack documents into a file. Someone waits for it, so thousands of other jobs come later."""
    try:
        files.make(file_id=file_id, today=provider_date(timezone.now()))
    except Exception as error:
        if not is_tried_again(context, error):
            files.give_up(file_id=file_id)
        raise


@app.task(
    name="invoices.check_document", queue="invoices", priority=50, retry=QUICKLY, pass_context=True
)
def check_document(context: JobContext, *, check_id: str, user_id: int) -> None:
    """Examine an uploaded document. Someone waits for it, so thousands of other jobs come later."""
    try:
        checks.examine(check_id=check_id)
    except Exception as error:
        if not is_tried_again(context, error):
            checks.give_up(check_id=check_id)
        raise


@app.periodic(cron="53 * * * *")
@app.task(name="invoices.delete_old_checks", queue=UPKEEP, queueing_lock="delete_old_checks")
def delete_old_checks(timestamp: int) -> None:
    """Delete checked documents after a day."""
    checks.delete_old(timezone.now())


@app.periodic(cron="51 * * * *")
@app.task(name="invoices.delete_old_files", queue=UPKEEP, queueing_lock="delete_old_documents")
def delete_old_files(timestamp: int) -> None:
    """Delete files with documents after a day."""
    files.delete_old(timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="invoices.keep_pdfs", queue=UPKEEP, priority=-20, queueing_lock="keep_pdfs")
def keep_pdfs(timestamp: int, *, after: int = 0) -> None:
    """Store up to `PDFS_A_JOB` missing PDFs of invoices with ids above `after`.

    If more may be missing, defer a job that continues after the last of them.
    """
    last = archive.keep_missing(after=after, most=PDFS_A_JOB)
    if last is not None:
        # A job that is already waiting starts with all PDFs that are still missing.
        with suppress(AlreadyEnqueued):
            keep_pdfs.configure(task_kwargs={"timestamp": timestamp, "after": last}).defer()


@app.task(name="invoices.issue_for_run", queue="invoices", pass_context=True, retry=QUICKLY)
def issue_for_run(
    context: JobContext,
    *,
    user_id: int | None,
    item_ids: Sequence[int] = (),
    item_id: int | None = None,
) -> None:
    """Issue the invoices of some organizations for the month of a run.

    Those that fail are tried again by a job of their own each. So are all of a batch whose worker
    was lost repeatedly, because one of them may be what kills workers. Jobs of earlier versions
    have one `item_id`.
    """
    ids = [item_id] if item_id is not None else [*item_ids]
    if len(ids) > 1 and context.job.attempts >= BATCH_ATTEMPTS:
        runs.set_aside(item_ids=ids, user_id=user_id)
        return
    by = User.objects.filter(pk=user_id).first() if user_id else None
    try:
        failed = runs.do(item_ids=ids, now=timezone.now(), by=by)
        if len(ids) == 1:
            for error in failed.values():
                raise error
    except Exception as error:
        if not is_tried_again(context, error):
            runs.give_up(item_ids=ids, error=type(error).__name__, now=timezone.now())
        raise
    runs.set_aside(item_ids=failed, user_id=user_id)


@app.periodic(cron="* * * * *")
@app.task(name="invoices.start_due_runs", queue=UPKEEP, queueing_lock="start_due_runs")
def start_due_runs(timestamp: int) -> None:
    """Start the scheduled runs that are due."""
    schedules.start_due(timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="invoices.look_for_differences", queue=UPKEEP, queueing_lock="look_for_differences")
def look_for_differences(timestamp: int) -> None:
    """Defer the checks of the organizations whose charges may have changed.

    While earlier checks are waiting, none are added: what is new is checked after them.
    """
    waiting = checking.waiting_organizations()
    defer_in_batches(check_invoices, waiting, number=ORGANIZATIONS_A_CHECK)


@app.periodic(cron="*/5 * * * *")
@app.task(name="invoices.mark_ended_months", queue=UPKEEP, queueing_lock="mark_ended_months")
def mark_ended_months(timestamp: int) -> None:
    """Have the months counted that have ended since they were last counted."""
    keeping.mark_ended_months(timezone.now())


# On the first of a month, every organization is counted: emails of the run do not wait for that.
@app.task(name="invoices.check", queue="invoices", priority=-15, retry=QUICKLY)
def check_invoices(*, organization_ids: list[int]) -> None:
    """Compare the invoices of organizations whose charges may have changed; count what has none.

    An organization whose check fails does not keep the others from being checked.
    """
    do_each(
        organization_ids,
        lambda pk: keeping.keep(organization_id=pk, now=timezone.now()),
        "Some organizations could not be checked",
    )


@app.periodic(cron="*/10 * * * *")
@app.task(name="invoices.fold_tallies", queue=UPKEEP, queueing_lock="fold_document_tallies")
def fold_tallies(timestamp: int) -> None:
    """Add up the tallies of documents, of runs and of months without an invoice."""
    DocumentTally.fold()
    RunTally.fold()
    UninvoicedTally.fold()
