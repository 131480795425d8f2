"""The stored invoice runs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.recording import audited
from foundation.lists.tallies import Tally
from foundation.web.versions import digest_of
from organizations.models import Organization

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from accounts.models import User


def _person(label: StrOrPromise) -> models.ForeignKey[User | None, User | None]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
        db_index=False,
    )


@audited()
class InvoiceRun(models.Model):
    """A run that issues the invoices of all organizations for one calendar month.

    A run that creates drafts for release was `drafted_at` an instant. These are empty again once
    the run issues without drafts. Events keep who did what before.
    """

    month = models.DateField(_("month"), unique=True)
    started_at = models.DateTimeField(_("started at"))
    started_by = _person(_("started by"))
    drafted_at = models.DateTimeField(_("drafts created at"), null=True, blank=True)
    drafted_by = _person(_("drafts created by"))
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    released_by = _person(_("released by"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = _person(_("withdrawn by"))

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
    """One organization's part in an invoice run.

    Jobs work on UNFINISHED items: they issue WAITING ones, draft DRAFT ones, and issue RELEASE ones
    if their amounts are still those that were reviewed.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DRAFT = "draft", _("To be drafted")
        DRAFTED = "drafted", _("For release")
        RELEASE = "release", _("Being released")
        CHANGED = "changed", _("Amount changed")
        DROPPED = "dropped", pgettext_lazy("draft", "Withdrawn")
        ISSUED = "issued", pgettext_lazy("invoices", "Issued")
        NOTHING = "nothing", _("Nothing to bill")
        REFUSED = "refused", _("Blocked")
        FAILED = "failed", pgettext_lazy("invoice run", "Failed")

    # What jobs have yet to do.
    UNFINISHED = (State.WAITING, State.DRAFT, State.RELEASE)
    # Drafts that people can release, leave out or accept.
    WAITING_FOR_RELEASE = (State.DRAFTED, State.CHANGED)
    # Drafts that have not been released.
    DRAFTS = (State.DRAFT, State.DRAFTED, State.CHANGED)
    # Those whose reviewed amounts are shown.
    WITH_DRAFTS = (*DRAFTS, State.RELEASE, State.DROPPED)
    # What has no outcome of issuing yet.
    NOT_ISSUED_YET = (*UNFINISHED, State.DRAFTED, State.CHANGED, State.DROPPED)

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

    @property
    def amounts_version(self) -> str:
        """A digest of the new amounts of its drafts, to compare it with what a person saw."""
        amounts = sorted(
            (each.currency, str(each.new_net), str(each.new_total)) for each in self.drafts.all()
        )
        return digest_of(amounts)


def _amount(label: StrOrPromise) -> models.DecimalField[Decimal | None, Decimal | None]:
    return models.DecimalField(label, max_digits=20, decimal_places=4, null=True)


class RunDraft(models.Model):
    """What an organization's invoice in one currency would come to, as people review it.

    If it came to something else when it was released, `new_net` and `new_total` are that. A draft
    has no reviewed amounts if its currency was added later, and no new ones if it was left out.
    """

    item = models.ForeignKey(RunItem, models.CASCADE, related_name="drafts", db_index=False)
    currency = models.CharField(_("currency"), max_length=3)
    net = _amount(_("before tax"))
    total = _amount(_("with tax"))
    new_net = _amount(_("before tax"))
    new_total = _amount(_("with tax"))

    class Meta:
        verbose_name = _("draft of an invoice run")
        verbose_name_plural = _("drafts of invoice runs")
        constraints = (
            models.UniqueConstraint(
                fields=("item", "currency"), name="invoices_run_draft_one_a_currency"
            ),
            models.CheckConstraint(
                condition=Q(net__isnull=True, total__isnull=True)
                | Q(net__isnull=False, total__isnull=False),
                name="invoices_run_draft_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(new_net__isnull=True, new_total__isnull=True)
                | Q(new_net__isnull=False, new_total__isnull=False),
                name="invoices_run_draft_new",
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_id} {self.currency}"


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
