"""What reading does, when it read last, and the changes that it saw."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.recording import audited
from foundation.search.index import find, search_index
from usage.models import Camera
from usage.whole_seconds import whole_second

MINUTES_A_DAY = 1_440


class NoArchive(models.TextChoices):
    """Which DVR depth of a preset means that nothing is kept. The platform does not say."""

    UNKNOWN = "", pgettext_lazy("DVR depth", "Not known")
    ZERO = "zero", "0"
    NULL = "null", "null"
    UNSTATED = "unstated", pgettext_lazy("DVR depth", "Not stated")
    ANY = "any", pgettext_lazy("DVR depth", "0, null or not stated")


@audited()
class ReadingSettings(models.Model):
    """How the platform is read; one row, with the primary key 1, or none: the defaults."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    every_minutes = models.PositiveSmallIntegerField(
        _("read every … minutes"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MINUTES_A_DAY)],
    )
    charges_disabled = models.BooleanField(_("charge disabled cameras"), default=True)
    most_vanished_percent = models.PositiveSmallIntegerField(
        _("cameras that may vanish at once, percent"),
        default=10,
        validators=[MaxValueValidator(100)],
    )
    standstill_minutes = models.PositiveSmallIntegerField(
        _("report when nothing was read for … minutes"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(MINUTES_A_DAY)],
    )
    no_archive = models.CharField(
        _("DVR depth that means no archive"),
        max_length=10,
        choices=NoArchive,
        default=NoArchive.UNKNOWN,
        blank=True,
    )

    class Meta:
        verbose_name = _("settings of reading")
        verbose_name_plural = _("settings of reading")
        constraints = (
            models.CheckConstraint(condition=Q(pk=1), name="watcher_reading_settings_one"),
            models.CheckConstraint(
                condition=Q(every_minutes__gte=1, every_minutes__lte=MINUTES_A_DAY)
                & Q(standstill_minutes__gte=1, standstill_minutes__lte=MINUTES_A_DAY)
                & Q(most_vanished_percent__lte=100),
                name="watcher_reading_settings_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(no_archive__in=NoArchive.values),
                name="watcher_reading_settings_no_archive",
            ),
        )

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @property
    def writes_zero(self) -> bool:
        """Whether 0 can be written for no archive."""
        return self.no_archive in (NoArchive.ZERO, NoArchive.ANY)


class ReadingState(models.Model):
    """What is known of the last reading; one row, with the primary key 1.

    `read_until` is by the platform's clock: whatever changed before it was seen by a whole reading.
    All else is by our clock.
    """

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    read_until = models.DateTimeField(_("read up to"), null=True)
    read_at = models.DateTimeField(_("read at"), null=True)
    """When the reading that set `read_until` began, by our clock."""
    begun_at = models.DateTimeField(_("begun at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    cameras = models.PositiveIntegerField(_("cameras"), default=0)
    failing_since = models.DateTimeField(_("fails since"), null=True)
    failure = models.JSONField(_("failure"), default=dict)
    """A stored `watcher.errors.PlatformError`, or empty if the last reading succeeded."""
    left_out = models.PositiveIntegerField(_("cameras that are left out"), default=0)
    """How many the last whole reading has left out, because their names cannot be stored."""
    left_out_names = models.JSONField(_("names that are left out"), default=list)
    """The first of these names; one that is too long is cut to a character more than fits."""
    vanished = models.PositiveIntegerField(_("cameras that have vanished"), default=0)
    """How many had vanished in the last reading, if it was held back because of that."""
    vanishing_confirmed = models.PositiveIntegerField(_("confirmed"), null=True)
    vanishing_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("confirmed by"),
    )

    class Meta:
        verbose_name = _("state of reading")
        verbose_name_plural = _("states of reading")
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="watcher_reading_state_one"),)

    def __str__(self) -> str:
        return str(self.read_until or "")


