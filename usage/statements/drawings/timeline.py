"""Prepare a timeline of the period: a row per camera of a page, a bar per charge."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rating.daily_costs import MAX_DAYS
from rating.money import in_major_units
from rating.periods import instant_of
from rating.pricing import Charge, Schedule
from tariffs.money import format_money
from usage.models import Camera
from usage.statements.charge_rows import html_id
from usage.statements.drawings.palette import Key
from usage.statements.drawings.scale import Scale, Tick, day_ticks, month_ticks, percent
from usage.statements.statement import Statement

# In percent. Without a minimum, a minute of usage would be invisible in a year; letters need room.
MIN_WIDTH = 0.3
MIN_WIDTH_FOR_LETTER = 4.0
# If a camera has more charges, the text of its row gives their sum.
MAX_LISTED_CHARGES = 6


class Bar(NamedTuple):
    """A bar for a charge. `free` are the positions and widths of its free time.

    `target` is the id of its table row, or "" if it is not on the page.
    """

    x: str
    width: str
    colour: int
    letter: str
    letter_x: str
    free: Sequence[tuple[str, str]]
    is_priced: bool
    follows: bool
    price_changes: bool
    text: str
    target: str


class TimelineRow(NamedTuple):
    """A camera with its wanted charges; `text` describes them, `target` is its bars' first one.

    `title` is empty if another organization has the camera now.
    """

    camera: Camera
    title: str
    bars: list[Bar]
    text: str
    target: str


class PriceMark(NamedTuple):
    """A price change of a tariff within the period; `before` is "" if there was no price."""

    key: Key
    before: str
    after: str
    day: date


@dataclass(frozen=True, slots=True)
class Timeline:
    """A timeline. `to_come` is the position and width of the time that is not counted yet."""

    rows: list[TimelineRow]
    keys: list[Key]
    price_changes: list[PriceMark]
    months: list[str]
    ticks: list[Tick]
    to_come: tuple[str, str] | None
    has_trial: bool
    has_suspended: bool
    has_unpriced: bool
    marks_prices: bool


def timeline_of(
    statement: Statement,
    charges: Iterable[Charge],
    shown: Iterable[Charge],
    cameras: Mapping[int, Camera],
    keys: Mapping[int, Key],
) -> Timeline:
    """Draw charges, ordered by camera; `shown` are those in the table of the page.

    `cameras` are by camera id, `keys` by tariff id.
    """
    drawer = _Drawer(statement, keys, {html_id(charge) for charge in shown})
    by_camera = [
        (camera_id, list(own)) for camera_id, own in groupby(charges, lambda each: each.camera_id)
    ]
    rows = [drawer.row(cameras[camera_id], own) for camera_id, own in by_camera]
    every = [charge for _id, own in by_camera for charge in own]
    used = {charge.rate.tariff_id for charge in every}
    return Timeline(
        rows=rows,
        keys=[key for tariff_id, key in keys.items() if tariff_id in used],
        price_changes=[
            change
            for tariff_id, key in keys.items()
            if tariff_id in used
            for change in _price_changes(statement.schedule, key)
        ],
        months=drawer.months,
        ticks=drawer.ticks(),
        to_come=drawer.to_come(),
        has_trial=any(charge.trial for charge in every),
        has_suspended=any(charge.suspended for charge in every),
        has_unpriced=any(charge.minor is None for charge in every),
        marks_prices=any(bar.price_changes for row in rows for bar in row.bars),
    )


def _price_changes(schedule: Schedule, key: Key) -> Iterator[PriceMark]:
    for earlier, later in pairwise(schedule.segments(key.tariff.pk)):
        before, after = earlier.rate, later.rate
        is_shown = later.starts_at > schedule.starts_at
        if is_shown and before.price != after.price and after.price is not None:
            currency = key.tariff.currency
            day = date.fromordinal(schedule.calendar.ordinal_at(later.starts_at))
            yield PriceMark(
                key,
                "" if before.price is None else format_money(before.price, currency),
                format_money(after.price, currency),
                day,
            )


class _Drawer:
    """Draw the charges of one statement."""

    def __init__(
        self, statement: Statement, keys: Mapping[int, Key], row_ids: Collection[str]
    ) -> None:
        self._row_ids = row_ids
        self._organization_ids = statement.source.organization_ids
        self._schedule = statement.schedule
        self._keys = keys
        calendar, period = statement.schedule.calendar, statement.period
        self._scale = Scale(calendar.start_of(period.start), calendar.start_of(period.end))
        number = (period.end - period.start).days
        self._days = [date.fromordinal(period.start.toordinal() + day) for day in range(number)]
        self.months = [percent(self._place(day)) for day in self._days[1:] if day.day == 1]

    def _place(self, day: date) -> float:
        return self._scale.place(self._schedule.calendar.start_of(day))

    def ticks(self) -> list[Tick]:
        """Return the dates to write below the timeline."""
        write = day_ticks if len(self._days) <= MAX_DAYS else month_ticks
        return write(self._days, lambda index: self._place(self._days[index]))

    def to_come(self) -> tuple[str, str] | None:
        """Return the part of the period after the last counted instant, or None."""
        now = max(self._schedule.ends_at, self._scale.starts_at)
        if now >= self._scale.ends_at:
            return None
        place = self._scale.place(now)
        return percent(place), percent(100 - place)

    def row(self, camera: Camera, charges: list[Charge]) -> TimelineRow:
        """Draw a camera's charges."""
        befores = [None, *charges]
        bars = [self._bar(charge, before) for before, charge in zip(befores, charges, strict=False)]
        target = next((bar.target for bar in bars if bar.target), "")
        title = camera.title_for(self._organization_ids)
        return TimelineRow(camera, title, bars, self._row_text(charges, bars), target)

    def _bar(self, charge: Charge, before: Charge | None) -> Bar:
        key, rate = self._keys[charge.rate.tariff_id], charge.rate
        x, width = self._span(charge.started_at, charge.ended_at)
        spans = self._schedule.free_time.within(charge.started_at, charge.ended_at)
        free = [self._span(*span) for span in spans] if charge.used > charge.billable else []
        follows = before is not None and before.ended_at == charge.started_at
        return Bar(
            x=percent(x),
            width=percent(width),
            colour=key.colour,
            letter=key.letter if width >= MIN_WIDTH_FOR_LETTER else "",
            letter_x=percent(x + width / 2),
            free=[(percent(x), percent(width)) for x, width in free],
            is_priced=charge.minor is not None,
            follows=follows,
            price_changes=before is not None
            and follows
            and before.rate.tariff_id == rate.tariff_id
            and before.rate.price != rate.price,
            text=self._text(charge, key),
            target=target if (target := html_id(charge)) in self._row_ids else "",
        )

    def _span(self, started_at: int, ended_at: int) -> tuple[float, float]:
        x = self._scale.place(started_at)
        width = max(self._scale.place(ended_at) - x, MIN_WIDTH)
        return min(x, 100 - width), width

    def _text(self, charge: Charge, key: Key) -> str:
        return _("%(tariff)s, %(start)s – %(end)s: %(amount)s") % {
            "tariff": key.tariff.name,
            "start": self._instant(charge.started_at),
            "end": self._instant(charge.ended_at),
            "amount": _("no price yet")
            if charge.amount is None
            else format_money(charge.amount.number, charge.amount.currency),
        }

    def _row_text(self, charges: list[Charge], bars: list[Bar]) -> str:
        """Return a description of what a row shows."""
        if len(charges) <= MAX_LISTED_CHARGES:
            return "; ".join(bar.text for bar in bars)
        sums: dict[tuple[str, int], int] = {}
        for charge in charges:
            kind = (charge.rate.currency, charge.rate.digits)
            sums[kind] = sums.get(kind, 0) + (charge.minor or 0)
        text = ngettext(
            "%(number)s charge, %(start)s – %(end)s: %(amount)s",
            "%(number)s charges, %(start)s – %(end)s: %(amount)s",
            len(charges),
        )
        return text % {
            "number": len(charges),
            "start": self._instant(charges[0].started_at),
            "end": self._instant(charges[-1].ended_at),
            "amount": " + ".join(
                format_money(in_major_units(minor, digits), currency)
                for (currency, digits), minor in sorted(sums.items())
            ),
        }

    def _instant(self, instant: int) -> str:
        return date_format(
            instant_of(instant, self._schedule.calendar.zone_at(instant)), "DATETIME_FORMAT"
        )


def row_id(charge: Charge) -> str:
    """Return the HTML id of a charge's row in the table."""
    return f"charge-{charge.camera_id}-{charge.started_at}"
