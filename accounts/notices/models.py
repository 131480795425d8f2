"""Notices, which jobs send by mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.mail.requests import MailRequest

MAX_SUBJECT = 400


class Notice(MailRequest):
    """A mail to an address that something happened; `about` names what, once for each address.

    `subject` and `introduction` are in `language`, `quoted` is what somebody wrote, and `path` is
    the page where it can be read.
    """

    about = models.CharField(_("about"), max_length=100)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=MAX_SUBJECT)
    introduction = models.TextField(_("introduction"))
    quoted = models.TextField(_("message"), blank=True)
    path = models.CharField(_("page"), max_length=200)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("pk",)
        constraints = (
            # The index also finds the notices about something.
            models.UniqueConstraint(fields=("about", "email"), name="accounts_notice_once"),
        )
        indexes = (
            # Failures are few; Home counts them.
            models.Index(
                fields=("tried_at",),
                condition=models.Q(state="failed"),
                name="accounts_notices_failed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.about} {self.state}"
