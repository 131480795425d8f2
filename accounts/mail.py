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
from foundation.mail.writing import Mail
from foundation.web.brand import Brand

logger = logging.getLogger(__name__)

# What Django's mail backends raise when a mail cannot be sent.
MAIL_ERRORS = (SMTPException, OSError)


class MailNotSent(Exception):
    """The mail server did not accept the mail."""


# The subjects of emails whose texts cannot be edited.
_SUBJECTS = {
    "address_change": gettext_lazy("A new email address was requested for your account"),
    "address_changed": gettext_lazy("The email address of your account was changed"),
    "password_reset": gettext_lazy("Choose a new password"),
}


def composed(
    user: User,
    *,
    kind: str,
    context: Mapping[str, Any],
    email: str,
    sender: Brand | None = None,
) -> Mail:
    """Return the mail of a kind to `user` in the active language.

    Its templates are in `accounts/mail/`.
    """
    subject, introduction = _texts(user, kind, context)
    values = {**context, "user": user, "introduction": introduction}
    return compose(f"accounts/mail/{kind}", values, subject=subject, to=[email], sender=sender)


def send_to(user: User, *, kind: str, context: Mapping[str, Any]) -> None:
    """Send `user` the mail of a kind now, in their language or else the active one.

    Call this outside transactions: a mail cannot be rolled back, and a mail server may be slow.
    Pages do not wait for it; they request mails (accounts/sign_in/mails.py).

    Raises:
        MailNotSent: the mail server failed; nothing else needs to be done before trying again.
    """
    with override(user.language or get_language()):
        mail = composed(user, kind=kind, context=context, email=user.email)
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
