"""The stored differences between billing and the platform, and their sums."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.among import among
from foundation.search.index import FEW, find, search_index
from watcher.drift.kinds import Kind

LONGEST_KEY = 200


def _named(to: str, name: Any) -> models.ForeignKey[Any, Any]:
    # Without constraints: the rows are derived, come by the million, and are compared again by the
    # next job, whatever was deleted meanwhile.
    return models.ForeignKey(
        to,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=name,
    )


class DifferenceQuerySet(models.QuerySet["Difference"]):
    """A queryset of differences."""

    def listed(self) -> DifferenceQuerySet:
        """Keep those that nobody has ignored."""
        return self.filter(ignored_at=None)

    def ignored(self) -> DifferenceQuerySet:
        """Keep those that somebody has ignored."""
        return self.filter(ignored_at__isnull=False)

    def of_organizations(self, ids: models.QuerySet[Any, int]) -> DifferenceQuerySet:
        """Keep those that concern organizations here, on either side; `ids` finds their ids."""
        # PostgreSQL uses an index for each side of an OR only if the ids themselves are given.
        found = list(ids[: FEW + 1])
        if len(found) <= FEW:
            return self.filter(among("organization", found) | among("there_organization", found))
        return self.filter(Q(organization__in=ids) | Q(there_organization__in=ids))

    def search(self, text: str) -> DifferenceQuerySet:
        """Keep those with each word of `text` in the name of what differs."""
        return find(self, text, "name")


class Difference(models.Model):
    """Something that differs, as the last comparison found it; comparing.py.

    `organization`, `tariff` and `camera` are those of billing, `tenant` and `preset` those of the
    platform, and `there_organization` and `there_tariff` are what the latter mean here. `here` and
    `there` hold the other values that differ. One that is ignored stays so until any of these
    changes.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    key = models.CharField(max_length=LONGEST_KEY)
    """Of a camera its name, of all others an id: of the platform, or of billing if it has none."""
    name = models.CharField(_("name"), max_length=255)
    camera = _named("usage.Camera", _("camera"))
    organization = _named("organizations.Organization", _("organization"))
    tariff = _named("tariffs.Tariff", _("tariff plan"))
    tenant = _named("watcher.PlatformOrganization", _("organization in Watcher"))
    preset = _named("watcher.PlatformPreset", _("preset in Watcher"))
    there_organization = _named("organizations.Organization", _("organization that it is here"))
    there_tariff = _named("tariffs.Tariff", _("tariff plan that the preset means"))
    here = models.JSONField(_("here"), default=dict)
    there = models.JSONField(_("in Watcher"), default=dict)
    since_at = models.DateTimeField(_("since"))
    here_amount = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    here_currency = models.CharField(max_length=3, blank=True)
    there_amount = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    there_currency = models.CharField(max_length=3, blank=True)
    """What a month costs by billing, and what it would cost as it is on the platform."""
    is_unpriced = models.BooleanField(_("without a price"), default=False)
    """Whether it costs something that is not known: nothing is linked, or there is no price."""
    ignored_at = models.DateTimeField(_("ignored at"), null=True)
    ignored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("ignored by"),
    )
    ignored_reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference from Watcher")
        verbose_name_plural = _("differences from Watcher")
        ordering = ("-since_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("kind", "key"), name="watcher_difference_once"),
            models.CheckConstraint(
                condition=Q(ignored_at=None, ignored_reason="")
                | Q(ignored_at__isnull=False) & ~Q(ignored_reason=""),
                name="watcher_difference_ignored_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(here_amount=None, here_currency="")
                | Q(here_amount__isnull=False) & ~Q(here_currency=""),
                name="watcher_difference_here_in_currency",
            ),
            models.CheckConstraint(
                condition=Q(there_amount=None, there_currency="")
                | Q(there_amount__isnull=False) & ~Q(there_currency=""),
                name="watcher_difference_there_in_currency",
            ),
        )
        indexes = (
            models.Index(
                fields=("-since_at", "-id"),
                condition=Q(ignored_at=None),
                name="watcher_difference_listed",
            ),
            models.Index(
                fields=("kind", "-since_at", "-id"),
                condition=Q(ignored_at=None),
                name="watcher_difference_of_kind",
            ),
            models.Index(
                fields=("-since_at", "-id"),
                condition=Q(ignored_at__isnull=False),
                name="watcher_difference_ignored",
            ),
            models.Index(fields=("organization", "-since_at"), name="watcher_difference_of_org"),
            models.Index(
                fields=("there_organization", "-since_at"), name="watcher_difference_org_there"
            ),
            search_index("name", name="watcher_difference_search"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"


class DifferenceSum(models.Model):
    """How many differences of a kind there are, and in a currency what they cost a month.

    Without a currency, `number` counts all, and `unpriced` those whose cost is not known. `amount`
    is what would be charged more if all were as they are on the platform.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    is_ignored = models.BooleanField(_("ignored"))
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    number = models.PositiveIntegerField(_("number"))
    unpriced = models.PositiveIntegerField(_("without a price"))
    amount = models.DecimalField(_("a month"), max_digits=24, decimal_places=4)

    class Meta:
        verbose_name = _("sum of differences from Watcher")
        verbose_name_plural = _("sums of differences from Watcher")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "is_ignored", "currency"), name="watcher_difference_sums_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.number} {self.currency}"


class ReportDifferenceQuerySet(models.QuerySet["ReportDifference"]):
    """A queryset of differences from the platform's usage report."""

    def search(self, text: str) -> ReportDifferenceQuerySet:
        """Keep those with each word of `text` in the name of the camera."""
        return find(self, text, "name")


class ReportDifference(models.Model):
    """Days on which only one of billing and the platform's usage report has a camera.

    Both are as of 00:00 UTC. `account_id` is the organization's id on the platform.
    """

    class Side(models.TextChoices):
        """Which of both has the camera."""

        HERE = "here", _("only here")
        THERE = "there", _("only in Watcher's report")

    name = models.CharField(_("camera"), max_length=LONGEST_KEY)
    account_id = models.CharField(_("ID in Watcher"), max_length=100)
    side = models.CharField(_("who has it"), max_length=5, choices=Side)
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    camera = _named("usage.Camera", _("camera"))
    organization = _named("organizations.Organization", _("organization"))

    objects = ReportDifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference from Watcher's usage report")
        verbose_name_plural = _("differences from Watcher's usage report")
        ordering = ("-last_on", "name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("name", "account_id", "side", "first_on"),
                name="watcher_report_difference_once",
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=models.F("first_on")),
                name="watcher_report_difference_in_order",
            ),
        )
        indexes = (
            models.Index(fields=("-last_on", "name", "id"), name="watcher_report_by_day"),
            models.Index(
                fields=("organization", "-last_on"), name="watcher_report_of_organization"
            ),
            search_index("name", name="watcher_report_search"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.first_on}"


class ReportState(models.Model):
    """How the last comparison with the usage report went; one row, with the primary key 1."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    tried_at = models.DateTimeField(_("tried at"))
    compared_at = models.DateTimeField(_("compared at"), null=True)
    first_on = models.DateField(_("first day"), null=True)
    last_on = models.DateField(_("last day"), null=True)
    """The days of the last comparison, both inclusive."""
    cameras = models.PositiveIntegerField(_("cameras"), default=0)
    failure = models.JSONField(_("failure"), default=dict)
    """A stored `watcher.errors.PlatformError`, or empty if the last attempt succeeded."""

    class Meta:
        verbose_name = _("state of the comparison with the usage report")
        verbose_name_plural = _("states of the comparison with the usage report")
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="watcher_report_state_one"),)

    def __str__(self) -> str:
        return f"{self.tried_at:%Y-%m-%d %H:%M:%S}"
