"""How organizations are suspended on the platform, and what each suspension has changed there."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.recording import audited
from organizations.models import Organization
from watcher.platform import SuspendBy


@audited()
class SuspensionSettings(models.Model):
    """How organizations are suspended; one row, with the primary key 1, or none: the defaults."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    blocks_users = models.BooleanField(_("block users"), default=True)
    disables_cameras = models.BooleanField(_("disable cameras"), default=False)
    limits_cameras = models.BooleanField(_("let no cameras be added"), default=False)

    class Meta:
        verbose_name = _("settings of suspensions")
        verbose_name_plural = _("settings of suspensions")
        constraints = (
            models.CheckConstraint(condition=Q(pk=1), name="watcher_suspension_settings_one"),
            models.CheckConstraint(
                condition=Q(blocks_users=True) | Q(disables_cameras=True) | Q(limits_cameras=True),
                name="watcher_suspension_settings_some",
            ),
        )

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @property
    def ways(self) -> list[SuspendBy]:
        """The ways that are chosen, in the order in which they are carried out."""
        chosen = {
            SuspendBy.LIMITING_CAMERAS: self.limits_cameras,
            SuspendBy.BLOCKING_USERS: self.blocks_users,
            SuspendBy.DISABLING_CAMERAS: self.disables_cameras,
        }
        return [way for way, is_chosen in chosen.items() if is_chosen]


class WatcherSuspensionQuerySet(models.QuerySet["WatcherSuspension"]):
    """A queryset of suspensions on the platform."""

    def open(self) -> WatcherSuspensionQuerySet:
        """Keep those that are not restored."""
        return self.filter(restored_at=None)

    def failing(self) -> WatcherSuspensionQuerySet:
        """Keep those of which the last attempt failed."""
        return self.open().filter(failing_since__isnull=False)

    def in_force(self, tenant_id: str, way: SuspendBy) -> WatcherSuspensionQuerySet:
        """Keep the one by which an organization of the platform is suspended in this way."""
        return self.filter(
            tenant_id=tenant_id,
            state__in=(WatcherSuspension.State.SUSPENDING, WatcherSuspension.State.SUSPENDED),
            ways__contains=[way.value],
        ).order_by("pk")

    def unfinished(self) -> WatcherSuspensionQuerySet:
        """Keep those of which something is left to do, and can be: the organization is known."""
        return self.filter(state__in=WatcherSuspension.UNFINISHED).exclude(
            planned_at=None, organization__watcher_id=None
        )


class WatcherSuspension(models.Model):
    """A suspension of an organization, as far as it is carried out on the platform.

    All instants are by our clock. `ways` are the `SuspendBy` that were chosen when it was planned,
    and `prepared` those of them whose items are stored.
    """

    class State(models.TextChoices):
        """What is to be done, or was."""

        SUSPENDING = "suspending", pgettext_lazy("in Watcher", "To be suspended")
        SUSPENDED = "suspended", pgettext_lazy("in Watcher", "Suspended")
        RESTORING = "restoring", pgettext_lazy("in Watcher", "To be restored")
        RESTORED = "restored", pgettext_lazy("in Watcher", "Restored")

    UNFINISHED = (State.SUSPENDING, State.RESTORING)

    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        related_name="watcher_suspensions",
        verbose_name=_("organization"),
    )
    tenant_id = models.CharField(_("ID in Watcher"), max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SUSPENDING)
    ways = models.JSONField(_("how"), default=list)
    prepared = models.JSONField(_("prepared"), default=list)
    told_at = models.DateTimeField(_("told at"))
    planned_at = models.DateTimeField(_("planned at"), null=True)
    suspended_at = models.DateTimeField(_("suspended at"), null=True)
    restored_at = models.DateTimeField(_("restored at"), null=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt at"))
    failing_since = models.DateTimeField(_("fails since"), null=True)
    failure = models.JSONField(_("failure"), default=dict)
    """A stored `watcher.errors.PlatformError`, or empty if the last attempt succeeded."""

    objects = WatcherSuspensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suspension in Watcher")
        verbose_name_plural = _("suspensions in Watcher")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("organization",),
                condition=Q(restored_at=None),
                name="watcher_suspension_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="restored", restored_at__isnull=False)
                | Q(~Q(state="restored"), restored_at=None),
                name="watcher_suspension_restored_once",
            ),
            models.CheckConstraint(
                condition=Q(planned_at__isnull=False) & ~Q(tenant_id="")
                | Q(planned_at=None, tenant_id="", state="suspending"),
                name="watcher_suspension_planned_first",
            ),
            models.CheckConstraint(
                condition=~Q(state="suspended") | Q(suspended_at__isnull=False),
                name="watcher_suspension_suspended_at",
            ),
            models.CheckConstraint(
                condition=Q(failing_since=None, failure={})
                | Q(Q(failing_since__isnull=False), ~Q(failure={})),
                name="watcher_suspension_fails_for_a_reason",
            ),
        )
        indexes = (
            models.Index(
                fields=("next_attempt_at",),
                condition=Q(state__in=("suspending", "restoring")),
                name="watcher_suspension_due",
            ),
            models.Index(
                fields=("failing_since",),
                condition=Q(failing_since__isnull=False),
                name="watcher_suspension_failing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization_id} {self.get_state_display()}"


class SuspendedItem(models.Model):
    """A user, a camera or a limit that a suspension changes, stored before it is changed."""

    class State(models.TextChoices):
        """What was done with it."""

        PLANNED = "planned", pgettext_lazy("in Watcher", "To be changed")
        CHANGING = "changing", pgettext_lazy("in Watcher", "Being changed")
        CHANGED = "changed", pgettext_lazy("in Watcher", "Changed")
        RESTORED = "restored", pgettext_lazy("in Watcher", "Restored")
        LEFT = "left", pgettext_lazy("in Watcher", "Left as it is")
        """It was off before, or somebody in Watcher has changed it since."""
        KEPT = "kept", pgettext_lazy("in Watcher", "Off here as well")
        """The suspension has ended, and it stays off for another reason that has come up since."""

    PENDING = (State.PLANNED, State.CHANGING)
    OURS = (State.CHANGING, State.CHANGED)
    """The states in which the platform may have it as this suspension left it."""

    suspension = models.ForeignKey(WatcherSuspension, models.CASCADE, related_name="items")
    by = models.CharField(
        _("how"), max_length=10, choices=[(way.value, way.value) for way in SuspendBy]
    )
    key = models.CharField(_("ID in Watcher"), max_length=200)
    """The id of the user or of the organization, or the name of the camera."""
    limit_before = models.PositiveIntegerField(_("limit before"), null=True)
    limit_meanwhile = models.PositiveIntegerField(_("limit meanwhile"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    at = models.DateTimeField(_("at"))
    """Since when it is in its state, by our clock."""

    class Meta:
        verbose_name = _("what a suspension changes in Watcher")
        verbose_name_plural = _("what suspensions change in Watcher")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("suspension", "by", "key"), name="watcher_suspended_item_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    by="limit", limit_meanwhile__gte=1, limit_before__gt=F("limit_meanwhile")
                )
                | Q(~Q(by="limit"), limit_before=None, limit_meanwhile=None),
                name="watcher_suspended_item_limit",
            ),
        )
        indexes = (
            models.Index(
                fields=("key",), condition=Q(by="cameras"), name="watcher_suspended_camera"
            ),
            models.Index(
                fields=("key",), condition=Q(by="users", state="kept"), name="watcher_kept_user"
            ),
        )

    def __str__(self) -> str:
        return self.key
