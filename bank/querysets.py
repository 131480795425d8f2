"""Querysets of bank statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from foundation.search.index import find

if TYPE_CHECKING:
    from bank.models import BankLine  # noqa: F401


class BankLineQuerySet(models.QuerySet["BankLine"]):
    """A queryset of lines of bank statements."""

    def open(self) -> BankLineQuerySet:
        """Keep those of which nothing has become yet."""
        return self.filter(state="open")

    def search(self, text: str) -> BankLineQuerySet:
        """Keep those that have each word of `text` in their name or text."""
        return find(self, text, "name", "text")
