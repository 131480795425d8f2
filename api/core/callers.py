"""Find out who calls: the token, its person, and what both may do and see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pghistory
from allauth.account.adapter import get_adapter
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from accounts.models import User
from api.core.problems import Problem
from api.core.rates import count_request
from api.models import Token, TokenOrganization
from api.tokens.operations import is_allowed_from, note_use, token_of
from api.tokens.scopes import READ, WRITE, allowed_scopes
from organizations.models import Organization
from organizations.querysets import OrganizationQuerySet

REALM = "billing"
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Caller:
    """A token that works, and its person."""

    token: Token
    user: User

    def may(self, kind: str, verb: str) -> bool:
        """Return whether the token has this scope and the person's role still allows it."""
        allowed = set(self.token.scopes) & set(allowed_scopes(self.user))
        return f"{kind}:{WRITE}" in allowed or (verb == READ and f"{kind}:{READ}" in allowed)

    def organizations(self) -> OrganizationQuerySet:
        """Return the organizations that the person sees and the token is for."""
        seen: OrganizationQuerySet = self.limited(Organization.objects.visible_to(self.user), "pk")
        return seen

    def limited(self, rows: Any, field: str) -> Any:
        """Keep rows whose `field` is one of the organizations that the token is for."""
        if self.token.for_all:
            return rows
        chosen = TokenOrganization.objects.filter(token=self.token)
        return rows.filter(Q(**{f"{field}__in": chosen.values("organization")}))


class BearerToken(HttpBearer):
    """Require a token with a scope, and count the request. Cookies mean nothing here."""

    def __init__(self, kind: str, verb: str) -> None:
        super().__init__()
        self.kind, self.verb = kind, verb

    def __call__(self, request: HttpRequest) -> Any:
        """Return the caller.

        Raises:
            Problem: there is no such token, or it may not do this, not from there, or not now.
        """
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret:
            raise _unknown("token_missing", "Send a token: Authorization: Bearer cbt_….")
        return self.authenticate(request, secret.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """Return the caller of a secret; see `__call__`."""
        now = timezone.now()
        found = token_of(token, now=now)
        if found is None:
            raise _unknown(
                "token_refused", "This token does not exist, has expired, or was revoked."
            )
        address = get_adapter(request).get_client_ip(request)
        if not is_allowed_from(found, address):
            raise Problem(403, "address_refused", "This token is not for your IP address.")
        caller = Caller(found, found.user)
        request.user, request.caller = found.user, caller  # type: ignore[attr-defined]
        request.rate = count_request(found, now)  # type: ignore[attr-defined]
        note_use(found, address=address, now=now)
        pghistory.context(user=found.user_id, token=f"{found.name}, {found.hint}")
        if not caller.may(self.kind, self.verb):
            raise _scope_missing(self.kind, self.verb)
        if request.body and request.content_type != _JSON:
            raise Problem(
                415, "wrong_content_type", f"Send the body as {_JSON}.", headers={"Accept": _JSON}
            )
        return caller


def caller_of(request: HttpRequest) -> Caller:
    """Return who calls an operation that requires a token."""
    return cast(Caller, request.caller)  # type: ignore[attr-defined]


def _scope_missing(kind: str, verb: str) -> Problem:
    scope = f"{kind}:{verb}"
    challenge = f'Bearer realm="{REALM}", error="insufficient_scope", scope="{scope}"'
    return Problem(
        403,
        "scope_missing",
        f"This needs a token with the scope {scope}, of a person whose role allows it.",
        headers={"WWW-Authenticate": challenge},
    )


def _unknown(code: str, detail: str) -> Problem:
    return Problem(401, code, detail, headers={"WWW-Authenticate": f'Bearer realm="{REALM}"'})
