"""Which colour and which letter stands for a tariff, the same in all drawings of a statement."""

from collections.abc import Iterable, Sequence
from string import ascii_uppercase
from typing import NamedTuple

from rating.totals import ChargeSum, Totals
from tariffs.models import Tariff

# As many as can be told apart, also by the colour-blind: .tariff-1 and so on in site.css.
COLOURS = 8
OTHER = 0


class Key(NamedTuple):
    """A tariff's letter, and its colour from 1 to `COLOURS`, or `OTHER`."""

    tariff: Tariff
    letter: str
    colour: int


def keys_of(tariffs: Sequence[Tariff], totals: Totals) -> dict[int, Key]:
    """Give each tariff of a statement its key, by id: letters in the order given.

    Where there are more tariffs than colours, those with the largest share of their currency's
    total have one. A tariff keeps its colour from statement to statement, unless another has it.
    """
    of_all = totals.all
    dearest = sorted(
        (tariff.pk for tariff in tariffs),
        key=lambda pk: _share(totals.by_tariff[pk], of_all),
        reverse=True,
    )
    colours = _colours(sorted(dearest[:COLOURS]))
    return {
        tariff.pk: Key(tariff, _letter(index), colours.get(tariff.pk, OTHER))
        for index, tariff in enumerate(tariffs)
    }


def _share(part: ChargeSum, of_all: ChargeSum) -> float:
    """Return how much of its currency's total a tariff has; it has one currency."""
    return max(minor / (of_all.minor[currency] or 1) for currency, minor in part.minor.items())


def _colours(tariff_ids: Iterable[int]) -> dict[int, int]:
    free = list(range(1, COLOURS + 1))
    colours = {}
    for tariff_id in tariff_ids:
        liked = tariff_id % COLOURS or COLOURS
        colours[tariff_id] = liked if liked in free else free[0]
        free.remove(colours[tariff_id])
    return colours


def _letter(index: int) -> str:
    return ascii_uppercase[index] if index < len(ascii_uppercase) else str(index + 1)
