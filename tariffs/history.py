"""The parts of a tariff plan's history."""

from typing import Any

from django.apps import apps
from django.db.models import OuterRef, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.audit.history import HistoryPart
from tariffs.money import format_money
from tariffs.steps import bound_text


def parts(tariff_id: int) -> tuple[HistoryPart, ...]:
    """Return the parts; each price is shown in the tariff's currency at that time."""
    tariffs = apps.get_model("tariffs.TariffEvent").objects.filter(
        pgh_obj=tariff_id, pgh_created_at__lte=OuterRef("pgh_created_at")
    )
    currency = Subquery(tariffs.order_by("-pgh_id").values("currency")[:1])
    prices = apps.get_model("tariffs.TariffPriceEvent").objects
    of_step = prices.filter(pgh_obj=OuterRef("price")).order_by("-pgh_id")
    return (
        HistoryPart("tariffs.TariffEvent"),
        HistoryPart(
            "tariffs.TariffPriceEvent",
            by="tariff",
            named_by="valid_from",
            annotations={"currency": currency},
            shown={"amount": _amount},
        ),
        HistoryPart(
            "tariffs.VolumeStepEvent",
            by="price",
            key=prices.filter(tariff=tariff_id).values("pgh_obj"),
            named_by="camera_months",
            annotations={
                "currency": currency,
                "valid_from": Subquery(of_step.values("valid_from")[:1]),
            },
            shown={"amount": _amount, "camera_months": _bound},
        ),
    )


def _amount(price: Any) -> str:
    # There is no currency if the price's transaction began before the one that made the tariff.
    return format_money(price.amount, price.currency) if price.currency else str(price.amount)


def _bound(step: Any) -> str:
    return _("from %(bound)s camera-months, price of %(date)s") % {
        "bound": bound_text(step.camera_months),
        "date": date_format(step.valid_from) if step.valid_from else "",
    }
