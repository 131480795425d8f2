"""Queries for tariffs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from foundation.search.index import matches

if TYPE_CHECKING:
    from tariffs.models import Tariff  # noqa: F401 named below as a string, outside an annotation


class TariffQuerySet(models.QuerySet["Tariff"]):
    """A queryset of tariffs."""

    def available(self) -> TariffQuerySet:
        """Keep tariffs that may be assigned."""
        return self.filter(is_archived=False)

    def search(self, text: str) -> TariffQuerySet:
        """Keep tariffs with each word of `text` in their name or note; few, so without an index."""
        return self.filter(matches(text, "name", "note"))

    def with_prices(self, on: date) -> TariffQuerySet:
        """Annotate the price in force on a date and the next upcoming price, with their dates."""
        prices = self.model._meta.get_field("prices").related_model._default_manager.filter(
            tariff=OuterRef("pk")
        )
        now = prices.filter(valid_from__lte=on).order_by("-valid_from")
        later = prices.filter(valid_from__gt=on).order_by("valid_from")
        return self.annotate(
            price_now=Subquery(now.values("amount")[:1]),
            price_now_from=Subquery(now.values("valid_from")[:1]),
            price_later=Subquery(later.values("amount")[:1]),
            price_later_from=Subquery(later.values("valid_from")[:1]),
        )

    def with_use(self) -> TariffQuerySet:
        """Annotate how many organizations have the tariff available, and how many cameras use it.

        `TariffTally` has both, because counting a million cameras takes long.
        """
        tallies = (
            self.model._meta.get_field("tallies")
            .related_model._default_manager.filter(tariff=OuterRef("pk"))
            .order_by()
            .values("tariff")
        )

        def total(of: str) -> Coalesce:
            return Coalesce(Subquery(tallies.annotate(sum=Sum(of)).values("sum")), 0)

        return self.annotate(
            organization_count=total("organizations"), camera_count=total("cameras")
        )
