"""How users are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models

from foundation.lists.search import matches_all, word_vector

if TYPE_CHECKING:
    from accounts.models import User


class UserQuerySet(models.QuerySet["User"]):
    """Users, in words of the domain."""

    def owners(self) -> UserQuerySet:
        """Keep the subscribers."""
        return self.filter(role="owner")

    def activated(self) -> UserQuerySet:
        """Keep those who have set a password."""
        return self.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def search(self, text: str) -> UserQuerySet:
        """Keep those of whose email or name each word of `text` begins a word; index-backed."""
        return self.annotate(words=word_vector("email", "name")).filter(matches_all("words", text))


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Make users whose email is their login."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Return the address trimmed and in lower case, its one stored form."""
        return (email or "").strip().lower()

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a user by email, whatever its case."""
        user: User = self.get(email=self.normalize_email(username))
        return user

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a user; without a password they are not activated.

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
        """Create an operator: what `manage.py createsuperuser` makes."""
        return self.create_user(email, password, role="operator", **fields)
