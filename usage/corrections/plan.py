"""Plan a correction of usage intervals. Pure: no database, no clock.

A correction changes the selected intervals of a camera, or voids them. An interval that touches a
selected one is its neighbour. It moves along only on request; otherwise a gap remains.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import groupby, pairwise
from typing import NamedTuple


class Use(NamedTuple):
    """A usage interval, stored or planned."""

    id: int
    camera_id: int
    organization_id: int
    tariff_id: int
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Correction:
    """What to do with each selected interval; None leaves a value as it is.

    A voided interval is removed. With `moves_neighbours`, its time passes to the interval that it
    touches, the earlier one if there are two. `is_open` removes the end.
    """

    is_void: bool = False
    started_at: datetime | None = None
    ended_at: datetime | None = None
    is_open: bool = False
    tariff_id: int | None = None
    moves_neighbours: bool = False

    def of(self, use: Use) -> Use:
        """Return the corrected interval."""
        return use._replace(
            started_at=self.started_at or use.started_at,
            ended_at=None if self.is_open else self.ended_at or use.ended_at,
            tariff_id=self.tariff_id or use.tariff_id,
        )


class Change(NamedTuple):
    """An interval before and after; `after` is None if it is removed.

    `is_neighbour` is true if it was not selected but moves along. `leaves_gap` is true if an
    interval touched it and no longer does.
    """

    before: Use
    after: Use | None
    is_neighbour: bool = False
    leaves_gap: bool = False


class ProblemKind(Enum):
    """Why a correction is not possible."""

    NOT_AFTER_START = "it would not end after its start"
    NOT_LAST = "it would not end, and `other` is later"
    OVERLAP = "it would overlap `other`"
    NEIGHBOUR_EMPTY = "`other`, its neighbour, would have no time left"


class Problem(NamedTuple):
    """Why a correction of the interval `use` is not possible; `other` is another of its camera."""

    kind: ProblemKind
    use: Use
    other: Use


class Plan(NamedTuple):
    """A camera's intervals after a correction, and what changes, both in order of time."""

    uses: Sequence[Use]
    changes: Sequence[Change]


class _Refused(Exception):
    def __init__(self, kind: ProblemKind, use: Use, other: Use) -> None:
        super().__init__(kind)
        self.problem = Problem(kind, use, other)


def plan(uses: Sequence[Use], selected: Collection[int], correction: Correction) -> Plan | Problem:
    """Correct the intervals of one camera whose ids are `selected`.

    `uses` are all intervals of the camera, in order of time.
    """
    after: dict[int, Use] = {use.id: use for use in uses}
    try:
        if correction.is_void:
            for run in _runs(uses, selected):
                _void(uses, run, after, correction)
        else:
            for index, use in enumerate(uses):
                if use.id in selected:
                    _change(uses, index, selected, after, correction)
        left = sorted(after.values(), key=lambda use: use.started_at)
        _refuse_overlap(left, selected)
    except _Refused as refused:
        return refused.problem
    return Plan(left, list(_changes(uses, after, selected)))


def steps(changes: Iterable[Change]) -> list[list[Use]]:
    """Return the changed intervals in groups, to be stored one after the other.

    `changes` are in order of camera. The database refuses overlaps after each row: an interval is
    stored once those that had its time have left it.
    """
    groups: list[list[Use]] = []
    for _camera, together in groupby(changes, key=lambda change: change.before.camera_id):
        left = [(each.before, each.after) for each in together if each.after is not None]
        step = 0
        while left:
            # Few of thousands: an interval that keeps its times is in nobody's way.
            leaving = [before for before, after in left if _times(before) != _times(after)]
            # Never empty: only the neighbours of one corrected interval move, all to one side.
            now = {
                before.id: after
                for before, after in left
                if not any(other is not before and _overlap(after, other) for other in leaving)
            }
            if step == len(groups):
                groups.append([])
            groups[step] += now.values()
            left = [each for each in left if each[0].id not in now]
            step += 1
    return groups


