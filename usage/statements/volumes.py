"""Show which volume steps an organization has reached, by tariff and month."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from rating.agreement.volume import VolumePrice
from rating.money import Amount
from rating.periods import Period, month_of
from rating.price_versions import VolumeStep
from usage.statements.price_texts import dates_text, months_text
from usage.statements.statement import Statement


class Volume(NamedTuple):
    """The camera-months of a tariff in a month, and the price that they lead to.

    `reached` is the bound of the step, "0" for the first one. `following` and its price are those
    of the next step; "" and None if there is none.
    """

    tariff: str
    dates: str
    camera_months: str
    reached: str
    price: Amount
    following: str
    following_price: Amount | None


def volumes_of(statement: Statement) -> list[Volume]:
    """Return the volumes by tariff name and date, of the prices of the list that have steps."""
    found = list(_volumes(statement))
    return [volume for _order, volume in sorted(found, key=lambda each: each[0])]


def _volumes(statement: Statement) -> Iterator[tuple[tuple[str, Period], Volume]]:
    terms, names = statement.schedule.terms, statement.tariff_names
    for (tariff_id, month), used in (statement.camera_months or {}).items():
        if not used or month_of(month).end <= statement.period.start:
            continue
        name, currency = names[tariff_id], terms[tariff_id].currency
        dates = month_of(month).within(statement.period)
        for part, price in statement.agreed.prices.of(terms[tariff_id]).within(dates):
            if isinstance(price.basis, VolumePrice) and price.gross is not None:
                step = price.basis.step
                following = _following(price.basis.version.steps, used)
                volume = Volume(
                    tariff=name,
                    dates=dates_text(part),
                    camera_months=months_text(used),
                    reached=months_text(step.camera_months if step else Fraction(0)),
                    price=Amount(price.gross, currency),
                    following=months_text(following.camera_months) if following else "",
                    following_price=Amount(following.amount, currency) if following else None,
                )
                yield (name, part), volume


def _following(steps: tuple[VolumeStep, ...], used: Fraction) -> VolumeStep | None:
    return min((each for each in steps if Fraction(each.camera_months) > used), default=None)
