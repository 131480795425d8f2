"""Store cameras, and which tariff each one used and when."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    BigIntegerRangeField,
    DateTimeRangeField,
    RangeOperators,
)
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.recording import audited
from foundation.lists.search import word_index
from organizations.models import Organization
from tariffs.models import Tariff
from usage.querysets import CameraQuerySet, UsageIntervalQuerySet


def _whole_second(field: str) -> Func:
    # TruncSecond would compare local times in the time zone of the session.
    return Func(
        Value("second"), F(field), function="date_trunc", output_field=models.DateTimeField()
    )


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
            word_index("name", "title", name="usage_camera_words"),
            # For listing an organization's cameras by name. It includes all columns that usages.csv
            # needs, so that PostgreSQL does not read the table.
            models.Index(
                fields=("organization", "name"), include=("id", "title"), name="usage_camera_of_org"
            ),
        )

    def __str__(self) -> str:
        return self.name


@audited(found_by=("camera",))
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

    objects = UsageIntervalQuerySet.as_manager()

    class Meta:
        verbose_name = _("usage interval")
        verbose_name_plural = _("usage intervals")
        ordering = ("camera", "started_at")
        constraints = (
            # The camera is a range too, because GiST indexes on integers need an extension.
            ExclusionConstraint(
                name="usage_interval_no_overlap",
                expressions=(
                    (
                        Func(
                            F("camera_id"),
                            F("camera_id"),
                            Value("[]"),
                            function="int8range",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
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
                condition=Q(started_at=_whole_second("started_at"))
                & (Q(ended_at=None) | Q(ended_at=_whole_second("ended_at"))),
                name="usage_interval_whole_seconds",
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
