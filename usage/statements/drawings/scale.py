"""Position instants and dates in a drawing, and choose the dates to write below it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import pgettext

# The number of dates that fit side by side on a small screen.
MAX_TICKS = 5
MONTHS_A_YEAR = 12


class Tick(NamedTuple):
    """A date to write at `x`; `anchor` keeps it within the drawing."""

    x: str
    anchor: str
    text: str


class Scale:
    """Map the time from one instant to another to percentages of a width."""

    def __init__(self, starts_at: int, ends_at: int) -> None:
        self.starts_at = starts_at
        self.ends_at = ends_at

    def place(self, instant: int) -> float:
        """Return the position of an instant, from 0 to 100."""
        return 100 * (instant - self.starts_at) / (self.ends_at - self.starts_at)


def percent(value: float) -> str:
    """Return a position or length as an SVG percentage."""
    return f"{value:.3f}%"


def day_ticks(days: Sequence[date], place: Callable[[int], float]) -> list[Tick]:
    """Return ticks for some of these consecutive days, each at the place of its index."""
    steps = (step for step in (1, 2, 7, 14) if len(days) <= step * MAX_TICKS)
    step = next(steps, 28)
    # Translators: a date below a drawing, in Django's notation, as short as can be: 1 Oct
    pattern = pgettext("date format", "j M")
    return [
        _tick(place(index), date_format(days[index], pattern))
        for index in range(0, len(days), step)
    ]


def month_ticks(days: Sequence[date], place: Callable[[int], float]) -> list[Tick]:
    """Return ticks for some of the months that begin among `days`, each at its index's place."""
    months = [(index, day) for index, day in enumerate(days) if day.day == 1]
    steps = (step for step in (1, 2, 3, 6) if len(months) <= step * MAX_TICKS)
    step = next(steps, MONTHS_A_YEAR)
    # Translators: a month below a drawing, in Django's notation, as short as can be: Oct 2026
    pattern = "Y" if step == MONTHS_A_YEAR else pgettext("date format", "M Y")
    return [
        _tick(place(index), date_format(month, pattern))
        for index, month in months
        if (month.month - 1) % step == 0
    ]


def _tick(place: float, text: str) -> Tick:
    # Text at either end stays within the drawing.
    anchor = "start" if place < 1 else "end" if place > 97 else "middle"
    return Tick(percent(place), anchor, text)
