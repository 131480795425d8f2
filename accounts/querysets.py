"""Queries for users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models

from foundation.search.index import find

if TYPE_CHECKING:
    from accounts.models import User

# Users who have not set a password yet; the condition of an index.
NOT_ACTIVATED = models.Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)


class UserQuerySet(models.QuerySet["User"]):
    """A queryset of users."""

    def owners(self) -> UserQuerySet:
        """Keep owners."""
        return self.filter(role="owner")

    def activated(self) -> UserQuerySet:
        """Keep users who have set a password."""
        return self.exclude(NOT_ACTIVATED)

    def operators_who_can_sign_in(self) -> UserQuerySet:
        """Keep activated operators who are not blocked."""
        return self.filter(role="operator", is_active=True).activated()

    def in_state(self, state: str) -> UserQuerySet:
        """Keep users who are `active`, `invited` (not yet activated) or `blocked`; indexed."""
        conditions = {
            "active": models.Q(is_active=True) & ~NOT_ACTIVATED,
            "invited": models.Q(is_active=True) & NOT_ACTIVATED,
            "blocked": models.Q(is_active=False),
        }
        return self.filter(conditions[state])

    def not_activated(self) -> UserQuerySet:
        """Keep users who have not set a password."""
        return self.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def search(self, text: str) -> UserQuerySet:
        """Keep users with each word of `text` in their email or name."""
        return find(self, text, "folded")


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates users whose email address is their login."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Return the address as it is stored: trimmed and in lower case."""
        return (email or "").strip().lower()

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the user with this email address, regardless of case."""
        user: User = self.get(email=self.normalize_email(username))
        return user

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a user, who is not activated if `password` is None.

        Raises:
            ValueError: `email` is empty.
        """
        if not email.strip():
            raise ValueError("A user needs an email address.")
        user: User = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create an operator, for `manage.py createsuperuser`."""
        return self.create_user(email, password, role="operator", **fields)
