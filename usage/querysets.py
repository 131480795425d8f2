"""How cameras and usage intervals are found."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat

from accounts.models import User
from foundation.lists.search import matches_all, word_vector

if TYPE_CHECKING:
    from usage.models import Camera, UsageInterval  # noqa: F401 (named in the bases below)


class CameraQuerySet(models.QuerySet["Camera"]):
    """Cameras, in words of the domain."""

    def search(self, text: str) -> CameraQuerySet:
        """Keep those of whose name or title each word of `text` begins a word; index-backed."""
        return self.annotate(words=word_vector("name", "title")).filter(matches_all("words", text))


class UsageIntervalQuerySet(models.QuerySet["UsageInterval"]):
    """Usage intervals, in words of the domain."""

    def overlapping(self, start: datetime, end: datetime | None) -> UsageIntervalQuerySet:
        """Keep those that share an instant with `[start, end)`; no end: from `start` on."""
        overlap = Q(ended_at=None) | Q(ended_at__gt=start)
        return self.filter(overlap if end is None else overlap & Q(started_at__lt=end))

    def in_use(self) -> UsageIntervalQuerySet:
        """Keep those not ended."""
        return self.filter(ended_at=None)

    def visible_to(self, user: User) -> UsageIntervalQuerySet:
        """Keep those that `user` may see: all of them, or those of an owner's organizations."""
        return self.filter(organization__owner=user) if user.is_owner else self

    def in_use_by(self, organization_id: int) -> UsageIntervalQuerySet:
        """Keep those not ended of an organization: one a camera."""
        return self.in_use().filter(organization=organization_id)

    def latest_by_camera(self, organization_id: int) -> UsageIntervalQuerySet:
        """Keep those of an organization after which it has had the camera no more: one a camera."""
        later = self.model.objects.filter(
            organization=organization_id,
            camera=OuterRef("camera"),
            started_at__gt=OuterRef("started_at"),
        )
        return self.filter(~Exists(later), organization=organization_id)

    def with_names_in_use_by(self, organization_id: int) -> UsageIntervalQuerySet:
        """Annotate `camera_name` of those `in_use_by` an organization, for an index to order by.

        An open interval's organization is the camera's own; said again, it lets the index of an
        organization's cameras by name be used. Leave it out to count: that is faster without.
        """
        known = self.filter(camera__organization=organization_id)
        return known.annotate(camera_name=F("camera__name"))

    def with_names(self) -> UsageIntervalQuerySet:
        """Annotate `camera_name` as an expression, to order by without an index.

        By the index of all names PostgreSQL might read a million in search of a page of them.
        """
        return self.annotate(camera_name=Concat("camera__name", Value("")))
