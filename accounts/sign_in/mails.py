"""Request mails about signing in, and send them in jobs.

A page only stores the request, so it answers at the same speed whether the mail server is fast,
slow or down, and whether the address belongs to somebody or to nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import get_language, override

from accounts.mail import composed
from accounts.models import AddressChange, User
from accounts.sign_in.models import SignInMail, SignInMailKind
from accounts.tokens import activation_token, address_token
from foundation.mail.requests import (
    Errors,
    Mails,
    MailState,
    defer_mails,
    give_up_mails,
    made_mails,
    send_mails,
)
from foundation.mail.writing import Mail
from foundation.web.addresses import in_mails
from foundation.web.brand import Brand, brand

# The most mails of a kind that an address is sent in an hour.
MOST_AN_HOUR = {SignInMailKind.ACTIVATION: 3, SignInMailKind.PASSWORD_RESET: 5}
_HOUR = timedelta(hours=1)
# Separates these advisory locks from others.
_ADVISORY_LOCK = 7_120_301


class TooManyMails(Exception):
    """The address was sent as many mails of this kind in the last hour as it may be."""


@transaction.atomic
def request_mail(
    kind: SignInMailKind,
    *,
    email: str,
    person: User | None,
    now: datetime,
    by: User | None,
    details: Mapping[str, str] | None = None,
) -> SignInMail:
    """Have a mail sent to an address once the transaction is committed.

    It is in the language of `person`, or else in the active one.

    Raises:
        TooManyMails: see `MOST_AN_HOUR`.
    """
    if most := MOST_AN_HOUR.get(kind):
        _refuse_too_many(kind, email, most, now)
    mail = SignInMail.objects.create(
        kind=kind,
        email=email,
        person=person,
        language=get_language() or settings.LANGUAGE_CODE,
        details=dict(details or {}),
        asked_at=now,
        asked_by=by,
    )
    defer_mails("accounts.send_sign_in_mails", [mail], "mail_ids")
    return mail


def _refuse_too_many(kind: SignInMailKind, email: str, most: int, now: datetime) -> None:
    """Refuse what would be too much, also if several are requested at once."""
    with connection.cursor() as cursor:
        # Nobody may have the address, so there is no row to lock.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_ADVISORY_LOCK, f"{kind} {email}"]
        )
    lately = SignInMail.objects.filter(kind=kind, email=email, asked_at__gt=now - _HOUR)
    if lately.count() >= most:
        raise TooManyMails


def send_requested(*, mail_ids: Sequence[int], now: datetime) -> None:
    """Send requested mails unless they were already sent; store their results.

    What nobody needs any more is deleted: a link for someone who has set a password meanwhile, who
    may not sign in, or who does not exist.

    Raises:
        Exception: as `foundation.mail.requests.send_mails`.
    """
    waiting = SignInMail.objects.filter(pk__in=mail_ids, state=MailState.WAITING)
    mails = list(waiting.select_related("person").order_by("attempts", "pk"))
    wanted = {mail.pk: found for mail in mails if (found := _found(mail)) is not None}
    SignInMail.objects.filter(pk__in=[mail.pk for mail in mails if mail.pk not in wanted]).delete()
    ready = [mail for mail in mails if mail.pk in wanted]
    send_mails(SignInMail, ready, _Batch(wanted).mails_of, now=now)


def give_up(*, mail_ids: Sequence[int], error: Exception) -> None:
    """Mark the waiting ones among mails as failed, because they will not be tried again."""
    give_up_mails(SignInMail, mail_ids, error)


def remove_old(*, now: datetime) -> None:
    """Delete mails that were requested more than `JOBS_KEPT_DAYS` ago."""
    SignInMail.objects.filter(asked_at__lt=now - timedelta(days=settings.JOBS_KEPT_DAYS)).delete()


# --- What each kind says --------------------------------------------------------------------------

Found = tuple[User, dict[str, Any]]
"""Whom a mail is for, and what its templates show besides its details."""


def _activation(mail: SignInMail) -> Found | None:
    user = mail.person
    if user is None or user.is_activated or not user.is_active or user.email != mail.email:
        return None
    path = reverse("accounts:activate", args=[activation_token(user)])
    return user, {"link": in_mails(path), "days": settings.ACTIVATION_DAYS}


def _password_reset(mail: SignInMail) -> Found | None:
    user: User | None = User.objects.filter(email=mail.email, is_active=True).first()
    if user is None:
        return None
    names = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return user, {"link": in_mails(reverse("account_reset_password_from_key", kwargs=names))}


def _confirm_address(mail: SignInMail) -> Found | None:
    changes = AddressChange.objects.select_related("user")
    change = changes.filter(user=mail.person, email=mail.email).first()
    if change is None or not change.user.is_active:
        return None
    path = reverse("confirm_address", args=[address_token(change)])
    return change.user, {"link": in_mails(path), "days": settings.ACTIVATION_DAYS}


def _told(mail: SignInMail) -> Found | None:
    return None if mail.person is None else (mail.person, {})


_FOUND: dict[str, Callable[[SignInMail], Found | None]] = {
    SignInMailKind.ACTIVATION: _activation,
    SignInMailKind.PASSWORD_RESET: _password_reset,
    SignInMailKind.CONFIRM_ADDRESS: _confirm_address,
}


def _found(mail: SignInMail) -> Found | None:
    """Return whom a mail is for and its link, or None if nobody needs it any more."""
    return _FOUND.get(mail.kind, _told)(mail)


@dataclass(frozen=True)
class _Batch:
    """What the mails of a job share: their sender."""

    found: Mapping[int, Found]
    sender: Brand = field(default_factory=brand)

    def mails_of(self, mails: Sequence[SignInMail]) -> tuple[Mails, Errors]:
        """Return the mails of a few requests, and the errors of those that cannot be made."""
        return made_mails(mails, self._mail)

    def _mail(self, mail: SignInMail) -> Mail:
        user, context = self.found[mail.pk]
        with override(user.language or mail.language):
            return composed(
                user,
                kind=mail.kind,
                context={**mail.details, **context},
                email=mail.email,
                sender=self.sender,
            )
