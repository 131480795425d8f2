"""Create and revoke tokens, and find the one that a secret belongs to."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from api.tokens.models import Token, TokenKind
from api.tokens.scopes import SCOPES, allowed_scopes
from organizations.models import Organization

PREFIX = "cbt_"
"""What every secret begins with, so that a search for leaked secrets recognizes one."""
_SECRET_BYTES = 32
_SHOWN = len(PREFIX) + 6
MOST_ACTIVE = 100
"""The maximum number of active tokens that a person has."""
USE_IS_KEPT_FOR = timedelta(minutes=1)
"""How long a use counts as the last one without being written again."""


class TokenRefusal(Exception):
    """A token cannot be created: `field` must be corrected, and the text says why."""

    field: str | None = None


class NotForRole(TokenRefusal):
    """The person's role does not allow these scopes, or tokens of machines."""

    field = "scopes"

    def __str__(self) -> str:
        return _("Your role does not allow this. Choose less.")


class OrganizationNotSeen(TokenRefusal):
    """One of the organizations does not exist, or the person may not see it."""

    field = "organizations"

    def __str__(self) -> str:
        return _("One of these organizations no longer exists, or you may not see it.")


class ExpiresInPast(TokenRefusal):
    """The token would have expired already."""

    field = "expires_on"

    def __str__(self) -> str:
        return _("This day is over. Choose a later one.")


class TooManyTokens(TokenRefusal):
    """The person has as many active tokens as one can have."""

    def __str__(self) -> str:
        return _("You have %(number)s active tokens, which is the maximum. Revoke one first.") % {
            "number": MOST_ACTIVE
        }


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was just created, with its secret, which nobody can find out later."""

    token: Token
    secret: str


@transaction.atomic
def create_token(
    *,
    user: User,
    name: str,
    kind: str,
    scopes: Collection[str],
    organization_ids: Collection[int] | None,
    addresses: Collection[str],
    expires_at: datetime | None,
    now: datetime,
) -> NewToken:
    """Create a token. Without `organization_ids` it is for all that its person may see.

    `addresses` are networks in CIDR notation; none means any.

    Raises:
        NotForRole, OrganizationNotSeen, ExpiresInPast, TooManyTokens: it cannot be created.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not scopes or not set(scopes) <= set(allowed_scopes(user)):
        raise NotForRole
    if kind == TokenKind.MACHINE and not user.is_operator:
        raise NotForRole
    if expires_at is not None and expires_at <= now:
        raise ExpiresInPast
    if user.tokens.in_state("active", now).count() >= MOST_ACTIVE:
        raise TooManyTokens
    secret = PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
    token = Token.objects.create(
        user=user,
        name=name,
        kind=kind,
        digest=_digest(secret),
        hint=secret[:_SHOWN],
        scopes=[scope for scope in SCOPES if scope in scopes],
        for_all=organization_ids is None,
        addresses=[str(ip_network(each)) for each in addresses],
        created_at=now,
        expires_at=expires_at,
    )
    if organization_ids is not None:
        _limit(token, organization_ids)
    return NewToken(token, secret)


def _limit(token: Token, organization_ids: Collection[int]) -> None:
    seen = Organization.objects.visible_to(token.user).filter(pk__in=organization_ids)
    ids = set(seen.order_by().values_list("pk", flat=True))
    if not ids or ids != set(organization_ids):
        raise OrganizationNotSeen
    token.organizations.set(ids)


@transaction.atomic
def revoke_token(*, pk: int, now: datetime) -> Token:
    """Refuse a token from now on. A revoked one stays revoked since it was."""
    token = Token.objects.select_for_update(no_key=True).get(pk=pk)
    if token.revoked_at is None:
        token.revoked_at = max(now, token.created_at)
        token.save(update_fields=["revoked_at"])
    return token


def token_of(secret: str, *, now: datetime) -> Token | None:
    """Return the active token of a secret, with its person; None if there is none.

    A machine's goes on when its person is blocked; a person's does not.
    """
    tokens = Token.objects.select_related("user").in_state("active", now)
    works = Q(user__is_active=True) | Q(kind=TokenKind.MACHINE)
    return tokens.filter(works, digest=_digest(secret)).first()


def is_allowed_from(token: Token, address: str) -> bool:
    """Return whether a token may be used from an IP address."""
    if not token.addresses:
        return True
    given = ip_address(address)
    mapped = getattr(given, "ipv4_mapped", None)
    return any((mapped or given) in ip_network(each) for each in token.addresses)


def note_use(token: Token, *, address: str, now: datetime) -> None:
    """Keep when and from where a token was last used; write at most once a minute."""
    last = token.last_used_at
    if last is not None and now - last < USE_IS_KEPT_FOR:
        return
    # Of several processes that come here at once, one writes.
    unchanged = Token.objects.filter(pk=token.pk, last_used_at=last)
    unchanged.update(last_used_at=now, last_used_from=address)


def _digest(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
