"""The parts of a tariff plan's history."""

from typing import Any

from django.apps import apps
from django.db.models import OuterRef, Subquery

from foundation.audit.history import HistoryPart
from tariffs.money import format_money


def parts() -> tuple[HistoryPart, ...]:
    """Return the parts; each price is shown in the tariff's currency at that time."""
    tariffs = apps.get_model("tariffs.TariffEvent").objects.filter(
        pgh_obj=OuterRef("tariff"), pgh_created_at__lte=OuterRef("pgh_created_at")
    )
    return (
        HistoryPart("tariffs.TariffEvent"),
        HistoryPart(
            "tariffs.TariffPriceEvent",
            by="tariff",
            named_by="valid_from",
            annotations={
                "currency": Subquery(tariffs.order_by("-pgh_id").values("currency")[:1]),
            },
            shown={"amount": _amount},
        ),
    )


def _amount(price: Any) -> str:
    # There is no currency if the price's transaction began before the one that made the tariff.
    return format_money(price.amount, price.currency) if price.currency else str(price.amount)
