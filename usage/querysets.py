"""How cameras and usage intervals are found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import BigIntegerField, F, Func, Q

from accounts.search import matches_all, word_vector

ROWS_A_FETCH = 5_000

if TYPE_CHECKING:
    from usage.models import Camera, UsageInterval  # noqa: F401 (named in the bases below)


class CameraQuerySet(models.QuerySet["Camera"]):
    """Cameras, in words of the domain."""

    def search(self, text: str) -> CameraQuerySet:
        """Keep those of whose name or title each word of `text` begins a word; index-backed."""
        return self.annotate(words=word_vector("name", "title")).filter(matches_all("words", text))


class Epoch(Func):
    """An instant as whole seconds since 1970."""

    output_field = BigIntegerField()
    template = "extract(epoch from %(expressions)s)::bigint"


class UsageIntervalQuerySet(models.QuerySet["UsageInterval"]):
    """Usage intervals, in words of the domain."""

    def overlapping(self, start: datetime, end: datetime | None) -> UsageIntervalQuerySet:
        """Keep those that share an instant with `[start, end)`; no end: from `start` on."""
        overlap = Q(ended_at=None) | Q(ended_at__gt=start)
        return self.filter(overlap if end is None else overlap & Q(started_at__lt=end))

    def in_use(self) -> UsageIntervalQuerySet:
        """Keep those not ended."""
        return self.filter(ended_at=None)

    def usages_of(
        self, organization_id: int, starts_at: int, ends_at: int
    ) -> Iterator[tuple[int, int, int, int | None]]:
        """Stream an organization's usage in `[starts_at, ends_at)`, as `pricing.Usage` has it.

        Ordered by camera, then time; bounds and instants in seconds since 1970.
        """
        return (
            self.filter(organization=organization_id)
            .overlapping(
                datetime.fromtimestamp(starts_at, UTC), datetime.fromtimestamp(ends_at, UTC)
            )
            .order_by("camera_id", "started_at")
            .values_list("camera_id", "tariff_id", Epoch(F("started_at")), Epoch(F("ended_at")))
            .iterator(ROWS_A_FETCH)
        )
