"""Jobs of reminders. The rules for all jobs are in foundation/jobs/setup.py."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from django.db import transaction
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.types import JSONValue

from foundation.jobs.batches import defer_in_batches, do_each
from foundation.jobs.setup import PATIENTLY, QUICKLY, UPKEEP, is_tried_again
from reminders import mails, proposing, sending
from reminders.models import Reminder
from reminders.rules import current_rules

QUEUE = "reminders"
# Few enough that workers share them, and that a job lost with its worker is soon done again.
ORGANIZATIONS_A_JOB = 100


def look_soon() -> None:
    """Have the reminders of all organizations looked at once the open transaction is committed."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        look.configure(queueing_lock="reminders_look_soon").defer(timestamp=0)


def look_at_soon(organization_ids: Collection[int]) -> None:
    """Have organizations looked at after the open transaction, whose reminders it may change.

    They have an undecided reminder, or have reached the last level; the others can wait.
    """
    own = Reminder.objects.filter(organization__in=organization_ids).order_by()
    waiting = own.undecided().union(own.followed()).values_list("organization", flat=True)
    found = sorted(set(waiting))
    # Not jobs of `look_at`: while such jobs wait, the hourly ones are not deferred.
    jobs: list[dict[str, JSONValue]] = [
        {"organization_ids": [*found[start : start + ORGANIZATIONS_A_JOB]]}
        for start in range(0, len(found), ORGANIZATIONS_A_JOB)
    ]
    if jobs:
        look_again.batch_defer(*jobs)


@app.periodic(cron="9 * * * *")
@app.task(name="reminders.look", queue=UPKEEP, queueing_lock="reminders_look")
def look(timestamp: int) -> None:
    """Defer the jobs that propose reminders of the organizations that owe something."""
    waiting = proposing.organizations_to_look_at(timezone.now())
    defer_in_batches(look_at, waiting, number=ORGANIZATIONS_A_JOB)


@app.task(name="reminders.look_at", queue=QUEUE, priority=-15, retry=QUICKLY)
def look_at(*, organization_ids: list[int]) -> None:
    """Propose the reminders of organizations, and send those that are approved."""
    _look_at(organization_ids)


@app.task(name="reminders.look_again", queue=QUEUE, priority=-15, retry=QUICKLY)
def look_again(*, organization_ids: list[int]) -> None:
    """Look at organizations whose payments have changed, as `look_at` does."""
    _look_at(organization_ids)


def _look_at(organization_ids: list[int]) -> None:
    """Propose and send; an organization that fails does not keep others from being looked at."""
    rules = current_rules()

    def do(pk: int) -> None:
        now = timezone.now()
        for reminder_id in proposing.look_at(organization_id=pk, now=now, rules=rules):
            sending.send(reminder_id=reminder_id, now=now, rules=rules)

    do_each(organization_ids, do, "Reminders of some organizations could not be proposed")


@app.task(name="reminders.send", queue=QUEUE, retry=QUICKLY)
def send(*, reminder_ids: list[int], user_id: int | None) -> None:
    """Send approved reminders. Those that fail do not keep the others from being sent."""
    rules = current_rules()
    do_each(
        reminder_ids,
        lambda pk: sending.send(reminder_id=pk, now=timezone.now(), rules=rules),
        "Some reminders could not be sent",
    )


@app.task(
    name="reminders.send_mails", queue="mail", priority=-10, retry=PATIENTLY, pass_context=True
)
def send_mails(context: JobContext, *, mail_ids: list[int], user_id: int | None) -> None:
    """Send mails with reminders; try again for a day those that could not be sent."""
    try:
        mails.send_requested(mail_ids=mail_ids, now=timezone.now())
    except Exception as error:
        if not is_tried_again(context, error):
            mails.give_up(mail_ids=mail_ids, error=error)
        raise
