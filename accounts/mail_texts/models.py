"""Stored texts of emails."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.audit.recording import audited


@audited()
class MailText(models.Model):
    """The subject and introduction of a kind of mail in a language; the default where empty."""

    kind = models.CharField(_("email"), max_length=20)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    introduction = models.TextField(_("introduction"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("text of an email")
        verbose_name_plural = _("texts of emails")
        constraints = (
            models.UniqueConstraint(fields=("kind", "language"), name="accounts_mail_text_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.language}"
