"""Operations on users: invite, mail an activation link, activate, choose a language."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts.mail import MailNotSent as MailNotSent
from accounts.mail import send_to
from accounts.models import Role, User
from accounts.sign_in.mails import TooManyMails as TooManyMails
from accounts.sign_in.mails import request_mail
from accounts.sign_in.models import SignInMailKind
from accounts.tokens import ACTIVATION_SALT, activation_token
from foundation.web.addresses import in_mails


class AlreadyExists(Exception):
    """The email address belongs to an existing `user`."""

    def __init__(self, user: User) -> None:
        super().__init__(user.email)
        self.user = user


class AlreadyActivated(Exception):
    """The user has already set a password."""


class MayNotSignIn(Exception):
    """The user is not allowed to sign in (`is_active` is false)."""


class LinkRefused(Exception):
    """An activation link does not work; the subclasses say why."""


class LinkDamaged(LinkRefused):
    """The link is forged or incomplete."""


class LinkExpired(LinkRefused):
    """The link is older than `ACTIVATION_DAYS`."""


class LinkUsed(LinkRefused):
    """The user has already set a password, so the link cannot be used again."""


class LinkWithdrawn(LinkRefused):
    """The user was deleted, may not sign in, or has changed their email address."""


def invite(*, email: str, name: str, role: str) -> User:
    """Create a user without a password. `email` is a valid address in upper or lower case.

    Raises:
        AlreadyExists: a user has this address.
    """
    user: User
    user, created = User.objects.get_or_create(
        email=User.objects.normalize_email(email),
        defaults={"name": name, "role": role, "password": make_password(None)},
    )
    if not created:
        raise AlreadyExists(user)
    return user


def invite_owners(owners: Collection[User]) -> None:
    """Store owners who do not exist yet, without a password."""
    for owner in owners:
        owner.role, owner.password = Role.OWNER, make_password(None)
    User.objects.bulk_create(owners)


def request_activation(*, user: User, now: datetime, by: User | None) -> None:
    """Have `user` mailed a link to set a password, in their language or else the active one.

    Raises:
        AlreadyActivated: the user has already set a password.
        MayNotSignIn: the user is not allowed to sign in.
        TooManyMails: they were sent as many as an address gets in an hour.
    """
    _refuse_activation(user)
    request_mail(SignInMailKind.ACTIVATION, email=user.email, person=user, now=now, by=by)


def send_activation(*, user: User) -> None:
    """Mail `user` a link to set a password now, in their language or else the active one.

    For commands and jobs. Call this outside transactions: a mail cannot be rolled back, and a mail
    server may be slow.

    Raises:
        AlreadyActivated: the user has already set a password.
        MayNotSignIn: the user is not allowed to sign in.
        MailNotSent: the mail server failed; nothing else needs to be done before trying again.
    """
    _refuse_activation(user)
    link = in_mails(reverse("accounts:activate", args=[activation_token(user)]))
    send_to(user, kind="activation", context={"link": link, "days": settings.ACTIVATION_DAYS})


def _refuse_activation(user: User) -> None:
    if user.is_activated:
        raise AlreadyActivated
    if not user.is_active:
        raise MayNotSignIn


def invited(*, token: str) -> User:
    """Return the user whom the activation link `token` is for.

    Raises:
        LinkDamaged, LinkExpired, LinkUsed, LinkWithdrawn: the link does not work.
    """
    return _user_of(token, lock=False)


@transaction.atomic
def activate(*, token: str, password: str) -> User:
    """Set the first password of the user whom the link `token` is for; a link works once.

    `password` must have passed the password validators.

    Raises:
        LinkDamaged, LinkExpired, LinkUsed, LinkWithdrawn: the link does not work.
    """
    user = _user_of(token, lock=True)
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


def choose_language(*, user: User, language: str) -> None:
    """Save the language, one of `settings.LANGUAGES`, of the user's pages and emails."""
    user.language = language
    user.save(update_fields=["language"])


def choose_time_zone(*, user: User, time_zone: str) -> None:
    """Save the time zone of the user's pages: a name, or an empty text for the provider's."""
    user.time_zone = time_zone
    user.save(update_fields=["time_zone"])


def _user_of(token: str, *, lock: bool) -> User:
    try:
        content = signing.loads(
            token, salt=ACTIVATION_SALT, max_age=timedelta(days=settings.ACTIVATION_DAYS)
        )
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except signing.BadSignature as error:
        raise LinkDamaged from error
    users = User.objects.select_for_update() if lock else User.objects.all()
    user: User | None = users.filter(pk=content["id"], email=content["email"]).first()
    if user is None or not user.is_active:
        raise LinkWithdrawn
    if user.is_activated:
        raise LinkUsed
    return user
