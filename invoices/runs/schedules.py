"""Start runs at times of each month.

A job looks every minute for schedules that are due. It records the start in the transaction that
starts the run and moves the schedule on, so a run is started once for each date, however often the
job runs. What was due while no worker ran is started later, one date after another.
"""

from __future__ import annotations

import calendar
import logging
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.web.local_times import SkippedTimeError, instant_at
from foundation.web.versions import refuse_overwriting
from invoices.issuing.refusals import IssueRefusal, NoUsageInMonth
from invoices.runs import operations as runs
from invoices.runs.schedule_models import RunSchedule, ScheduledStart
from rating.periods import month_of, next_month
from tariffs.provider_calendar import provider_date

logger = logging.getLogger(__name__)
Outcome = ScheduledStart.Outcome


class ScheduleGone(Exception):
    """Someone has deleted the schedule."""


class TimeTaken(Exception):
    """There is another schedule for the day and time: its run would leave nothing to this one."""

    def __str__(self) -> str:
        return _(
            "A run is already scheduled for this day and time. Change that one, or enter "
            "another time."
        )


def due_at(day: date, at: time) -> datetime:
    """Return the instant of a time on a date in the provider's time zone.

    A time that occurs twice is the first one. One that is skipped, because the clocks are put
    forward, is as much later as they are.
    """
    zone = timezone.get_default_timezone()
    local = datetime.combine(day, at)
    try:
        return instant_at(local, zone)
    except SkippedTimeError:
        return local.replace(tzinfo=zone).astimezone(UTC)


def date_in(month: date, day: int) -> date:
    """Return the day of a month, or its last day if it is shorter."""
    last = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=min(day, last))


def next_date(day: int, at: time, now: datetime) -> date:
    """Return the next date on which a schedule is due after an instant."""
    month = provider_date(now).replace(day=1)
    this = date_in(month, day)
    return this if due_at(this, at) > now else date_in(next_month(month), day)


@transaction.atomic
def create(*, day: int, at: time, action: str, now: datetime) -> RunSchedule:
    """Schedule runs. Only what is due from now on is started.

    Raises:
        TimeTaken: there is a schedule for the day and time, which may be paused.
    """
    schedule = RunSchedule(day=day, at=at, action=action, next_on=next_date(day, at, now))
    _save(schedule)
    return schedule


@transaction.atomic
def change(
    *, schedule_id: int, day: int, at: time, action: str, now: datetime, shown: str
) -> RunSchedule:
    """Change when a schedule is due and what it does, from now on.

    What was due but was not started yet, because no worker ran, stays due in its month. `shown` is
    the version of the `stored_values` that were shown.

    Raises:
        EditedByOthers: someone has changed a value since it was shown, to another than the given.
        ScheduleGone: there is no such schedule.
        TimeTaken: there is another schedule for the day and time, which may be paused.
    """
    schedule = _locked(schedule_id)
    given = {"day": day, "at": at, "action": action}
    refuse_overwriting(shown=shown, stored=stored_values(schedule), given=given)
    is_overdue = not schedule.is_paused and due_at(schedule.next_on, schedule.at) <= now
    schedule.day, schedule.at, schedule.action = day, at, action
    if is_overdue:
        _store_next(schedule, date_in(schedule.next_on.replace(day=1), day))
    else:
        _store_next(schedule, next_date(day, at, now))
    return schedule


@transaction.atomic
def pause(*, schedule_id: int, is_paused: bool, now: datetime) -> None:
    """Pause a schedule, or resume it. What was due while it was paused is not started.

    Raises:
        ScheduleGone: there is no such schedule.
    """
    schedule = _locked(schedule_id)
    schedule.is_paused = is_paused
    _store_next(schedule, next_date(schedule.day, schedule.at, now))


@transaction.atomic
def delete(*, schedule_id: int) -> None:
    """Delete a schedule. The runs that it has started stay."""
    RunSchedule.objects.filter(pk=schedule_id).delete()


def stored_values(schedule: RunSchedule) -> dict[str, Any]:
    """Return what `change` changes, by field name."""
    return {name: getattr(schedule, name) for name in ("day", "at", "action")}


def start_due(now: datetime) -> int:
    """Start the runs that are due; return how many dates were due.

    Raises:
        OperationalError: the database cannot be used. The rest is started by the next call.
    """
    number = 0
    ids = RunSchedule.objects.filter(is_paused=False).order_by("pk").values_list("pk", flat=True)
    for pk in list(ids):
        while _start_next(pk, now):
            number += 1
    return number


@transaction.atomic
def _start_next(schedule_id: int, now: datetime) -> bool:
    """Start the next run of a schedule if it is due; return whether it was."""
    schedule = RunSchedule.objects.select_for_update().filter(pk=schedule_id).first()
    if schedule is None or schedule.is_paused:
        return False
    due_on = schedule.next_on
    due = due_at(due_on, schedule.at)
    if due > now:
        return False
    month = month_of(due_on, months_before=1).start
    outcome, reason = _start(schedule, month, now)
    ScheduledStart.objects.create(
        schedule=schedule,
        due_on=due_on,
        due_at=due,
        started_at=now,
        month=month,
        outcome=outcome,
        reason=reason,
    )
    schedule.next_on = date_in(next_month(due_on.replace(day=1)), schedule.day)
    schedule.save(update_fields=["next_on"])
    return True


def _start(schedule: RunSchedule, month: date, now: datetime) -> tuple[Outcome, str]:
    """Start a run; return what came of it, and the reason if it was not started."""
    drafts_only = schedule.action == RunSchedule.Action.DRAFTS
    try:
        run = runs.start(month=month, now=now, by=None, drafts_only=drafts_only)
    except NoUsageInMonth as refusal:
        return Outcome.NOTHING, refusal.name
    except IssueRefusal as refusal:
        return Outcome.REFUSED, refusal.name
    except OperationalError:
        raise
    except Exception as error:
        logger.exception("The scheduled run for %s could not be started.", month)
        return Outcome.FAILED, type(error).__name__
    is_started = runs.progress_of(run).unfinished > 0
    return (Outcome.STARTED if is_started else Outcome.NOTHING), ""


def _locked(schedule_id: int) -> RunSchedule:
    schedule = RunSchedule.objects.select_for_update().filter(pk=schedule_id).first()
    if schedule is None:
        raise ScheduleGone
    return schedule


def _store_next(schedule: RunSchedule, day: date) -> None:
    """Store a schedule with the next date on which it is due, which is not one that was started."""
    if schedule.starts.filter(due_on=day).exists():
        day = date_in(next_month(day.replace(day=1)), schedule.day)
    schedule.next_on = day
    _save(schedule)


def _save(schedule: RunSchedule) -> None:
    try:
        with transaction.atomic():
            schedule.save()
    except IntegrityError as error:
        if "invoices_one_schedule_a_time" in str(error):
            raise TimeTaken from error
        raise
