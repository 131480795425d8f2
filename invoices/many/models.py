"""What was asked for many documents at once."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Mailing(models.Model):
    """A request to send many documents again. Its deliveries have their own states.

    The page that confirms it chooses the id, so that a request that arrives twice is one mailing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_at = models.DateTimeField(_("requested at"), db_index=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    documents = models.PositiveIntegerField(_("documents"))
    # Documents that were selected, but whose organization has no address for them.
    without_address = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ("-asked_at", "pk")

    def __str__(self) -> str:
        return str(self.pk)


class DocumentFile(models.Model):
    """A zip file with many documents that a job makes, and which its requester can download.

    It is deleted after a day. `documents` are the ids of the invoices and credit notes.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("In progress")
        READY = "ready", pgettext_lazy("a file", "Ready")
        FAILED = "failed", pgettext_lazy("a file", "Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_at = models.DateTimeField(_("requested at"), db_index=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    documents = ArrayField(models.BigIntegerField())
    state = models.CharField(_("status"), max_length=7, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    # Documents whose PDF could not be made.
    missing = models.PositiveIntegerField(default=0)
    # In bytes.
    size = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("file with documents")
        verbose_name_plural = _("files with documents")
        ordering = ("-asked_at", "pk")

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def total(self) -> int:
        return len(self.documents)


class DocumentFilePart(models.Model):
    """A part of a file. Parts are small, so that no process holds a whole file."""

    file = models.ForeignKey(DocumentFile, models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        verbose_name = _("part of a file with documents")
        verbose_name_plural = _("parts of files with documents")
        constraints = (
            models.UniqueConstraint(
                fields=("file", "number"), name="invoices_document_file_part_number"
            ),
        )

    def __str__(self) -> str:
        return f"{self.file_id} {self.number}"
