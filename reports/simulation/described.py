"""Say in words what a simulation changes, and where it can be saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from reports.simulation.changes import (
    Change,
    DiscountChange,
    IndividualPriceChange,
    ListPriceChange,
    read,
)
from reports.simulation.models import Simulation
from tariffs.money import format_money


@dataclass(frozen=True, slots=True)
class Described:
    """A simulation in words: what changes, and in which months.

    `save_at` is the address of the form that saves the change, filled in, or empty.
    """

    change: str
    months: str
    is_forecast: bool
    save_at: str


def described(simulation: Simulation) -> Described:
    """Describe a simulation in the reader's language; it was read with its tariff."""
    change = read(simulation.change)
    return Described(
        _text(change, simulation),
        _months(simulation.period.start, simulation.period.last),
        change.is_forecast,
        _form(change, simulation),
    )


def _text(change: Change, simulation: Simulation) -> str:
    match change:
        case ListPriceChange(amount=amount, steps=steps):
            text = _("%(tariff)s for %(price)s") % _named(simulation, amount)
            return ", ".join([text, *(_step(simulation, *step) for step in steps)])
        case IndividualPriceChange(amount=None):
            return _("%(tariff)s for the list price") % {"tariff": simulation.tariff}
        case IndividualPriceChange(amount=amount):
            assert amount is not None
            return _("%(tariff)s for an individual price of %(price)s") % _named(simulation, amount)
        case DiscountChange(percent=percent):
            values = {"percent": number_format(percent.normalize()), "tariff": simulation.tariff}
            if simulation.tariff is None:
                return _("Discount of %(percent)s %% on all tariff plans") % values
            return _("Discount of %(percent)s %% on %(tariff)s") % values
    return _("Forecast: this month to its end, if cameras stay as they are")


def _named(simulation: Simulation, amount: Decimal) -> dict[str, object]:
    assert simulation.tariff is not None
    price = format_money(amount, simulation.tariff.currency)
    return {"tariff": simulation.tariff, "price": price}


def _step(simulation: Simulation, camera_months: Decimal, amount: Decimal) -> str:
    values = {"number": number_format(camera_months.normalize())}
    return _("%(price)s from %(number)s camera-months") % (_named(simulation, amount) | values)


def _months(first: date, last: date) -> str:
    names = [capfirst(date_format(day, "F Y")) for day in (first, last)]
    return " – ".join(dict.fromkeys(names))


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _form(change: Change, simulation: Simulation) -> str:
    if isinstance(change, ListPriceChange) and simulation.tariff is not None:
        bounds, amounts = zip(*change.steps, strict=True) if change.steps else ((), ())
        query = urlencode(
            {
                "amount": _plain(change.amount),
                "steps_from": [*map(_plain, bounds)],
                "steps_price": [*map(_plain, amounts)],
            },
            doseq=True,
        )
        return f"{reverse('tariffs:add_price', args=[simulation.tariff.pk])}?{query}"
    return ""
