"""What is done with users: invite, send the activation mail, activate, choose a language."""

import logging
from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, override

from accounts.models import User

logger = logging.getLogger(__name__)

_LINK_SALT = "accounts.activation"

# What Django's mail backends raise when a mail cannot be handed over.
MAIL_ERRORS = (SMTPException, OSError)


class AlreadyExists(Exception):
    """There is a user with this email address: `user`."""

    def __init__(self, user: User) -> None:
        super().__init__(user.email)
        self.user = user


class AlreadyActivated(Exception):
    """The user has set a password."""


class MayNotSignIn(Exception):
    """The user has been shut out."""


class MailNotSent(Exception):
    """The mail server did not take the mail."""


class LinkRefused(Exception):
    """An activation link does not work; the subclasses say why."""


class LinkDamaged(LinkRefused):
    """The link was not made here, or not all of it arrived."""


class LinkExpired(LinkRefused):
    """The link is older than `ACTIVATION_DAYS`."""


class LinkUsed(LinkRefused):
    """The user has set a password already."""


class LinkWithdrawn(LinkRefused):
    """The user is gone, is shut out, or has another email address by now."""


def invite(*, email: str, name: str, role: str) -> User:
    """Create a user who has no password yet. `email` is a valid address, in any case.

    Raises:
        AlreadyExists: someone has this address.
    """
    user: User
    user, created = User.objects.get_or_create(
        email=User.objects.normalize_email(email),
        defaults={"name": name, "role": role, "password": make_password(None)},
    )
    if not created:
        raise AlreadyExists(user)
    return user


def send_activation(*, user: User, address: Callable[[str], str]) -> None:
    """Mail `user` the link that lets them set a password, in their language or else the active one.

    `address` makes an absolute address of a path, as `request.build_absolute_uri` does. Call it
    outside of transactions: a mail cannot be rolled back, and a mail server may be slow.

    Raises:
        AlreadyActivated: there is nothing to activate.
        MayNotSignIn: the user is shut out.
        MailNotSent: the mail server failed; sending again later is all there is to do.
    """
    if user.is_activated:
        raise AlreadyActivated
    if not user.is_active:
        raise MayNotSignIn
    context = {
        "user": user,
        "link": address(reverse("accounts:activate", args=[_token_for(user)])),
        "days": settings.ACTIVATION_DAYS,
    }
    with override(user.language or get_language()):
        mail = EmailMultiAlternatives(
            subject=render_to_string("accounts/mail/activation_subject.txt", context).strip(),
            body=render_to_string("accounts/mail/activation.txt", context),
            to=[user.email],
        )
        html = render_to_string("accounts/mail/activation.html", context)
    mail.attach_alternative(html, "text/html")
    try:
        mail.send()
    except MAIL_ERRORS as error:
        # What a mail server says may hold the address: its kind of error has to do.
        reason = type(error).__name__
        logger.warning("The activation mail to user %s was not sent: %s", user.pk, reason)
        raise MailNotSent from error


def invited(*, token: str) -> User:
    """Return whom the activation link `token` is for, if it works now.

    Raises:
        LinkDamaged, LinkExpired, LinkUsed, LinkWithdrawn: it does not.
    """
    return _user_of(token, lock=False)


@transaction.atomic
def activate(*, token: str, password: str) -> User:
    """Set the first password of whom the link `token` is for; a link does this once.

    `password` has passed the password validators.

    Raises:
        LinkDamaged, LinkExpired, LinkUsed, LinkWithdrawn: the link does not work.
    """
    user = _user_of(token, lock=True)
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


def choose_language(*, user: User, language: str) -> None:
    """Remember in which of `settings.LANGUAGES` the user reads pages and mails."""
    user.language = language
    user.save(update_fields=["language"])


def _token_for(user: User) -> str:
    return signing.dumps({"id": user.pk, "email": user.email}, salt=_LINK_SALT)


def _user_of(token: str, *, lock: bool) -> User:
    try:
        named = signing.loads(
            token, salt=_LINK_SALT, max_age=timedelta(days=settings.ACTIVATION_DAYS)
        )
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except signing.BadSignature as error:
        raise LinkDamaged from error
    users = User.objects.select_for_update() if lock else User.objects.all()
    user: User | None = users.filter(pk=named["id"], email=named["email"]).first()
    if user is None or not user.is_active:
        raise LinkWithdrawn
    if user.is_activated:
        raise LinkUsed
    return user
