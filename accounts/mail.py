"""Send mails to people, in their language, as text and HTML."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from smtplib import SMTPException
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language, override

from accounts.models import User

logger = logging.getLogger(__name__)

# What Django's mail backends raise when a mail cannot be sent.
MAIL_ERRORS = (SMTPException, OSError)


class MailNotSent(Exception):
    """The mail server did not accept the mail."""


def send_to(user: User, *, kind: str, context: Mapping[str, Any], email: str = "") -> None:
    """Send `user` the mail of a kind (its templates are in `accounts/mail/`).

    It is in their language or else the active one, and goes to `email` or else to their address.
    Call this outside transactions: a mail cannot be rolled back, and a mail server may be slow.

    Raises:
        MailNotSent: the mail server failed; nothing else needs to be done before trying again.
    """
    template = f"accounts/mail/{kind}"
    values: dict[str, Any] = {"user": user, **context}
    with override(user.language or get_language()):
        values["subject"] = render_to_string(f"{template}_subject.txt", values).strip()
        mail = EmailMultiAlternatives(
            subject=values["subject"],
            body=render_to_string(f"{template}.txt", values),
            to=[email or user.email],
        )
        mail.attach_alternative(render_to_string(f"{template}.html", values), "text/html")
    try:
        mail.send()
    except MAIL_ERRORS as error:
        # Log only the type of the error: the mail server's answer may contain the address.
        reason = type(error).__name__
        logger.warning("The mail %s to user %s was not sent: %s", kind, user.pk, reason)
        raise MailNotSent from error
