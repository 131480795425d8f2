"""Queries for new billing addresses."""

from __future__ import annotations

from django.db import models


class AddressRequestQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Queries for new billing addresses."""

    def open(self) -> AddressRequestQuerySet:
        """Return those that wait for a decision."""
        return self.filter(state="open")
