"""Queries for tokens."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.models import User
from foundation.search.index import matches

if TYPE_CHECKING:
    from api.tokens.models import Token  # noqa: F401 named below as a string


class TokenQuerySet(models.QuerySet["Token"]):
    """A queryset of tokens."""

    def visible_to(self, user: User) -> TokenQuerySet:
        """Keep the tokens that `user` may see: all to operators, otherwise one's own."""
        return self if user.is_operator else self.filter(user=user)

    def in_state(self, state: str, now: datetime) -> TokenQuerySet:
        """Keep tokens that are `active`, `expired` or `revoked`."""
        unexpired = Q(expires_at=None) | Q(expires_at__gt=now)
        conditions = {
            "active": Q(revoked_at=None) & unexpired,
            "expired": Q(revoked_at=None, expires_at__lte=now),
            "revoked": Q(revoked_at__isnull=False),
        }
        return self.filter(conditions[state])

    def search(self, text: str) -> TokenQuerySet:
        """Keep tokens with each word of `text` in their name, or their person's name or address."""
        return self.filter(matches(text, "name", "hint", "user__name", "user__email"))
