"""Documents that someone has uploaded to have them checked, and what came of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DocumentCheck(models.Model):
    """An uploaded file, and once a job has examined it, what it states and breaks.

    `profile` is the chosen one of `invoices.checking.profiles`, or empty to use what the document
    names. `result` is that of `invoices.checking.examining.examined`. All is deleted after a day.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("In progress")
        DONE = "done", pgettext_lazy("a check", "Checked")
        FAILED = "failed", pgettext_lazy("a check", "Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_at = models.DateTimeField(_("requested at"), db_index=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField()
    profile = models.CharField(_("profile"), max_length=20, blank=True)
    state = models.CharField(_("status"), max_length=7, choices=State, default=State.WAITING)
    result: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(
        null=True
    )

    class Meta:
        verbose_name = _("checked document")
        verbose_name_plural = _("checked documents")
        ordering = ("-asked_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state="done", result__isnull=False)
                | (~Q(state="done") & Q(result__isnull=True)),
                name="invoices_check_has_result",
            ),
        )

    def __str__(self) -> str:
        return self.name
