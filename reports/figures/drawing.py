"""Draw stored figures as columns, which templates/reports/home/_columns.html shows as SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from usage.statements.drawings.charts import COLUMN_SHARE, round_top
from usage.statements.drawings.scale import Tick, percent

Number = Decimal | int


class Series(NamedTuple):
    """The values drawn in one colour, one for each column. Those that are `lost` go down."""

    name: str
    letter: str
    colour: int
    values: Sequence[Number]
    is_lost: bool = False


class Rectangle(NamedTuple):
    """The part of a column that belongs to one series; places and lengths are percentages."""

    x: str
    y: str
    width: str
    height: str
    colour: int
    text: str


class Row(NamedTuple):
    """A column as a row of the table after the drawing."""

    text: str
    values: list[str]


class Drawing(NamedTuple):
    """What is drawn in one system of coordinates, and its table.

    `labels` stand at the top, in the middle and at the bottom of the scale.
    """

    slug: str
    title: str
    series: Sequence[Series]
    rectangles: list[Rectangle]
    ticks: list[Tick]
    labels: tuple[str, str, str]
    first_heading: str
    headings: list[str]
    rows: list[Row]
    note: str = ""


class Columns(NamedTuple):
    """The columns of a drawing: the heading of their names, the names, and what stands below."""

    heading: str
    texts: Sequence[str]
    ticks: list[Tick]


def drawing_of(
    slug: str,
    title: str,
    columns: Columns,
    series: Sequence[Series],
    unit: Decimal,
    write: Callable[[Decimal], str],
) -> Drawing:
    """Draw series of values that are multiples of `unit`; `write` formats a value."""
    top = _top_of(series, unit)
    is_signed = any(each.is_lost for each in series)
    middle, bottom = (Decimal(0), -top) if is_signed else (top / 2, Decimal(0))

    def written(each: Series, index: int) -> str:
        value = each.values[index]
        return write(Decimal(-value if each.is_lost else value)) if value else "–"

    return Drawing(
        slug,
        title,
        series if len(series) > 1 else [],
        list(_rectangles_of(series, columns.texts, top, write)),
        columns.ticks,
        (write(top), write(middle), write(bottom)),
        columns.heading,
        [each.name for each in series],
        [
            Row(text, [written(each, index) for each in series])
            for index, text in enumerate(columns.texts)
        ],
    )


def _rectangles_of(
    series: Sequence[Series], texts: Sequence[str], top: Decimal, write: Callable[[Decimal], str]
) -> Iterator[Rectangle]:
    """Stack the series of each column: up from 0, and those that are lost down from it.

    `top` is the value at the top. If something can be lost, 0 is in the middle, else at the bottom.
    """
    is_signed = any(each.is_lost for each in series)
    scale = (50 if is_signed else 100) / float(top)
    width = 100 / len(texts)
    for index, text in enumerate(texts):
        up = down = 50.0 if is_signed else 100.0
        for each in series:
            height = float(each.values[index]) * scale
            if not height:
                continue
            y = down if each.is_lost else up - height
            up, down = (up, down + height) if each.is_lost else (up - height, down)
            yield Rectangle(
                x=percent(width * (index + (1 - COLUMN_SHARE) / 2)),
                y=percent(y),
                width=percent(width * COLUMN_SHARE),
                height=percent(height),
                colour=each.colour,
                text=f"{text}, {each.name}: {write(Decimal(each.values[index]))}",
            )


def _top_of(series: Sequence[Series], unit: Decimal) -> Decimal:
    """Return a round value in multiples of `unit` that no column exceeds in either direction."""
    heights = [
        sum(values, Decimal(0))
        for is_lost in (False, True)
        for values in zip(*(each.values for each in series if each.is_lost is is_lost), strict=True)
    ]
    return round_top(int(max(heights, default=Decimal(0)) / unit)) * unit


def places_of(days: Sequence[date]) -> Callable[[int], float]:
    """Return the place of the middle of each column, from 0 to 100."""
    return lambda index: 100 * (index + 0.5) / len(days)
