"""What the platform had when it was read last, and what its presets mean here.

Which organization a tenant is says `Organization.watcher_id`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.recording import audited
from foundation.search.index import search_index
from tariffs.models import Tariff
from watcher.connection.models import ApiSession, Connection, ConnectionState
from watcher.drift.models import Difference, DifferenceSum, ReportDifference, ReportState
from watcher.people.models import CameraLimit
from watcher.querysets import (
    PlatformCameraQuerySet,
    PlatformOrganizationQuerySet,
    PlatformPresetQuerySet,
)
from watcher.reading.models import CameraChange, Poll, ReadingSettings, ReadingState
from watcher.suspending.models import SuspendedItem, SuspensionSettings, WatcherSuspension
from watcher.writing.models import WriteRequest

# Django looks for the models of the app here. Those of its wings are defined in them.
__all__ = [
    "ApiSession",
    "CameraChange",
    "CameraLimit",
    "Connection",
    "ConnectionState",
    "Difference",
    "DifferenceSum",
    "PlatformCamera",
    "PlatformOrganization",
    "PlatformPreset",
    "Poll",
    "PresetLink",
    "ReadingSettings",
    "ReadingState",
    "ReportDifference",
    "ReportState",
    "SuspendedItem",
    "SuspensionSettings",
    "WatcherSuspension",
    "WriteRequest",
]

LONGEST_ID = 100
LONGEST_TITLE = 255


class Seen(models.Model):
    """Something that the platform has, or had until `gone_at`. Instants are ours."""

    first_seen_at = models.DateTimeField(_("first seen at"))
    changed_at = models.DateTimeField(_("seen to change at"))
    gone_at = models.DateTimeField(_("seen to be gone at"), null=True, blank=True)

    class Meta:
        abstract = True


class PlatformOrganization(Seen):
    """An organization of the platform: a tenant. `owner_external_id` is what billing calls it."""

    tenant_id = models.CharField(_("ID in Watcher"), max_length=LONGEST_ID, unique=True)
    title = models.CharField(_("title"), max_length=LONGEST_TITLE, blank=True)
    owner_id = models.CharField(_("ID of the owner"), max_length=LONGEST_ID, blank=True)
    owner_login = models.CharField(_("login of the owner"), max_length=LONGEST_TITLE, blank=True)
    owner_email = models.CharField(_("email of the owner"), max_length=LONGEST_TITLE, blank=True)
    owner_external_id = models.CharField(
        _("external ID of the owner"), max_length=LONGEST_TITLE, blank=True
    )
    owner_is_blocked = models.BooleanField(_("owner is blocked"), null=True)
    most_cameras = models.PositiveIntegerField(_("limit of cameras"), null=True, blank=True)
    most_users = models.PositiveIntegerField(_("limit of users"), null=True, blank=True)

    objects = PlatformOrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization in Watcher")
        verbose_name_plural = _("organizations in Watcher")
        ordering = ("title", "pk")
        indexes = (
            models.Index(fields=("title", "id"), name="watcher_organization_by_title"),
            # For finding which of them an organization here may be; watcher/linking/proposals.py.
            models.Index(Upper("title"), name="watcher_organization_titled"),
            models.Index(Upper("owner_login"), name="watcher_organization_of_login"),
            models.Index(Upper("owner_email"), name="watcher_organization_of_email"),
            models.Index(
                fields=("owner_external_id",),
                condition=~Q(owner_external_id=""),
                name="watcher_organization_called",
            ),
            search_index(
                "title",
                "tenant_id",
                "owner_login",
                "owner_email",
                "owner_external_id",
                name="watcher_organization_search",
            ),
        )

    def __str__(self) -> str:
        return self.title or self.tenant_id


class PlatformPreset(Seen):
    """A preset of the platform. API v2 tells only its id, so all else is empty there."""

    preset_id = models.CharField(_("ID in Watcher"), max_length=LONGEST_ID, unique=True)
    title = models.CharField(_("title"), max_length=LONGEST_TITLE, blank=True)
    is_adjustable = models.BooleanField(_("cameras may differ"), null=True)
    dvr_seconds = models.PositiveBigIntegerField(_("DVR depth, seconds"), null=True, blank=True)
    dvr_is_null = models.BooleanField(_("DVR depth is null"), default=False)
    """Whether the depth is stated as null; without that and `dvr_seconds`, it is not stated."""
    dvr_bytes = models.PositiveBigIntegerField(_("DVR space, bytes"), null=True, blank=True)
    has_anpr = models.BooleanField(_("ANPR"), default=False)
    external_id = models.CharField(_("ID in billing"), max_length=LONGEST_TITLE, blank=True)
    deleted_at = models.DateTimeField(_("seen to be deleted at"), null=True, blank=True)
    """Since when it is not listed any more, while cameras still have it."""

    objects = PlatformPresetQuerySet.as_manager()

    class Meta:
        verbose_name = _("preset in Watcher")
        verbose_name_plural = _("presets in Watcher")
        ordering = ("title", "pk")
        indexes = (search_index("title", "preset_id", name="watcher_preset_search"),)

    def __str__(self) -> str:
        return self.title or self.preset_id


class PlatformCamera(models.Model):
    """A camera that the platform had when it was read last. One that is gone has no row.

    `since_at` is when it was first seen in this organization, with this preset and this
    `is_disabled`. A change of anything else that the platform knows of it writes nothing.
    """

    name = models.CharField(pgettext_lazy("of a stream", "name"), max_length=200, unique=True)
    title = models.CharField(_("title"), max_length=LONGEST_TITLE, blank=True)
    organization = models.ForeignKey(
        PlatformOrganization,
        models.PROTECT,
        related_name="cameras",
        verbose_name=_("organization in Watcher"),
    )
    preset = models.ForeignKey(
        PlatformPreset,
        models.PROTECT,
        null=True,
        related_name="cameras",
        verbose_name=_("preset in Watcher"),
    )
    is_disabled = models.BooleanField(_("disabled"), default=False)
    created_at = models.DateTimeField(_("created at"), null=True)
    """By the platform; API v2 does not say."""
    since_at = models.DateTimeField(_("so since"))

    objects = PlatformCameraQuerySet.as_manager()

    class Meta:
        verbose_name = _("camera in Watcher")
        verbose_name_plural = _("cameras in Watcher")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


@audited(found_by=("preset", "tariff"))
class PresetLink(models.Model):
    """What a preset means: a camera with it uses this tariff. Several may mean one tariff."""

    preset = models.OneToOneField(
        PlatformPreset, models.PROTECT, related_name="link", verbose_name=_("preset in Watcher")
    )
    tariff = models.ForeignKey(
        Tariff, models.PROTECT, related_name="+", verbose_name=_("tariff plan")
    )

    class Meta:
        verbose_name = _("preset linked to a tariff plan")
        verbose_name_plural = _("presets linked to tariff plans")

    def __str__(self) -> str:
        return f"{self.preset_id} {self.tariff_id}"
