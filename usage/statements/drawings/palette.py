"""Choose a colour and a letter for each tariff, the same in all drawings of a statement."""

from collections.abc import Iterable, Sequence
from string import ascii_uppercase
from typing import NamedTuple

from rating.totals import ChargeSum, Totals
from tariffs.models import Tariff

# As many colours as people can distinguish, including colour-blind people; in site.css, these are
# .tariff-1 and so on.
COLOURS = 8
OTHER = 0


class Key(NamedTuple):
    """A tariff's letter, and its colour from 1 to `COLOURS`, or `OTHER`."""

    tariff: Tariff
    letter: str
    colour: int


def keys_of(tariffs: Sequence[Tariff], totals: Totals) -> dict[int, Key]:
    """Return the key of each tariff of a statement, by id; letters follow the order given.

    If there are more tariffs than colours, those with the largest shares of their currencies'
    totals get a colour. A tariff has the same colour in every statement, unless it is taken.
    """
    of_all = totals.all
    most_expensive = sorted(
        (tariff.pk for tariff in tariffs),
        key=lambda pk: _share(totals.by_tariff[pk], of_all),
        reverse=True,
    )
    colours = _colours(sorted(most_expensive[:COLOURS]))
    return {
        tariff.pk: Key(tariff, _letter(index), colours.get(tariff.pk, OTHER))
        for index, tariff in enumerate(tariffs)
    }


def _share(part: ChargeSum, of_all: ChargeSum) -> float:
    """Return a tariff's share of the total in its only currency."""
    return max(minor / (of_all.minor[currency] or 1) for currency, minor in part.minor.items())


def _colours(tariff_ids: Iterable[int]) -> dict[int, int]:
    free = list(range(1, COLOURS + 1))
    colours = {}
    for tariff_id in tariff_ids:
        preferred = tariff_id % COLOURS or COLOURS
        colours[tariff_id] = preferred if preferred in free else free[0]
        free.remove(colours[tariff_id])
    return colours


def _letter(index: int) -> str:
    return ascii_uppercase[index] if index < len(ascii_uppercase) else str(index + 1)
