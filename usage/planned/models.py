"""Store planned changes, and what became of each."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.recording import audited
from organizations.models import Organization
from tariffs.models import Tariff
from usage.whole_seconds import whole_second

LATE_AFTER = timedelta(minutes=10)
"""How long after its time a change is late that is still to be carried out; a job tries it every
minute."""


class PlannedChangeQuerySet(models.QuerySet["PlannedChange"]):
    """Find planned changes."""

    def waiting(self) -> PlannedChangeQuerySet:
        """Keep those that are still to be carried out."""
        return self.filter(state=PlannedChange.State.WAITING)

    def about(self, organization_id: int) -> PlannedChangeQuerySet:
        """Keep those of an organization's cameras, and those that move cameras to it."""
        return self.filter(Q(organization=organization_id) | Q(destination=organization_id))

    def impossible(self) -> PlannedChangeQuerySet:
        """Keep those that were not possible and that nobody has dealt with."""
        return self.filter(state=PlannedChange.State.IMPOSSIBLE)

    def due(self, now: object) -> PlannedChangeQuerySet:
        """Keep those whose time has come, in the order in which they take effect."""
        return self.waiting().filter(at__lte=now).order_by("at", "pk")

    def late(self, now: datetime) -> PlannedChangeQuerySet:
        """Keep those that should have been carried out by now, but had to wait."""
        return self.waiting().filter(at__lte=now - LATE_AFTER)

    def with_names(self) -> PlannedChangeQuerySet:
        """Add what lists show of each."""
        return self.select_related(
            "organization", "camera", "tariff", "destination", "asked_by", "settled_by"
        ).prefetch_related("organization__earlier_time_zones")


@audited()
class PlannedChange(models.Model):
    """A change of one camera at a future instant, by the rules for changes made at once.

    A connection names the camera, because it need not exist yet; all other changes have a camera. A
    move has a destination: the organization that gets the camera, on a tariff available there. A
    tariff can be deleted once the change is settled. If the change has become impossible, `reason`
    is the class name of the refusal, or of the error, and `use` is the usage that prevents it, if
    any.
    """

    class Kind(models.TextChoices):
        CONNECT = "connect", _("Connect")
        CHANGE_TARIFF = "tariff", _("Change tariff")
        MOVE = "move", _("Move")
        DISCONNECT = "disconnect", _("Disconnect")

    class State(models.TextChoices):
        WAITING = "waiting", _("Planned")
        DONE = "done", pgettext_lazy("planned change", "Done")
        WITHDRAWN = "withdrawn", pgettext_lazy("planned change", "Withdrawn")
        IMPOSSIBLE = "impossible", pgettext_lazy("planned change", "Not possible")
        SETTLED = "settled", pgettext_lazy("planned change", "Not possible, dealt with")

    kind = models.CharField(_("change"), max_length=10, choices=Kind)
    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        related_name="planned_changes",
        db_index=False,
        verbose_name=_("organization"),
    )
    name = models.CharField(pgettext_lazy("of a stream", "name"), max_length=200)
    title = models.CharField(_("title"), max_length=200, blank=True)
    camera = models.ForeignKey(
        "usage.Camera",
        models.CASCADE,
        null=True,
        related_name="planned_changes",
        db_index=False,
        verbose_name=_("camera"),
    )
    tariff = models.ForeignKey(
        Tariff,
        models.SET_NULL,
        null=True,
        related_name="planned_changes",
        verbose_name=_("tariff plan"),
    )
    destination = models.ForeignKey(
        Organization,
        models.CASCADE,
        null=True,
        related_name="planned_arrivals",
        db_index=False,
        verbose_name=_("moves to"),
    )
    at = models.DateTimeField(_("at"))
    asked_at = models.DateTimeField(_("planned at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("planned by"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    done_at = models.DateTimeField(_("done at"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("settled by"),
    )
    reason = models.CharField(_("reason"), max_length=50, blank=True)
    # Usage can be removed later, so this can name an interval that is gone.
    use = models.ForeignKey(
        "usage.UsageInterval",
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    objects = PlannedChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned change")
        verbose_name_plural = _("planned changes")
        ordering = ("at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="disconnect", camera__isnull=False, tariff=None)
                | (
                    (Q(kind="connect") | Q(kind__in=("tariff", "move"), camera__isnull=False))
                    & (Q(tariff__isnull=False) | ~Q(state="waiting"))
                ),
                name="usage_planned_says_what",
            ),
            models.CheckConstraint(
                condition=Q(~Q(kind="move"), destination=None)
                | Q(~Q(destination=F("organization")), kind="move", destination__isnull=False),
                name="usage_planned_moves_elsewhere",
            ),
            models.CheckConstraint(
                condition=Q(at=whole_second("at"), at__gt=F("asked_at")),
                name="usage_planned_for_later",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", done_at=None)
                | Q(~Q(state="waiting"), done_at__isnull=False),
                name="usage_planned_done_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("withdrawn", "settled"), settled_by__isnull=False)
                | Q(~Q(state__in=("withdrawn", "settled")), settled_by=None),
                name="usage_planned_settled_by_somebody",
            ),
            models.UniqueConstraint(
                fields=("name", "at"),
                condition=Q(state="waiting"),
                name="usage_planned_one_at_a_time",
            ),
        )
        indexes = (
            models.Index(fields=("at", "id"), name="usage_planned_by_time"),
            models.Index(
                fields=("at", "id"), condition=Q(state="waiting"), name="usage_planned_waiting"
            ),
            models.Index(
                fields=("at", "id"),
                condition=Q(state="impossible"),
                name="usage_planned_impossible",
            ),
            models.Index(
                fields=("destination", "at", "id"),
                condition=Q(destination__isnull=False),
                name="usage_planned_of_destination",
            ),
            models.Index(fields=("organization", "at", "id"), name="usage_planned_of_org"),
            models.Index(fields=("camera", "at"), name="usage_planned_of_camera"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.name} {self.at:%Y-%m-%d %H:%M:%S}"

    def is_late(self, now: datetime) -> bool:
        """Return whether it should have been carried out by now, but had to wait."""
        return self.state == self.State.WAITING and self.at <= now - LATE_AFTER
