"""The changes that billing asks the platform for, and what became of each."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.recording import audited
from foundation.search.index import find, search_index
from organizations.models import Organization
from tariffs.models import Tariff
from usage.models import Camera

LONGEST_SUBJECT = 255


class WriteRequestQuerySet(models.QuerySet["WriteRequest"]):
    """A queryset of changes that are requested."""

    def waiting(self) -> WriteRequestQuerySet:
        """Keep those that are still to be carried out."""
        return self.filter(state=WriteRequest.State.WAITING)

    def open(self) -> WriteRequestQuerySet:
        """Keep those that wait, or that somebody has to look at."""
        return self.filter(state__in=OPEN)

    def all_open(self) -> WriteRequestQuerySet:
        """Keep those of `open`, for a list of all objects: each half of them has an index."""
        return self.filter(Q(state=WriteRequest.State.WAITING) | Q(state__in=FAILED))

    def failed(self) -> WriteRequestQuerySet:
        """Keep those that somebody has to look at."""
        return self.filter(state__in=FAILED)

    def due(self, now: datetime) -> WriteRequestQuerySet:
        """Keep those to carry out now: of each subject the first that waits, if it is its time."""
        earlier = WriteRequest.objects.waiting().filter(
            subject=OuterRef("subject"), pk__lt=OuterRef("pk")
        )
        return self.waiting().filter(~Exists(earlier.order_by()), next_attempt_at__lte=now)

    def search(self, text: str) -> WriteRequestQuerySet:
        """Keep those whose object has each word of `text` in its name."""
        return find(self, text, "about")


_OF_ATTEMPTS = (
    "shown",
    "shown_as_of",
    "attempts",
    "next_attempt_at",
    "sent_at",
    "made",
    "found",
    "failure",
)
"""The columns that say how a request goes; who asked for what, and decided, is recorded."""


@audited(exclude=_OF_ATTEMPTS)
class WriteRequest(models.Model):
    """A change that billing asks the platform for.

    `kind` names a `watcher.writing.kinds.Kind`, which says what `wanted`, `shown` and `found`
    have. `subject` is the key of what is changed, and those of one subject are carried out in the
    order of their ids: `camera:NAME` or, by the platform's ids, `preset:7`, `organization:31` and
    `user:88`; what the platform does not have yet is named by ours: `tariff:12`,
    `our-organization:5`. Instants are ours.
    """

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", pgettext_lazy("request to Watcher", "Waiting")
        DONE = "done", pgettext_lazy("request to Watcher", "Done")
        NEEDLESS = "needless", pgettext_lazy("request to Watcher", "Already so")
        REFUSED = "refused", pgettext_lazy("request to Watcher", "Refused")
        OVERTAKEN = "overtaken", pgettext_lazy("request to Watcher", "Changed in Watcher meanwhile")
        UNKNOWN = "unknown", pgettext_lazy("request to Watcher", "Outcome unknown")
        WITHDRAWN = "withdrawn", pgettext_lazy("request to Watcher", "Withdrawn")

    kind = models.CharField(_("change"), max_length=40)
    subject = models.CharField(_("what is changed"), max_length=LONGEST_SUBJECT)
    about = models.CharField(_("name"), max_length=LONGEST_SUBJECT, blank=True)
    """What people call the subject, as it was when the change was requested."""
    organization = models.ForeignKey(
        Organization,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("organization"),
    )
    tariff = models.ForeignKey(
        Tariff,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("tariff plan"),
    )
    camera = models.ForeignKey(
        Camera,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("camera"),
    )
    wanted = models.JSONField(_("wanted"))
    shown = models.JSONField(_("in Watcher before"), null=True)
    """What the platform had as far as the person could know; None if nothing."""
    shown_as_of = models.DateTimeField(_("known as of"), null=True)
    """When the reading began that `shown` is from; None if it is not known."""
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("requested by"),
    )
    """None if billing itself asks, as it does for a planned change."""
    requested_at = models.DateTimeField(_("requested at"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    """When writing began last. Whether it took effect is not known until it was read back."""
    made = models.JSONField(_("made"), null=True)
    """What a write says that it has made, above all the id; None if it says nothing."""
    found = models.JSONField(_("in Watcher"), null=True)
    """What was read last; None if nothing was there."""
    failure = models.JSONField(_("failure"), default=dict)
    """A stored `watcher.errors.PlatformError`: why it is refused, or still waits; or empty."""
    settled_at = models.DateTimeField(_("settled at"), null=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    """When somebody had it tried again or withdrew it last."""
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("decided by"),
    )

    objects = WriteRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("change requested in Watcher")
        verbose_name_plural = _("changes requested in Watcher")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at=None, next_attempt_at__isnull=False)
                | Q(~Q(state="waiting"), settled_at__isnull=False, next_attempt_at=None),
                name="watcher_write_settled_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("refused", "unknown")) & ~Q(failure={})
                | Q(state__in=("waiting", "withdrawn"))
                | Q(state__in=("done", "needless", "overtaken"), failure={}),
                name="watcher_write_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("done", "unknown")) | Q(sent_at__isnull=False),
                name="watcher_write_done_is_sent",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(decided_at__isnull=False),
                name="watcher_write_withdrawn_by_decision",
            ),
            models.CheckConstraint(
                condition=~Q(subject="") & ~Q(kind=""), name="watcher_write_of_something"
            ),
        )
        indexes = (
            models.Index(
                fields=("subject", "id"),
                condition=Q(state="waiting"),
                name="watcher_write_waiting",
            ),
            models.Index(
                fields=("next_attempt_at", "id"),
                condition=Q(state="waiting"),
                name="watcher_write_next",
            ),
            models.Index(fields=("subject", "-id"), name="watcher_write_of_subject"),
            models.Index(
                fields=("-id",),
                condition=Q(state__in=("refused", "overtaken", "unknown")),
                name="watcher_write_failed",
            ),
            *(
                models.Index(
                    fields=(name, "-id"),
                    condition=Q(**{f"{name}__isnull": False}),
                    name=f"watcher_write_of_{name}",
                )
                for name in ("organization", "tariff", "camera")
            ),
            models.Index(
                fields=("organization", "-id"),
                condition=Q(
                    organization__isnull=False,
                    state__in=("waiting", "refused", "overtaken", "unknown"),
                ),
                name="watcher_write_open_of_org",
            ),
            models.Index(
                fields=("settled_at",), condition=Q(kind="camera"), name="watcher_write_written"
            ),
            search_index("about", name="watcher_write_search"),
        )

    def __str__(self) -> str:
        return self.about or self.subject


FAILED = (WriteRequest.State.REFUSED, WriteRequest.State.OVERTAKEN, WriteRequest.State.UNKNOWN)
"""The states that somebody has to look at."""
OPEN = (WriteRequest.State.WAITING, *FAILED)
