"""Write charges as the lines of usages.csv: the same bytes for a browser and for an invoice.

This is optimized for millions of charges: the parts of a line that depend on the camera or on the
rate are formatted once. docs/decisions/freezing.md states what that saves.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise, starmap

from foundation.lists.exports import csv_cell, csv_pairs, csv_rows, csv_text, trimmed
from rating.agreement.bills import Bill
from rating.agreement.lines import Line, Section
from rating.line_sums import LineSums
from rating.money import in_major_units
from rating.periods import Calendar, instant_of
from rating.pricing import Piece, Segment
from usage.statements.agreed_columns import agreed_cells, section_row
from usage.statements.charge_rows import USAGES_COLUMNS
from usage.statements.statement import Names, Statement


@cache
def heading_of(columns: Sequence[str]) -> bytes:
    """Return the first line of a file with these columns."""
    return ",".join(columns).encode() + b"\r\n"


AMOUNTS_KEPT = 16_384

_DAY = 24 * 60 * 60
_MINUTES = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(24 * 60)]
_SECONDS = [f":{second:02d}" for second in range(60)]


def _days(used: int) -> str:
    """Return seconds in days like `charge_rows.used_days`, in a tenth of its time."""
    whole, millionths = divmod((used * 1_000_000 + _DAY // 2) // _DAY, 1_000_000)
    return f"{whole}.{millionths:06d}".rstrip("0") if millionths else str(whole)


class Clock(dict[int, str]):
    """Format instants of a calendar like `isoformat`, in a quarter of its time, and cache them."""

    def __init__(self, calendar: Calendar) -> None:
        """Format every date and offset of the calendar once."""
        self._calendar = calendar
        self._starts = calendar.starts
        self._dates = [*starmap(self._date, pairwise(calendar.starts)), None]

    def _date(self, start: int, end: int) -> tuple[int, str, str] | None:
        """Return the start of a date, and the text before and after its times.

        Return None if a clock change makes the date longer or shorter than 24 hours.
        """
        text = self._slowly(start)
        return (start, text[:11], text[19:]) if end - start == _DAY else None

    def _slowly(self, instant: int) -> str:
        return instant_of(instant, self._calendar.zone_at(instant)).isoformat()

    def __missing__(self, instant: int) -> str:
        """Return an instant as a local date and time with the UTC offset."""
        date = self._dates[bisect_right(self._starts, instant) - 1]
        if date is None:
            text = self._slowly(instant)
        else:
            start, before, after = date
            second = instant - start
            text = f"{before}{_MINUTES[second // 60]}{_SECONDS[second % 60]}{after}"
        self[instant] = text
        return text


class _LineEnds(dict[int | None, str]):
    """Cache the ends of lines in a currency, which are amounts; the same amounts recur often."""

    def __init__(self, digits: int) -> None:
        self._digits = digits

    def __missing__(self, minor: int | None) -> str:
        if len(self) >= AMOUNTS_KEPT:
            self.clear()
        amount = None if minor is None else in_major_units(minor, self._digits)
        text = self[minor] = f"{csv_text(amount)},"
        return text


_line_ends_of = cache(_LineEnds)


# For the lines of one segment: the text before the instants, the text after the times, the line
# ends, the function that takes the lines, the one that returns used time in days, if it is written,
# and the text after that, if no time is suspended. A plain tuple is the fastest to unpack.
_SegmentTexts = tuple[str, str, _LineEnds, Callable[[str], None], Callable[[int], str] | None, str]


class ChargeLines(dict[Segment, _SegmentTexts]):
    """Write the charges of statements with one calendar, for usages.csv.

    If `apart`, write those of each currency separately, to freeze them. Statements with terms have
    more columns then, so they need an object of their own.
    """

    def __init__(self, statement: Statement, *, apart: bool) -> None:
        """Prepare for the calendar of a statement."""
        self._clock = Clock(statement.schedule.calendar)
        self._statement, self._apart = statement, apart
        self._lines: dict[str, list[str]] = {}

    def texts(
        self, statement: Statement, pieces: Iterable[Piece], names: Names
    ) -> dict[str, bytes]:
        """Return the lines of charges of a statement by currency code, or all under "".

        `names` are those of cameras by id, with their titles.
        """
        # Only statements with the same prices share segments.
        self._statement = statement
        organization, instants = csv_cell(statement.organization.title), self._clock
        cameras = dict(zip(names, csv_pairs(names.values()), strict=True))
        for camera_id, segment, start, stop, used, trial, suspended, before, minor in pieces:
            head, tail, ends, put, days, agreed = self[segment]
            # Most charges have nothing free: used and billable are equal, and formatted once.
            free = trial + suspended
            billable = str(used - free)
            put(
                f"{organization},{cameras[camera_id]}{head}{instants[start]},{instants[stop]},"
                f"{used if free else billable},{trial},{billable}{tail}{ends[minor]}{before}"
                f"{',' + days(used) if days else ''}"
                f"{f',{suspended}{agreed[2:]}' if suspended else agreed}\r\n"
            )
        # Few instants recur, and the cache would grow with the number of charges.
        instants.clear()
        return {currency: self._taken(lines) for currency, lines in self._lines.items() if lines}

    def _taken(self, lines: list[str]) -> bytes:
        text = "".join(lines).encode()
        lines.clear()
        return text

    def __missing__(self, segment: Segment) -> _SegmentTexts:
        rate = segment.rate
        price = None if rate.price is None else trimmed(rate.price, rate.digits)
        name = csv_cell(self._statement.tariff_names[rate.tariff_id])
        agreed = ""
        if not self._apart or self._statement.has_terms:
            cells = agreed_cells(self._statement, segment)
            agreed = "".join(f",{csv_text(cell)}" for cell in (0, *cells))
        texts = self[segment] = (
            f",{name},{rate.currency},{rate.month:%Y-%m},{csv_text(price)},",
            f",{rate.month_length},{'day' if rate.by_day else 'second'},",
            _line_ends_of(rate.digits),
            self._lines.setdefault(rate.currency if self._apart else "", []).append,
            None if self._apart else str if rate.by_day else _days,
            agreed,
        )
        return texts


def section_text(statement: Statement, bills: Iterable[Bill], columns: Sequence[str]) -> bytes:
    """Return the lines of what is not for cameras."""
    title, calendar = csv_cell(statement.organization.title), statement.schedule.calendar
    lines = (line for bill in bills for line in bill.lines if line.section is not Section.USAGE)
    return "".join(f"{title}{_after_title(calendar, line, columns)}" for line in lines).encode()


@lru_cache(maxsize=1024)
def _after_title(calendar: Calendar, line: Line, columns: Sequence[str]) -> str:
    """Return a line without its first cell, the title of the organization.

    Many organizations have the same fees.
    """
    (text,) = csv_rows([section_row(calendar, line, columns[1:])])
    return f",{text}"


def chunks(statement: Statement) -> Iterator[bytes]:
    """Yield usages.csv in parts; memory does not grow with the number of charges."""
    lines, sums = ChargeLines(statement, apart=False), LineSums()
    yield heading_of(USAGES_COLUMNS)
    for pieces, names in statement.named_pieces():
        if statement.has_terms:
            sums.add_all(pieces)
        yield from lines.texts(statement, pieces, names).values()
    if statement.has_terms:
        yield section_text(statement, statement.bills(sums.values()), USAGES_COLUMNS)
