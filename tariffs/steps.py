"""The volume steps of price versions as values; docs/pricing.md, "What was agreed"."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.utils.formats import number_format

from tariffs.models import TariffPrice, VolumeStep


class Step(NamedTuple):
    """The monthly price from a number of camera-months in a calendar month on."""

    camera_months: Decimal
    amount: Decimal

    @property
    def text(self) -> str:
        """The step in figures that do not depend on how they were entered or stored."""
        return f"{_plain(self.camera_months)}:{_plain(self.amount)}"


Steps = tuple[Step, ...]


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def steps_of(price: TariffPrice) -> Steps:
    """Return the steps of a price version, lowest bound first."""
    rows = price.steps.order_by("camera_months")
    numbers = rows.values_list("camera_months", "amount")
    return tuple(Step(*(Decimal(_plain(each)) for each in row)) for row in numbers)


def text_of(steps: Iterable[Step]) -> str:
    """Return steps on one line, to compare them with those that a person was shown."""
    return " ".join(step.text for step in steps)


def bound_text(camera_months: Decimal) -> str:
    """Return a number of camera-months without zeros at its end."""
    return number_format(Decimal(_plain(camera_months)))


def replace_steps(price: TariffPrice, steps: Iterable[Step]) -> None:
    """Store the steps of a version. Those that stay the same are not written."""
    stored = {row.camera_months: row for row in price.steps.all()}
    for step in steps:
        row = stored.pop(step.camera_months, None)
        row = row or VolumeStep(price=price, camera_months=step.camera_months)
        if row.amount != step.amount:
            row.amount = step.amount
            row.save()
    for row in stored.values():
        row.delete()


def lowest(amount: Decimal, steps: Iterable[Step]) -> Decimal:
    """Return the lowest price of a version."""
    return min(amount, *(step.amount for step in steps)) if steps else amount
