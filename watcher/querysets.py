"""Queries for what the platform had when it was read last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef

from foundation.search.index import find
from organizations.models import Organization

if TYPE_CHECKING:
    from watcher.models import (  # noqa: F401 named below
        PlatformCamera,
        PlatformOrganization,
        PlatformPreset,
    )


class PlatformOrganizationQuerySet(models.QuerySet["PlatformOrganization"]):
    """A queryset of organizations of the platform."""

    def search(self, text: str) -> PlatformOrganizationQuerySet:
        """Keep those with each word in their title, ID, or owner's login, email or external ID."""
        return find(
            self, text, "title", "tenant_id", "owner_login", "owner_email", "owner_external_id"
        )

    def linked(self) -> PlatformOrganizationQuerySet:
        """Keep those that an organization here has the ID of."""
        return self.filter(_has_organization())

    def unlinked(self) -> PlatformOrganizationQuerySet:
        """Keep those that are still there and that no organization here has the ID of."""
        return self.filter(~_has_organization(), gone_at=None)


class PlatformPresetQuerySet(models.QuerySet["PlatformPreset"]):
    """A queryset of presets of the platform."""

    def search(self, text: str) -> PlatformPresetQuerySet:
        """Keep those with each word in their title or ID."""
        return find(self, text, "title", "preset_id")

    def linked(self) -> PlatformPresetQuerySet:
        """Keep those that mean a tariff."""
        return self.filter(link__isnull=False)

    def unlinked(self) -> PlatformPresetQuerySet:
        """Keep those that are still there and that mean no tariff yet."""
        return self.filter(link=None, gone_at=None)


class PlatformCameraQuerySet(models.QuerySet["PlatformCamera"]):
    """A queryset of cameras of the platform."""

    def search(self, text: str) -> PlatformCameraQuerySet:
        """Keep those whose name begins with `text`, by the index of names."""
        return self.filter(name__startswith=text.strip())


def _has_organization() -> Exists:
    return Exists(Organization.objects.order_by().filter(watcher_id=OuterRef("tenant_id")))
