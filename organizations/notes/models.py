"""The stored notes."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.recording import audited

MOST_CHARACTERS = 5000


@audited(found_by=("organization",))
class Note(models.Model):
    """What an operator writes about an organization; only staff can read it."""

    organization = models.ForeignKey(
        "organizations.Organization",
        models.CASCADE,
        related_name="notes",
        verbose_name=_("organization"),
        # The index below begins with it.
        db_index=False,
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("author"),
        db_index=False,
    )
    written_at = models.DateTimeField(_("written at"))
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)
    text = models.TextField(
        pgettext_lazy("about an organization", "note"), max_length=MOST_CHARACTERS
    )
    is_pinned = models.BooleanField(_("pinned"), default=False)

    class Meta:
        verbose_name = pgettext_lazy("about an organization", "note")
        verbose_name_plural = _("notes")
        ordering = ("-is_pinned", "-written_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="organizations_note_not_empty"),
        )
        indexes: ClassVar = [
            models.Index(
                fields=("organization", "-is_pinned", "-written_at", "-id"),
                name="organizations_notes",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.written_at:%Y-%m-%d %H:%M:%S}"