class Poll(models.Model):
    """A reading that brought news, failed, or was held back. Others leave `ReadingState` alone.

    Further readings that fail or are held back for the same reason are counted in `times`.
    """

    class Outcome(models.TextChoices):
        """What became of it."""

        APPLIED = "applied", pgettext_lazy("reading", "Applied")
        FIRST = "first", pgettext_lazy("reading", "First reading: nothing was changed here")
        SUSPICIOUS = "suspicious", pgettext_lazy("reading", "Held back: too many cameras vanished")
        FAILED = "failed", pgettext_lazy("reading", "Failed")

    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    begun_at = models.DateTimeField(_("begun at"))
    ended_at = models.DateTimeField(_("ended at"))
    times = models.PositiveIntegerField(_("times"), default=1)
    cameras = models.PositiveIntegerField(_("cameras"), default=0)
    appeared = models.PositiveIntegerField(_("appeared"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    vanished = models.PositiveIntegerField(_("vanished"), default=0)
    failure = models.JSONField(_("failure"), default=dict)

    class Meta:
        verbose_name = pgettext_lazy("of the platform", "reading")
        verbose_name_plural = pgettext_lazy("of the platform", "readings")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.begun_at:%Y-%m-%d %H:%M:%S}"


class CameraChangeQuerySet(models.QuerySet["CameraChange"]):
    """A queryset of changes of cameras on the platform."""

    def open(self) -> CameraChangeQuerySet:
        """Keep those that are held back."""
        return self.filter(settled_at=None)

    def held_back(self) -> CameraChangeQuerySet:
        """Keep those that are held back and that a person can do something about."""
        return self.open().exclude(reason="earlier")

    def search(self, text: str) -> CameraChangeQuerySet:
        """Keep those whose camera has each word of `text` in its name."""
        return find(self, text, "name")


class CameraChange(models.Model):
    """A change of a camera on the platform: from what it was to what it is since `at`.

    No organization before means that it appeared, and none after that it vanished. `at` is by the
    platform's clock, and `within_seconds` says how it is known, as in `usage.models.UsageInterval`.
    Without a reading, somebody decided that what differs here shall be as it is on the platform:
    then all that is before may be unknown. The open changes of a camera are carried out in the
    order of their ids.
    """

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", pgettext_lazy("change of a camera", "Held back")
        DONE = "done", pgettext_lazy("change of a camera", "Carried out")
        NEEDLESS = "needless", pgettext_lazy("change of a camera", "Already so here")
        DISMISSED = "dismissed", pgettext_lazy("change of a camera", "Not carried out")

    poll = models.ForeignKey(
        Poll, models.PROTECT, null=True, related_name="changes", db_index=False
    )
    name = models.CharField(pgettext_lazy("of a stream", "name"), max_length=200)
    title = models.CharField(_("title"), max_length=255, blank=True)
    from_organization = models.ForeignKey(
        "watcher.PlatformOrganization",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("organization before"),
    )
    from_preset = models.ForeignKey(
        "watcher.PlatformPreset",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("preset before"),
    )
    from_is_disabled = models.BooleanField(_("disabled before"), default=False)
    organization = models.ForeignKey(
        "watcher.PlatformOrganization",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("organization"),
    )
    preset = models.ForeignKey(
        "watcher.PlatformPreset",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("preset"),
    )
    is_disabled = models.BooleanField(_("disabled"), default=False)
    is_suspended = models.BooleanField(_("disabled by a suspension"), default=False)
    """Whether it is disabled because its organization is suspended here: it stays in use."""
    at = models.DateTimeField(_("at"))
    within_seconds = models.IntegerField(_("how the time is known"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    reason = models.CharField(_("reason"), max_length=30, blank=True)
    held_since = models.DateTimeField(_("held back since"), null=True)
    settled_at = models.DateTimeField(_("settled at"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("decided by"),
    )
    is_accepted = models.BooleanField(_("to be carried out all the same"), default=False)
    camera = models.ForeignKey(
        Camera,
        models.SET_NULL,
        null=True,
        related_name="platform_changes",
        verbose_name=_("camera"),
    )

    objects = CameraChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a camera in Watcher")
        verbose_name_plural = _("changes of cameras in Watcher")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None)
                | Q(~Q(state="open"), settled_at__isnull=False),
                name="watcher_change_settled_once",
            ),
            models.CheckConstraint(
                condition=Q(from_organization__isnull=False)
                | Q(organization__isnull=False)
                | Q(poll=None),
                name="watcher_change_of_something",
            ),
            models.CheckConstraint(
                condition=Q(is_suspended=False) | Q(is_disabled=True),
                name="watcher_change_suspended_is_disabled",
            ),
            models.CheckConstraint(
                condition=Q(at=whole_second("at")), name="watcher_change_at_whole_second"
            ),
            models.CheckConstraint(
                condition=Q(poll__isnull=False) | Q(decided_by__isnull=False) | ~Q(state="open"),
                name="watcher_change_seen_or_decided",
            ),
            models.CheckConstraint(
                condition=Q(is_accepted=False) | Q(decided_by__isnull=False) | ~Q(state="open"),
                name="watcher_change_accepted_by_somebody",
            ),
        )
        indexes = (
            models.Index(
                fields=("name", "id"),
                condition=Q(settled_at=None),
                name="watcher_change_open",
            ),
            models.Index(fields=("name", "-id"), name="watcher_change_of_camera"),
            models.Index(
                fields=("name",), condition=Q(reason="unseen"), name="watcher_change_unseen"
            ),
            search_index("name", name="watcher_change_search"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
