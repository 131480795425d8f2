"""Queries for new billing addresses."""

from __future__ import annotations

from django.apps import apps
from django.db import models


class AddressRequestQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Queries for new billing addresses."""

    def open(self) -> AddressRequestQuerySet:
        """Return those that wait for a decision."""
        return self.filter(state="open")

    def search(self, text: str) -> AddressRequestQuerySet:
        """Return those of organizations that are found."""
        organizations = apps.get_model("organizations.Organization")._default_manager
        found = organizations.search(text).order_by().values("pk")
        return self.filter(organization__in=found)
