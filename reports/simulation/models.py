"""The stored results of simulations. They are deleted after some days; nothing else uses them."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Abs
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models import Organization
from organizations.querysets import OrganizationQuerySet
from rating.periods import Period
from tariffs.fields import money_field
from tariffs.models import Tariff


class Simulation(models.Model):
    """A request to compute months twice, with what is in force and with a change.

    The change is a value of a class in `changes`, as `changes.stored` writes it. `tariff` and
    `organization` are those that it concerns, if it concerns one. The page that asks for it chooses
    the id, so that a request that arrives twice is one simulation. `after_id` is the last
    organization that is done.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("In progress")
        READY = "ready", pgettext_lazy("a simulation", "Ready")
        FAILED = "failed", pgettext_lazy("a simulation", "Failed")
        CANCELLED = "cancelled", pgettext_lazy("a simulation", "Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_at = models.DateTimeField(_("requested at"), db_index=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    change = models.JSONField()
    tariff = models.ForeignKey(Tariff, models.CASCADE, null=True, related_name="+")
    organization = models.ForeignKey(Organization, models.CASCADE, null=True, related_name="+")
    period_from = models.DateField()
    period_until = models.DateField()
    state = models.CharField(_("status"), max_length=9, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField(null=True)
    done = models.PositiveIntegerField(default=0)
    after_id = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("simulation")
        verbose_name_plural = _("simulations")
        ordering = ("-asked_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(period_until__gt=F("period_from")), name="reports_simulation_in_order"
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def period(self) -> Period:
        """The whole months that are computed, half-open."""
        return Period(self.period_from, self.period_until)

    @property
    def months(self) -> int:
        """The number of months."""
        start, end = self.period
        return (end.year - start.year) * 12 + end.month - start.month


class SimulatedCostQuerySet(models.QuerySet["SimulatedCost"]):
    """Queries for the results of simulations."""

    def search(self, text: str) -> SimulatedCostQuerySet:
        """Keep those of organizations that a search finds."""
        found: OrganizationQuerySet = Organization.objects.search(text)
        return self.filter(organization__in=found.order_by().values("pk"))


class SimulatedCost(models.Model):
    """What an organization pays in a currency, before tax, without and with the change.

    `cameras` are those whose charges differ. `is_incomplete` says that something has no price, and
    is not included.
    """

    simulation = models.ForeignKey(Simulation, models.CASCADE, related_name="costs", db_index=False)
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    currency = models.CharField(_("currency"), max_length=3)
    cameras = models.PositiveIntegerField(_("cameras that differ"))
    before = money_field(_("now"))
    after = money_field(_("with the change"))
    difference = models.GeneratedField(
        expression=F("after") - F("before"), output_field=money_field(""), db_persist=True
    )
    is_incomplete = models.BooleanField()

    objects = SimulatedCostQuerySet.as_manager()

    class Meta:
        verbose_name = _("result of a simulation")
        verbose_name_plural = _("results of simulations")
        constraints = (
            models.UniqueConstraint(
                fields=("simulation", "organization", "currency"), name="reports_one_cost"
            ),
        )
        indexes = (
            # The list begins with the largest differences.
            models.Index(
                F("simulation"), Abs("difference").desc(), F("id"), name="reports_by_difference"
            ),
        )

    def __str__(self) -> str:
        return f"{self.simulation_id} {self.organization_id} {self.currency}"


class SimulatedSum(models.Model):
    """The sums of a simulation in a currency, over all organizations that it has computed."""

    simulation = models.ForeignKey(Simulation, models.CASCADE, related_name="sums", db_index=False)
    currency = models.CharField(max_length=3)
    organizations = models.PositiveIntegerField(default=0)
    # Those whose amount differs.
    affected = models.PositiveIntegerField(default=0)
    cameras = models.PositiveBigIntegerField(default=0)
    before = models.DecimalField(max_digits=24, decimal_places=4, default=0)
    after = models.DecimalField(max_digits=24, decimal_places=4, default=0)

    class Meta:
        verbose_name = _("sum of a simulation")
        verbose_name_plural = _("sums of simulations")
        ordering = ("currency",)
        constraints = (
            models.UniqueConstraint(fields=("simulation", "currency"), name="reports_one_sum"),
        )

    def __str__(self) -> str:
        return f"{self.simulation_id} {self.currency}"

    @property
    def difference(self) -> Decimal:
        """By how much the sum changes."""
        return self.after - self.before

    @property
    def percent(self) -> Decimal | None:
        """The difference in percent of the sum before, or None if that is 0."""
        return self.difference * 100 / self.before if self.before else None
