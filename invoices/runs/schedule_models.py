"""Runs that are started at a time of each month, and what has come of each start."""

from __future__ import annotations

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.recording import audited
from invoices.runs.models import InvoiceRun


@audited()
class RunSchedule(models.Model):
    """A day of the month and a time, in the provider's time zone, at which a run is started.

    The run is for the month before. In months without the `day`, it is started on their last day.
    `next_on` is the next date on which it is due.
    """

    class Action(models.TextChoices):
        DRAFTS = "drafts", _("Create drafts for release")
        ISSUE = "issue", _("Issue the invoices and email them")

    day = models.PositiveSmallIntegerField(
        _("day of the month"), validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    at = models.TimeField(_("time"))
    action = models.CharField(
        _("what it does"), max_length=6, choices=Action, default=Action.DRAFTS
    )
    is_paused = models.BooleanField(_("paused"), default=False)
    next_on = models.DateField(_("next date"))

    class Meta:
        verbose_name = _("scheduled run")
        verbose_name_plural = _("scheduled runs")
        ordering = ("day", "at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(day__gte=1, day__lte=31), name="invoices_schedule_day_of_a_month"
            ),
            models.UniqueConstraint(fields=("day", "at"), name="invoices_one_schedule_a_time"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.at:%H:%M}"


class ScheduledStartQuerySet(models.QuerySet["ScheduledStart"]):
    """Queries for what has come of scheduled starts."""

    def not_started(self) -> ScheduledStartQuerySet:
        """Keep the last starts of schedules that were refused or failed.

        Somebody may since have started the run, released its drafts, or, after it was refused
        because of drafts, issued without them. These starts need no attention.
        """
        later = ScheduledStart.objects.filter(
            schedule=OuterRef("schedule"), due_on__gt=OuterRef("due_on")
        )
        run, since = InvoiceRun.objects.filter(month=OuterRef("month")), OuterRef("started_at")
        done = run.filter(Q(started_at__gte=since) | Q(released_at__gte=since))
        refused, failed = ScheduledStart.Outcome.REFUSED, ScheduledStart.Outcome.FAILED
        kept = self.filter(~Exists(later), ~Exists(done), outcome__in=(refused, failed))
        return kept.exclude(Exists(run.filter(drafted_at=None)), outcome=refused)


class ScheduledStart(models.Model):
    """One start of a scheduled run, and its outcome. There is one for each date it was due."""

    class Outcome(models.TextChoices):
        STARTED = "started", pgettext_lazy("invoice run", "Started")
        NOTHING = "nothing", _("Nothing to do")
        REFUSED = "refused", pgettext_lazy("invoice run", "Not started")
        FAILED = "failed", pgettext_lazy("invoice run", "Failed")

    schedule = models.ForeignKey(RunSchedule, models.CASCADE, related_name="starts", db_index=False)
    due_on = models.DateField()
    due_at = models.DateTimeField()
    started_at = models.DateTimeField()
    # The month of the run.
    month = models.DateField()
    outcome = models.CharField(max_length=7, choices=Outcome)
    # The class name of a refusal (invoices/issuing/refusals.py) or of an unexpected error.
    reason = models.CharField(max_length=50, blank=True)

    objects = ScheduledStartQuerySet.as_manager()

    class Meta:
        verbose_name = _("start of a scheduled run")
        verbose_name_plural = _("starts of scheduled runs")
        ordering = ("-due_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("schedule", "due_on"), name="invoices_scheduled_start_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.due_on}"

    @property
    def late_by(self) -> timedelta | None:
        """How much later than due it was started, if no job did so in time."""
        late = self.started_at - self.due_at
        return late if late > timedelta(minutes=5) else None
