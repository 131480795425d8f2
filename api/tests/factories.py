"""Tokens for tests."""

from collections.abc import Collection
from datetime import UTC, datetime

from accounts.models import User
from api.tokens.models import TokenKind
from api.tokens.operations import NewToken, create_token
from api.tokens.scopes import allowed_scopes

CREATED_AT = datetime(2026, 1, 1, tzinfo=UTC)


def a_token(
    user: User,
    *,
    name: str = "Export",
    scopes: Collection[str] = (),
    organization_ids: Collection[int] | None = None,
    addresses: Collection[str] = (),
    expires_at: datetime | None = None,
    kind: str = TokenKind.PERSON,
) -> NewToken:
    """Create a token with all scopes of the user's role, unless others are given."""
    return create_token(
        user=user,
        name=name,
        kind=kind,
        scopes=scopes or allowed_scopes(user),
        organization_ids=organization_ids,
        addresses=addresses,
        expires_at=expires_at,
        now=CREATED_AT,
    )
