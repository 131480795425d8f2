"""Store cameras, and which tariff each one used and when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    DateTimeRangeField,
    RangeOperators,
)
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.recording import audited
from foundation.one_value import one_value
from foundation.search.index import search_index
from organizations.models import Organization
from rating.periods import ONE_DAY
from tariffs.models import Tariff
from usage.planned.models import PlannedChange
from usage.querysets import CameraQuerySet, UsageIntervalQuerySet
from usage.whole_seconds import whole_second

__all__ = ["Camera", "PlannedChange", "UsageImport", "UsageInterval"]


@audited()
class Camera(models.Model):
    """A camera, identified by its stream name, and the organization that has it now."""

    name = models.CharField(pgettext_lazy("of a stream", "name"), max_length=200, unique=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="cameras",
        db_index=False,
        verbose_name=_("organization"),
    )

    objects = CameraQuerySet.as_manager()

    class Meta:
        verbose_name = _("camera")
        verbose_name_plural = _("cameras")
        ordering = ("name",)
        indexes = (
            search_index("name", "title", name="usage_camera_search"),
            # For listing an organization's cameras by name. It includes all columns that usages.csv
            # needs, so that PostgreSQL does not read the table.
            models.Index(
                fields=("organization", "name"), include=("id", "title"), name="usage_camera_of_org"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def title_for(self, organization_ids: Collection[int]) -> str:
        """Return the title, or "" for organizations of which none has the camera now.

        The title is its present owner's; `with_title_for` is the same in SQL.
        """
        return self.title if self.organization_id in organization_ids else ""


@audited(
    found_by=("camera",),
    indexes=(
        # For finding whether an organization ever had usage. Few intervals are deleted.
        models.Index(
            fields=("organization",), condition=Q(pgh_label="delete"), name="usage_deleted_of_org"
        ),
    ),
)
class UsageInterval(models.Model):
    """One camera on one tariff of one organization over `[started_at, ended_at)`, in UTC.

    Without `ended_at`, the camera is still in use. The organization is stored here as well as on
    the camera, so that the past usage of a camera that moves stays with its former payer.
    docs/pricing.md, "Words".
    """

    camera = models.ForeignKey(
        Camera, models.PROTECT, verbose_name=_("camera"), related_name="usage_intervals"
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        verbose_name=_("organization"),
        related_name="usage_intervals",
        db_index=False,
    )
    tariff = models.ForeignKey(
        Tariff, models.PROTECT, verbose_name=_("tariff plan"), related_name="usage_intervals"
    )
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    # How each instant is known. Empty: somebody stated it here, or a file did. 0: the platform
    # dates it. Otherwise it was seen by two readings of the platform: the true instant lies at most
    # this many seconds after it, or before it if negative. usage/known_instants.py.
    started_within_seconds = models.IntegerField(
        _("how the start is known"), null=True, editable=False
    )
    ended_within_seconds = models.IntegerField(_("how the end is known"), null=True, editable=False)

    objects = UsageIntervalQuerySet.as_manager()

    class Meta:
        verbose_name = _("usage interval")
        verbose_name_plural = _("usage intervals")
        ordering = ("camera", "started_at")
        constraints = (
            ExclusionConstraint(
                name="usage_interval_no_overlap",
                expressions=(
                    (one_value(F("camera_id")), RangeOperators.OVERLAPS),
                    (
                        Func(
                            F("started_at"),
                            F("ended_at"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ),
                violation_error_message=_("The camera is already in use at that time."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gt=F("started_at")),
                name="usage_interval_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(started_at=whole_second("started_at"))
                & (Q(ended_at=None) | Q(ended_at=whole_second("ended_at"))),
                name="usage_interval_whole_seconds",
            ),
            models.CheckConstraint(
                condition=Q(ended_within_seconds=None) | Q(ended_at__isnull=False),
                name="usage_interval_end_is_known",
            ),
        )
        triggers = (
            # Whoever changes an instant states it: how it was known before says nothing of it.
            pgtrigger.Trigger(
                name="restated",
                operation=pgtrigger.UpdateOf("started_at", "ended_at"),  # type: ignore[no-untyped-call]
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "(OLD.started_within_seconds IS NOT NULL"
                    " AND NEW.started_at IS DISTINCT FROM OLD.started_at"
                    " OR OLD.ended_within_seconds IS NOT NULL"
                    " AND NEW.ended_at IS DISTINCT FROM OLD.ended_at)"
                ),
                func="""
                    IF NEW.started_at IS DISTINCT FROM OLD.started_at
                        AND NEW.started_within_seconds = OLD.started_within_seconds
                    THEN
                        NEW.started_within_seconds = NULL;
                    END IF;
                    IF NEW.ended_at IS DISTINCT FROM OLD.ended_at
                        AND NEW.ended_within_seconds = OLD.ended_within_seconds
                    THEN
                        NEW.ended_within_seconds = NULL;
                    END IF;
                    RETURN NEW;
                """,
            ),
        )
        indexes = (
            # For counting the cameras in use, and for finding when the others ended.
            models.Index(fields=("organization", "ended_at"), name="usage_interval_of_org"),
            # All columns that a statement reads, in its order.
            models.Index(
                fields=("organization", "camera", "started_at"),
                include=("ended_at", "tariff"),
                name="usage_interval_statement",
            ),
        )

    def __str__(self) -> str:
        return f"{self.camera_id} {self.started_at:%Y-%m-%d %H:%M:%S}"


@audited()
class UsageImport(models.Model):
    """An import that changed usage: by whom, from which file, what it changed, if it is undone.

    Its changes are the events of intervals and cameras whose context names it. They lie between the
    newest event before it and the newest one after it, where an undo looks for them.
    """

    imported_at = models.DateTimeField(_("imported at"))
    # Empty for the command.
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("imported by"),
    )
    file_name = models.CharField(_("file"), max_length=255, blank=True)
    sha256 = models.CharField(max_length=64)
    # The months whose usage it replaced; empty if it added to it.
    replaced_from = models.DateField(_("replaced from"), null=True)
    replaced_until = models.DateField(_("replaced until"), null=True)
    lines = models.PositiveIntegerField(_("lines"))
    intervals_added = models.PositiveIntegerField(_("intervals added"))
    intervals_changed = models.PositiveIntegerField(_("intervals changed"))
    intervals_removed = models.PositiveIntegerField(_("intervals removed"))
    cameras_created = models.PositiveIntegerField(_("cameras created"))
    events_after = models.BigIntegerField()
    events_until = models.BigIntegerField()
    camera_events_after = models.BigIntegerField()
    camera_events_until = models.BigIntegerField()
    undone_at = models.DateTimeField(_("undone at"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("undone by"),
    )

    class Meta:
        verbose_name = _("import of usage")
        verbose_name_plural = _("imports of usage")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(replaced_from=None, replaced_until=None)
                | models.Q(
                    replaced_from__isnull=False, replaced_until__gt=models.F("replaced_from")
                ),
                name="usage_import_months_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(undone_at=None, undone_by=None)
                | models.Q(undone_at__gte=models.F("imported_at"), undone_by__isnull=False),
                name="usage_import_undone_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name}"

    @property
    def importer(self) -> str:
        """Who imported it."""
        return str(self.imported_by or "manage.py import_usage")

    @property
    def last_replaced_on(self) -> date | None:
        """The last date whose usage it replaced."""
        return self.replaced_until and self.replaced_until - ONE_DAY
