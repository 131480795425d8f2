"""Query cameras and usage intervals."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Concat

from accounts.models import User
from foundation.search.index import find, matches, some_of
from organizations.models import Organization

if TYPE_CHECKING:
    from usage.models import Camera, UsageInterval  # noqa: F401 (named in the bases below)


class CameraQuerySet(models.QuerySet["Camera"]):
    """Query cameras in domain terms."""

    def lock(self, ids: Iterable[int]) -> None:
        """Lock cameras before their usage changes.

        The fixed order prevents deadlocks between concurrent changes.
        """
        cameras = self.select_for_update().filter(pk__in=set(ids)).order_by("pk")
        list(cameras.values_list("pk"))

    def without_usage(self, organization_id: int) -> CameraQuerySet:
        """Keep the cameras of an organization of which no usage is recorded, by name."""
        return self.filter(organization=organization_id, usage_intervals=None).order_by("name")

    def visible_to(self, user: User) -> CameraQuerySet:
        """Keep cameras that `user` may see: for an owner, those used by the owner's organizations.

        Of a camera that such an organization no longer has, the owner sees the name only.
        """
        if not user.is_owner:
            return self
        intervals = self.model._meta.get_field("usage_intervals").related_model
        used = intervals._default_manager.visible_to(user)  # type: ignore[attr-defined]
        return self.filter(pk__in=used.order_by().values("camera"))

    def search(self, text: str) -> CameraQuerySet:
        """Keep cameras with each word of `text` in their name or title."""
        return find(self, text, "name", "title")

    def as_seen_by(self, user: User) -> CameraQuerySet:
        """Annotate `seen_title` and `seen_organization`, the title of the camera's organization.

        Both are empty for an owner who does not see the organization that has the camera now.
        """
        seen = {"seen_title": F("title"), "seen_organization": F("organization__title")}
        if not user.is_owner:
            return self.annotate(**seen)
        own = Organization.objects.order_by().visible_to(user)
        is_own = Q(organization__in=own.values("pk"))
        return self.annotate(
            **{
                name: Case(When(is_own, then=value), default=Value(""))
                for name, value in seen.items()
            }
        )

    def some_of(self, user: User, text: str, most: int) -> models.QuerySet[Any, Any]:
        """Return the ids of up to `most` cameras that `user` may see, found by name or title."""
        seen = self.visible_to(user)
        if user.is_owner:
            own = Organization.objects.order_by().visible_to(user)
            seen = seen.filter(Q(organization__in=own.values("pk")) | matches(text, "name"))
        return some_of(seen, text, "name", "title", most=most)

    def search_for(self, organization_ids: Collection[int], text: str) -> CameraQuerySet:
        """Search as `search`, but by title only among the cameras that organizations have now."""
        found = self.search(text)
        return found.filter(Q(organization__in=organization_ids) | matches(text, "name"))


class UsageIntervalQuerySet(models.QuerySet["UsageInterval"]):
    """Query usage intervals in domain terms."""

    def overlapping(self, start: datetime, end: datetime | None) -> UsageIntervalQuerySet:
        """Keep intervals that overlap `[start, end)`; without an end, from `start` on."""
        overlap = Q(ended_at=None) | Q(ended_at__gt=start)
        return self.filter(overlap if end is None else overlap & Q(started_at__lt=end))

    def in_use(self) -> UsageIntervalQuerySet:
        """Keep intervals without an end."""
        return self.filter(ended_at=None)

    def visible_to(self, user: User) -> UsageIntervalQuerySet:
        """Keep intervals that `user` may see: for an owner, those of the owner's organizations."""
        if not user.is_owner:
            return self
        visible = Organization.objects.order_by().visible_to(user)
        return self.filter(organization__in=visible.values("pk"))

    def in_use_by(self, organization_id: int) -> UsageIntervalQuerySet:
        """Keep the open intervals of an organization, one per camera."""
        return self.in_use().filter(organization=organization_id)

    def latest_by_camera(self, organization_id: int) -> UsageIntervalQuerySet:
        """Keep the latest interval of each camera in an organization."""
        later = self.model.objects.filter(
            organization=organization_id,
            camera=OuterRef("camera"),
            started_at__gt=OuterRef("started_at"),
        )
        return self.filter(~Exists(later), organization=organization_id)

    def with_names_in_use_by(self, organization_id: int) -> UsageIntervalQuerySet:
        """Annotate intervals `in_use_by` an organization with `camera_name`, ordered by an index.

        The organization of an open interval is also that of its camera. Repeating the condition on
        the camera lets PostgreSQL use the index on organization and name. Counting is faster
        without this method.
        """
        known = self.filter(camera__organization=organization_id)
        return known.annotate(camera_name=F("camera__name"))

    def with_names(self) -> UsageIntervalQuerySet:
        """Annotate `camera_name` as an expression, which cannot be ordered by an index.

        With the index on all names, PostgreSQL might read a million names to find one page.
        """
        return self.annotate(camera_name=Concat("camera__name", Value("")))

    def with_title_for(self, organization_id: int | F) -> UsageIntervalQuerySet:
        """Annotate `camera_title`: empty for cameras that the organization no longer has."""
        is_own = When(camera__organization=organization_id, then=F("camera__title"))
        return self.annotate(camera_title=Case(is_own, default=Value("")))
