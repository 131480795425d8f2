"""Mails about signing in, which jobs send."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.mail.requests import MailRequest


class SignInMailKind(models.TextChoices):
    """What a mail about signing in is for; the names of its templates."""

    ACTIVATION = "activation", _("Activation")
    PASSWORD_RESET = "password_reset", _("Forgotten password")
    CONFIRM_ADDRESS = "confirm_address", _("Confirmation of a new address")
    ADDRESS_CHANGE = "address_change", _("Requested change of address")
    ADDRESS_CHANGED = "address_changed", _("Changed address")


class SignInMail(MailRequest):
    """A request to send a mail about signing in to an address, in `language` or the person's own.

    Links are made when the mail is sent, and are stored nowhere. Who forgot a password is not known
    when the mail is requested (`person` is empty): it goes to the person with that address, if
    there is one.
    """

    Kind = SignInMailKind

    kind = models.CharField(_("kind"), max_length=20, choices=SignInMailKind)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="sign_in_mails",
        verbose_name=_("user"),
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    # What the templates of its kind show, as texts by name.
    details: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        _("details"), default=dict, blank=True, encoder=DjangoJSONEncoder
    )

    class Meta:
        verbose_name = _("sign-in email")
        verbose_name_plural = _("sign-in emails")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(person__isnull=False) | models.Q(kind="password_reset"),
                name="accounts_sign_in_mail_of_person",
            ),
        )
        indexes = (
            # How many an address was sent lately.
            models.Index(fields=("email", "kind", "asked_at"), name="accounts_sign_in_mail_sent"),
            # What is old is deleted.
            models.Index(fields=("asked_at",), name="accounts_sign_in_mail_asked"),
            # Failures are few; Home counts them.
            models.Index(
                fields=("tried_at",),
                condition=models.Q(state="failed"),
                name="accounts_sign_in_mail_failed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
