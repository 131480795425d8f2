"""The usage report: which camera had which preset at 00:00 UTC of each day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from watcher.standin.state.records import Span
from watcher.standin.state.state import State

_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class UsageRow:
    """A camera's days with one organization and preset; both days are inclusive."""

    name: str
    organization_id: int
    preset_id: int
    first_day: date
    last_day: date


class UsageReport:
    """Rows computed from the history of cameras, kept until something changes."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._kept: tuple[tuple[int, date, date, object], list[UsageRow]] | None = None

    def rows(self, first_day: date, last_day: date) -> list[UsageRow]:
        """Return the rows of some days, both inclusive, by name and day.

        A day counts for a camera that exists at its beginning in UTC, with what it has then.
        """
        switches = self._state.switches
        today = datetime.fromtimestamp(self._state.clock.now_s(), UTC).date()
        last_day = min(last_day, today - timedelta(days=switches.usage_delay_days))
        if switches.usage_reach_days:
            first_day = max(first_day, today - timedelta(days=switches.usage_reach_days))
        asked = (self._state.revision, first_day, last_day, switches.usage_of_disabled)
        if self._kept is None or self._kept[0] != asked:
            self._kept = (asked, self._computed(first_day, last_day))
        return self._kept[1]

    def _computed(self, first_day: date, last_day: date) -> list[UsageRow]:
        if last_day < first_day:
            return []
        first, last = _midnight(first_day), _midnight(last_day)
        state = self._state
        rows = []
        for name in state.names_with_past():
            row: UsageRow | None = None
            for span in state.spans(name):
                days = self._days(span, first, last)
                if days is None:
                    continue
                new = UsageRow(name, span.organization_id, span.preset_id, *days)
                if row and _continues(row, new):
                    new = UsageRow(
                        name, row.organization_id, row.preset_id, row.first_day, new.last_day
                    )
                elif row:
                    rows.append(row)
                row = new
            if row:
                rows.append(row)
        return rows

    def _days(self, span: Span, first: int, last: int) -> tuple[date, date] | None:
        """Return the first and the last day whose beginning lies in the span."""
        if span.disabled and self._state.switches.usage_of_disabled == "left out":
            return None
        begins = max(first, -(-span.started_at // _DAY) * _DAY)
        ended_at = self._state.clock.now_ms() + 1 if span.ended_at is None else span.ended_at
        ends = min(last, -(-ended_at // _DAY) * _DAY - _DAY)
        return (_day(begins), _day(ends)) if begins <= ends else None


def _continues(row: UsageRow, new: UsageRow) -> bool:
    same = (row.organization_id, row.preset_id) == (new.organization_id, new.preset_id)
    return same and new.first_day == row.last_day + timedelta(days=1)


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000


def _day(instant: int) -> date:
    return datetime.fromtimestamp(instant // 1000, UTC).date()
