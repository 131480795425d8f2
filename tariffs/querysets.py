"""Queries for tariffs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.postgres.aggregates import StringAgg
from django.db import models
from django.db.models import F, Func, Min, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat

from foundation.search.index import matches

if TYPE_CHECKING:
    from tariffs.models import Tariff  # noqa: F401 named below as a string, outside an annotation


def _plain(number: str) -> Cast:
    """Return a number as text without zeros at its end."""
    trimmed = Func(F(number), function="trim_scale", output_field=models.DecimalField())
    return Cast(trimmed, models.TextField())


class TariffQuerySet(models.QuerySet["Tariff"]):
    """A queryset of tariffs."""

    def available(self) -> TariffQuerySet:
        """Keep tariffs that may be assigned."""
        return self.filter(is_archived=False)

    def search(self, text: str) -> TariffQuerySet:
        """Keep tariffs with each word of `text` in their name or note; few, so without an index."""
        return self.filter(matches(text, "name", "note"))

    def with_prices(self, on: date) -> TariffQuerySet:
        """Annotate the price in force on a date and the next upcoming price, with their dates.

        Their volume steps are a text such as "2: 8; 3: 7", with their lowest price.
        """
        prices = self.model._meta.get_field("prices").related_model._default_manager.filter(
            tariff=OuterRef("pk")
        )
        now = prices.filter(valid_from__lte=on).order_by("-valid_from")
        later = prices.filter(valid_from__gt=on).order_by("valid_from")
        steps = apps.get_model("tariffs.VolumeStep")._default_manager
        step = Concat(
            *(_plain("camera_months"), Value(": "), _plain("amount")),
            output_field=models.TextField(),
        )
        of_version = steps.filter(price=OuterRef("pk")).order_by().values("price")
        texts = of_version.annotate(of=StringAgg(step, "; ", order_by="camera_months"))
        lowest = of_version.annotate(of=Min("amount"))

        def of(versions: models.QuerySet[Any], summed: models.QuerySet[Any]) -> Subquery:
            return Subquery(versions.annotate(of=Subquery(summed.values("of"))).values("of")[:1])

        return self.annotate(
            price_now=Subquery(now.values("amount")[:1]),
            price_now_from=Subquery(now.values("valid_from")[:1]),
            price_now_steps=of(now, texts),
            price_now_lowest=of(now, lowest),
            price_later=Subquery(later.values("amount")[:1]),
            price_later_from=Subquery(later.values("valid_from")[:1]),
            price_later_steps=of(later, texts),
            price_later_lowest=of(later, lowest),
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
