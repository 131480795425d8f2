"""Send emails to people, in their language, as text and HTML."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from smtplib import SMTPException
from typing import Any

from django.utils.translation import get_language, gettext_lazy, override

from accounts.mail_texts.texts import Texts, texts_for
from accounts.models import User
from foundation.mail.composing import compose

logger = logging.getLogger(__name__)

# What Django's mail backends raise when a mail cannot be sent.
MAIL_ERRORS = (SMTPException, OSError)


class MailNotSent(Exception):
    """The mail server did not accept the mail."""


# The subjects of emails whose texts cannot be edited.
_SUBJECTS = {
    "address_change": gettext_lazy("A new email address was requested for your account"),
    "address_changed": gettext_lazy("The email address of your account was changed"),
}


def send_to(user: User, *, kind: str, context: Mapping[str, Any], email: str = "") -> None:
    """Send `user` the mail of a kind (its templates are in `accounts/mail/`).

    It is in their language or else the active one, and goes to `email` or else to their address.
    Call this outside transactions: a mail cannot be rolled back, and a mail server may be slow.

    Raises:
        MailNotSent: the mail server failed; nothing else needs to be done before trying again.
    """
    with override(user.language or get_language()):
        subject, introduction = _texts(user, kind, context)
        values = {**context, "user": user, "introduction": introduction}
        mail = compose(f"accounts/mail/{kind}", values, subject=subject, to=[email or user.email])
    try:
        mail.send()
    except MAIL_ERRORS as error:
        # Log only the type of the error: the mail server's answer may contain the address.
        reason = type(error).__name__
        logger.warning("The mail %s to user %s was not sent: %s", kind, user.pk, reason)
        raise MailNotSent from error


def _texts(user: User, kind: str, context: Mapping[str, Any]) -> Texts:
    if kind in _SUBJECTS:
        return Texts(str(_SUBJECTS[kind]), "")
    values = {
        "name": user.get_short_name(),
        "email": user.email,
        "new_email": context.get("new_email", ""),
    }
    return texts_for(kind, values)
