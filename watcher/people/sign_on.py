"""Sign owners in to Watcher: by a token that is made when it is asked for, and is kept nowhere."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from organizations.models import Organization
from watcher.connection.clients import connected
from watcher.connection.models import Connection
from watcher.connection.operations import possible_directions, stored_connection
from watcher.models import PlatformOrganization
from watcher.platform import Platform, PlatformUser, SignOn


class SignOnRefusal(Exception):
    """A person cannot be signed in to Watcher; the text says why, to that person."""

    reason: Promise

    def __str__(self) -> str:
        return str(self.reason)


class NotOffered(SignOnRefusal):
    """It is not enabled, or the version cannot do it."""

    reason = _("Watcher cannot be opened from here. Sign in there with your password.")


class NotLinked(SignOnRefusal):
    """The organization is none in Watcher."""

    reason = _("This organization is not in Watcher yet. Ask your provider.")


class NoUser(SignOnRefusal):
    """No user of the organization in Watcher has the person's address, or several have it."""

    reason = _(
        "Watcher has no user with your email address in this organization. Ask your provider."
    )


class BlockedThere(SignOnRefusal):
    """The user may not sign in there."""

    reason = _("You cannot sign in to Watcher at the moment. Ask your provider.")


def is_offered(connection: Connection | None) -> bool:
    """Return whether owners may open Watcher."""
    return (
        connection is not None
        and connection.signs_on
        and "signs_on" in possible_directions(connection)
    )


def opening(user: User, organization: Organization, now: datetime) -> bool:
    """Return whether the header of an organization offers an owner to open Watcher."""
    return user.is_owner and bool(organization.watcher_id) and is_offered(stored_connection())


def sign_on(person: User, organization: Organization) -> SignOn:
    """Return where the browser of an owner is sent. Not in a transaction: it waits for Watcher.

    Administrators of Watcher are never signed in, nor is anybody outside of the organization.

    Raises:
        SignOnRefusal: there is no such user, or it is not offered.
        PlatformError: Watcher fails.
    """
    connection = stored_connection()
    if not is_offered(connection):
        raise NotOffered
    if not organization.watcher_id:
        raise NotLinked
    with connected(connection, on_a_page=True) as platform:
        user = _user(platform, person.email, organization.watcher_id)
        if user.is_blocked:
            raise BlockedThere
        return platform.sign_on(user)


def _user(platform: Platform, email: str, tenant_id: str) -> PlatformUser:
    """Return the user with an address: the owner that was read, or else the only one.

    Raises:
        NoUser: none in the organization has it, or several do, or it is an administrator's.
    """
    tenant = PlatformOrganization.objects.filter(tenant_id=tenant_id).first()
    owner = platform.user(tenant.owner_id) if tenant and tenant.owner_id else None
    if owner is None or owner.email.casefold() != email:
        called = platform.users_called(email)
        # A list of users may not say which organizations each is in.
        owner = platform.user(called[0].id) if len(called) == 1 else None
    if owner is None or owner.is_administrator or tenant_id not in owner.tenant_ids:
        raise NoUser
    return owner
