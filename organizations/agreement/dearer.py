"""Find organizations that pay more than the list: their price stays when that of the list falls."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from organizations.models import IndividualPrice
from tariffs.dearer import MOST_NAMED, DearerPrices


def dearer_than(tariff_id: int, amount: Decimal, start: date, end: date | None) -> DearerPrices:
    """Return the organizations that pay more than an amount on some date of `[start, end)`.

    Those that are closed before are left out.
    """
    later = IndividualPrice.objects.filter(
        organization=OuterRef("organization"),
        tariff=tariff_id,
        valid_from__gt=OuterRef("valid_from"),
        valid_from__lte=start,
    )
    applied = IndividualPrice.objects.filter(
        ~Exists(later),
        Q(organization__closed_on=None) | Q(organization__closed_on__gte=start),
        tariff=tariff_id,
        amount__gt=amount,
    )
    if end is not None:
        applied = applied.filter(valid_from__lt=end)
    titles = applied.order_by("organization__title").values_list("organization__title", flat=True)
    titles = titles.distinct()
    named = list(titles[: MOST_NAMED + 1])
    number = titles.count() if len(named) > MOST_NAMED else len(named)
    return DearerPrices(tuple(named[:MOST_NAMED]), number)
