"""The stored invoice runs."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.recording import audited
from foundation.lists.tallies import Tally
from organizations.models import Organization


class InvoiceRun(models.Model):
    """A run that issues the invoices of all organizations for one calendar month."""

    month = models.DateField(_("month"), unique=True)
    started_at = models.DateTimeField(_("started at"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        verbose_name = _("invoice run")
        verbose_name_plural = _("invoice runs")
        ordering = ("-month",)
        constraints = (
            models.CheckConstraint(condition=Q(month__day=1), name="invoices_run_of_a_whole_month"),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class RunItem(models.Model):
    """One organization's part in an invoice run."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ISSUED = "issued", pgettext_lazy("invoices", "Issued")
        NOTHING = "nothing", _("Nothing to bill")
        REFUSED = "refused", _("Blocked")
        FAILED = "failed", pgettext_lazy("invoice run", "Failed")

    run = models.ForeignKey(InvoiceRun, models.CASCADE, related_name="items", db_index=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="run_items")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    # The class name of a refusal (invoices/issuing/refusals.py) and its `details`. For a failure,
    # only the class name of the error is stored.
    reason = models.CharField(max_length=50, blank=True)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invoice run item")
        verbose_name_plural = _("invoice run items")
        constraints = (
            models.UniqueConstraint(
                fields=("run", "organization"), name="invoices_run_item_one_an_organization"
            ),
        )
        indexes = (models.Index(fields=("run", "state"), name="invoices_run_by_state"),)

    def __str__(self) -> str:
        return f"{self.run_id} {self.organization_id}"


class RunTally(Tally):
    """The number of a run's items in a state, in parts; migrations/sql/0029_run_tallies.sql."""

    SUMS = ("items",)

    run = models.ForeignKey(
        InvoiceRun, models.DO_NOTHING, related_name="tallies", db_constraint=False
    )
    state = models.CharField(max_length=7)
    items = models.BigIntegerField()

    class Meta:
        verbose_name = _("tally of an invoice run")
        verbose_name_plural = _("tallies of invoice runs")

    def __str__(self) -> str:
        return f"{self.run_id} {self.state} {self.items}"


@audited(found_by=("organization",))
class RunExclusion(models.Model):
    """An organization that runs for a month leave out."""

    month = models.DateField(_("month"))
    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        related_name="run_exclusions",
        verbose_name=_("organization"),
        db_index=False,
    )

    class Meta:
        verbose_name = _("exclusion from an invoice run")
        verbose_name_plural = _("exclusions from invoice runs")
        constraints = (
            models.UniqueConstraint(
                fields=("organization", "month"), name="invoices_run_exclusion_once"
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="invoices_run_exclusion_of_a_whole_month"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization_id} {self.month:%Y-%m}"
