"""Charges as the lines of usages.csv, for a browser or for an invoice: the same bytes to both.

Written for millions: a line is put together from texts of which its camera's and its rate's are
made once. docs/decisions/freezing.md has what that saves.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, starmap
from typing import Self
from zoneinfo import ZoneInfo

from billing_admin.exports import csv_cell, csv_text, trimmed
from usage.pricing import Calendar, Piece, Rate, in_major_units, instant_of
from usage.rows import EXPORT_COLUMNS
from usage.statements import Names, Statement

HEADING = ",".join(EXPORT_COLUMNS).encode() + b"\r\n"
# Where rates begin and end is met again and again; where a charge ends, its camera's next begins.
INSTANTS_KEPT = 64
AMOUNTS_KEPT = 16_384

_DAY = 24 * 60 * 60
_MINUTES = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(24 * 60)]
_SECONDS = [f":{second:02d}" for second in range(60)]


@dataclass(frozen=True, slots=True)
class _RateTexts:
    """What every line of a rate has: before its instants, and after its times."""

    rate: Rate
    before: str
    after: str

    @classmethod
    def of(cls, rate: Rate, tariff_name: str) -> Self:
        price = None if rate.price is None else trimmed(rate.price, rate.digits)
        before = (csv_cell(tariff_name), rate.currency, f"{rate.month:%Y-%m}", csv_text(price))
        after = (str(rate.month_length), "day" if rate.by_day else "second")
        return cls(rate, ",".join(before), ",".join(after))


class Clock:
    """Says instants as `isoformat` does, in a quarter of its time."""

    def __init__(self, calendar: Calendar, zone: ZoneInfo) -> None:
        """Say every date and offset of the calendar once."""
        self._zone = zone
        self._starts = calendar.starts
        self._dates = [*starmap(self._date, pairwise(calendar.starts)), None]

    def _date(self, start: int, end: int) -> tuple[int, str, str] | None:
        """Return a date's start, and what stands before and after its times.

        None where it lasts longer or shorter than a day: the clock is changed in it.
        """
        text = instant_of(start, self._zone).isoformat()
        return (start, text[:11], text[19:]) if end - start == _DAY else None

    def text(self, instant: int) -> str:
        """Return an instant of the calendar as local date and time with the offset."""
        date = self._dates[bisect_right(self._starts, instant) - 1]
        if date is None:
            return instant_of(instant, self._zone).isoformat()
        start, before, after = date
        minute, second = divmod(instant - start, 60)
        return f"{before}{_MINUTES[minute]}{_SECONDS[second]}{after}"


class ChargeLines:
    """Writes a statement's charges."""

    def __init__(self, statement: Statement) -> None:
        clock = Clock(statement.schedule.calendar, statement.organization.zone)
        self._organization = csv_cell(statement.organization.title)
        self._tariffs = statement.tariff_names
        # By the id of a rate, which takes long to hash.
        self._rates: dict[int, _RateTexts] = {}
        self._instant = lru_cache(INSTANTS_KEPT)(clock.text)

    def text(self, pieces: Iterable[Piece], names: Names) -> bytes:
        """Return the lines of charges, whose cameras' names and titles are given by id."""
        instant, last_camera_id, camera, lines = self._instant, None, "", []
        for camera_id, rate, start, stop, used, trial, minor in pieces:
            if camera_id != last_camera_id:
                last_camera_id, (name, title) = camera_id, names[camera_id]
                camera = f"{self._organization},{csv_cell(name)},{csv_cell(title)}"
            texts = self._rates.get(id(rate)) or self._texts(rate)
            amount = "" if minor is None else amount_text(minor, rate.digits)
            lines.append(
                f"{camera},{texts.before},{instant(start)},{instant(stop)},"
                f"{used},{trial},{used - trial},{texts.after},{amount}\r\n"
            )
        return "".join(lines).encode()

    def _texts(self, rate: Rate) -> _RateTexts:
        texts = self._rates[id(rate)] = _RateTexts.of(rate, self._tariffs[rate.tariff_id])
        return texts


@lru_cache(AMOUNTS_KEPT)
def amount_text(minor: int, digits: int) -> str:
    """Return an amount with the places of its currency."""
    return csv_text(in_major_units(minor, digits))


def chunks(statement: Statement) -> Iterator[bytes]:
    """Yield usages.csv in parts, in memory that does not grow with the charges."""
    lines = ChargeLines(statement)
    yield HEADING
    for pieces, names in statement.named_pieces():
        yield lines.text(pieces, names)