def _times(use: Use) -> tuple[datetime, datetime | None]:
    return use.started_at, use.ended_at


def _overlap(use: Use, other: Use) -> bool:
    return (other.ended_at is None or use.started_at < other.ended_at) and (
        use.ended_at is None or other.started_at < use.ended_at
    )


def _runs(uses: Sequence[Use], selected: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last index of each run of selected intervals that touch."""
    first: int | None = None
    for index, use in enumerate(uses):
        if use.id not in selected:
            continue
        if first is None:
            first = index
        if index + 1 == len(uses) or not (
            uses[index + 1].id in selected and _touch(use, uses[index + 1])
        ):
            yield first, index
            first = None


def _touch(earlier: Use, later: Use) -> bool:
    return earlier.ended_at == later.started_at


def _void(
    uses: Sequence[Use], run: tuple[int, int], after: dict[int, Use], correction: Correction
) -> None:
    first, last = run
    for use in uses[first : last + 1]:
        del after[use.id]
    if not correction.moves_neighbours:
        return
    if first and _touch(uses[first - 1], uses[first]):
        heir = after[uses[first - 1].id]
        after[heir.id] = heir._replace(ended_at=uses[last].ended_at)
    elif last + 1 < len(uses) and _touch(uses[last], uses[last + 1]):
        heir = after[uses[last + 1].id]
        after[heir.id] = heir._replace(started_at=uses[first].started_at)


def _change(
    uses: Sequence[Use],
    index: int,
    selected: Collection[int],
    after: dict[int, Use],
    correction: Correction,
) -> None:
    use = uses[index]
    after[use.id] = new = correction.of(use)
    if new.ended_at is not None and new.ended_at <= new.started_at:
        raise _Refused(ProblemKind.NOT_AFTER_START, new, new)
    if new.ended_at is None and index + 1 < len(uses):
        raise _Refused(ProblemKind.NOT_LAST, use, uses[index + 1])
    if not correction.moves_neighbours:
        return
    if index and _touch(uses[index - 1], use) and uses[index - 1].id not in selected:
        earlier = after[uses[index - 1].id]
        _move(after, use, earlier, earlier._replace(ended_at=new.started_at))
    if (
        index + 1 < len(uses)
        and _touch(use, uses[index + 1])
        and uses[index + 1].id not in selected
        and new.ended_at is not None
    ):
        later = after[uses[index + 1].id]
        _move(after, use, later, later._replace(started_at=new.ended_at))


def _move(after: dict[int, Use], use: Use, neighbour: Use, moved: Use) -> None:
    if moved.ended_at is not None and moved.ended_at <= moved.started_at:
        raise _Refused(ProblemKind.NEIGHBOUR_EMPTY, use, neighbour)
    after[neighbour.id] = moved


def _refuse_overlap(uses: Sequence[Use], selected: Collection[int]) -> None:
    for earlier, later in pairwise(uses):
        if _overlap(earlier, later):
            use, other = (later, earlier) if later.id in selected else (earlier, later)
            raise _Refused(ProblemKind.OVERLAP, use, other)


def _changes(
    uses: Sequence[Use], after: dict[int, Use], selected: Collection[int]
) -> Iterator[Change]:
    starts = {use.started_at for use in after.values()}
    ends = {use.ended_at for use in after.values()}
    touching = {pair for pair in pairwise(uses) if _touch(*pair)}
    for index, use in enumerate(uses):
        new = after.get(use.id)
        if new == use:
            continue
        leaves_gap = new is not None and (
            (index > 0 and (uses[index - 1], use) in touching and new.started_at not in ends)
            or (
                index + 1 < len(uses)
                and (use, uses[index + 1]) in touching
                and new.ended_at not in starts
            )
        )
        yield Change(use, new, use.id not in selected, leaves_gap)
