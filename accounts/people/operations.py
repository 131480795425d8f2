"""Operations of operators on people: rename, change an address, block, unblock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction

from accounts.models import Role, User
from accounts.people.followers import tell
from accounts.people.models import AddressChange
from accounts.sign_in.mails import request_mail
from accounts.sign_in.models import SignInMailKind
from accounts.tokens import ADDRESS_SALT
from foundation.web.versions import refuse_overwriting


class LastOperator(Exception):
    """Nobody else could sign in as an operator and undo this."""


class AddressTaken(Exception):
    """Another user has this address."""


class AddressUnchanged(Exception):
    """The user already has this address."""


class Blocked(Exception):
    """The user is blocked, so their address cannot be changed."""


class ConfirmationRefused(Exception):
    """The link that confirms an address does not work: forged, too old, used or withdrawn."""


@transaction.atomic
def rename(*, pk: int, name: str, shown: str) -> User:
    """Change the name of a user. `shown` is the version of the `stored_values` that were shown.

    Raises:
        EditedByOthers: someone has changed the name since, to another one.
    """
    user = _locked(pk)
    refuse_overwriting(shown=shown, stored=stored_values(user), given={"name": name})
    user.name = name
    user.save(update_fields=["name"])
    return user


def stored_values(user: User) -> dict[str, str]:
    """Return what `rename` changes, by field name."""
    return {"name": user.name}


@transaction.atomic
def block(*, pk: int, now: datetime) -> User:
    """Refuse a user from now on, and end their sessions for good.

    Raises:
        LastOperator: the user is the only operator who can sign in.
    """
    # In a fixed order, so that two operators who block each other wait instead of deadlocking.
    operators = User.objects.filter(role=Role.OPERATOR).order_by("pk")
    list(operators.select_for_update(no_key=True))
    user = _locked(pk)
    others = User.objects.operators_who_can_sign_in().exclude(pk=pk)
    if user.is_operator and not others.exists():
        raise LastOperator
    was_active, user.is_active = user.is_active, False
    user.sessions_ended_at = now
    user.save(update_fields=["is_active", "sessions_ended_at"])
    AddressChange.objects.filter(user=user).delete()
    if was_active:
        tell(user, {"is_active": True})
    return user


@transaction.atomic
def unblock(*, pk: int) -> User:
    """Let a user sign in again."""
    user = _locked(pk)
    was_active, user.is_active = user.is_active, True
    user.save(update_fields=["is_active"])
    if not was_active:
        tell(user, {"is_active": False})
    return user


@transaction.atomic
def request_address_change(*, pk: int, email: str, now: datetime, by: User) -> AddressChange | None:
    """Give a user a new address: once they confirm it, or at once if they are not yet activated.

    The new address is mailed a link to confirm it, and the old one is told. An activation link goes
    to one address and so confirms it by itself. A new request replaces an earlier one, whose link
    no longer works. Return None if the address was changed at once.

    Raises:
        Blocked: the user is blocked.
        AddressUnchanged: the user has this address.
        AddressTaken: another user has it.
    """
    user, email = _locked(pk), User.objects.normalize_email(email)
    if not user.is_active:
        raise Blocked
    if user.email == email:
        raise AddressUnchanged
    if User.objects.filter(email=email).exists():
        raise AddressTaken
    AddressChange.objects.filter(user=user).delete()
    if not user.is_activated:
        _set_address(user, email)
        return None
    change = AddressChange.objects.create(user=user, email=email, requested_at=now)
    about: dict[str, Any] = {"person": user, "now": now, "by": by, "details": {"new_email": email}}
    request_mail(SignInMailKind.CONFIRM_ADDRESS, email=email, **about)
    request_mail(SignInMailKind.ADDRESS_CHANGE, email=user.email, **about)
    return change


@transaction.atomic
def withdraw_address_change(*, pk: int) -> User:
    """Forget the new address of a user; its link no longer works."""
    user = _locked(pk)
    AddressChange.objects.filter(user=user).delete()
    return user


def change_to_confirm(*, token: str) -> AddressChange:
    """Return the change that the link `token` confirms.

    Raises:
        ConfirmationRefused: the link does not work.
    """
    days = timedelta(days=settings.ACTIVATION_DAYS)
    try:
        content = signing.loads(token, salt=ADDRESS_SALT, max_age=days)
    except signing.BadSignature as error:
        raise ConfirmationRefused from error
    changes = AddressChange.objects.select_related("user")
    change = changes.filter(pk=content["id"], email=content["email"]).first()
    if change is None or not change.user.is_active:
        raise ConfirmationRefused
    return change


@transaction.atomic
def confirm_address(*, token: str, now: datetime) -> User:
    """Change the address of the user whom the link `token` is for; a link works once.

    The former address is told.

    Raises:
        ConfirmationRefused: the link does not work.
        AddressTaken: another user has the address by now.
    """
    user = _locked(change_to_confirm(token=token).user_id)
    # It may have been withdrawn or replaced before the lock.
    change, former = change_to_confirm(token=token), user.email
    change.delete()
    _set_address(user, change.email)
    request_mail(
        SignInMailKind.ADDRESS_CHANGED,
        email=former,
        person=user,
        now=now,
        by=None,
        details={"new_email": user.email},
    )
    return user


def _set_address(user: User, email: str) -> None:
    former, user.email = user.email, email
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
    except IntegrityError as error:
        raise AddressTaken from error
    tell(user, {"email": former})


def _locked(pk: int) -> User:
    user: User = User.objects.select_for_update(no_key=True).get(pk=pk)
    return user
