"""Test planning corrections, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage.corrections.plan import (
    Change,
    Correction,
    Plan,
    Problem,
    ProblemKind,
    Use,
    plan,
    steps,
)


def day(number: int) -> datetime:
    return datetime(2026, 9, 1, tzinfo=UTC) + timedelta(days=number - 1)


def use(pk: int, first: int, end: int | None, tariff: int = 1, organization: int = 1) -> Use:
    return Use(pk, 7, organization, tariff, day(first), day(end) if end else None)


# Used from the 1st to the 5th, the 9th and the 12th; then again from the 20th.
USES = [use(1, 1, 5), use(2, 5, 9, tariff=2), use(3, 9, 12), use(4, 20, None)]


def spans(found: Plan | Problem) -> list[tuple[int, int, int | None, int]]:
    """Return id, first day, end and tariff of each interval after the correction."""
    assert isinstance(found, Plan), found
    return [
        (each.id, each.started_at.day, each.ended_at.day if each.ended_at else None, each.tariff_id)
        for each in found.uses
    ]


@pytest.mark.parametrize(
    ("selected", "correction", "after"),
    [
        pytest.param(
            {2},
            Correction(started_at=day(6)),
            [(1, 1, 5, 1), (2, 6, 9, 2), (3, 9, 12, 1), (4, 20, None, 1)],
            id="a later start leaves a gap",
        ),
        pytest.param(
            {2},
            Correction(started_at=day(6), moves_neighbours=True),
            [(1, 1, 6, 1), (2, 6, 9, 2), (3, 9, 12, 1), (4, 20, None, 1)],
            id="the neighbour before moves along",
        ),
        pytest.param(
            {2},
            Correction(started_at=day(3), ended_at=day(11), moves_neighbours=True),
            [(1, 1, 3, 1), (2, 3, 11, 2), (3, 11, 12, 1), (4, 20, None, 1)],
            id="both neighbours move along",
        ),
        pytest.param(
            {3},
            Correction(ended_at=day(15), moves_neighbours=True),
            [(1, 1, 5, 1), (2, 5, 9, 2), (3, 9, 15, 1), (4, 20, None, 1)],
            id="what does not touch stays",
        ),
        pytest.param(
            {1, 3},
            Correction(tariff_id=9),
            [(1, 1, 5, 9), (2, 5, 9, 2), (3, 9, 12, 9), (4, 20, None, 1)],
            id="another tariff for several",
        ),
        pytest.param(
            {4},
            Correction(ended_at=day(25)),
            [(1, 1, 5, 1), (2, 5, 9, 2), (3, 9, 12, 1), (4, 20, 25, 1)],
            id="an end for what is in use",
        ),
        pytest.param({2, 4}, Correction(is_void=True), [(1, 1, 5, 1), (3, 9, 12, 1)], id="void"),
        pytest.param(
            {2},
            Correction(is_void=True, moves_neighbours=True),
            [(1, 1, 9, 1), (3, 9, 12, 1), (4, 20, None, 1)],
            id="the usage before takes over",
        ),
        pytest.param(
            {1, 2},
            Correction(is_void=True, moves_neighbours=True),
            [(3, 1, 12, 1), (4, 20, None, 1)],
            id="the usage after takes over if there is none before",
        ),
        pytest.param(
            {4},
            Correction(is_void=True, moves_neighbours=True),
            [(1, 1, 5, 1), (2, 5, 9, 2), (3, 9, 12, 1)],
            id="nothing touches it",
        ),
    ],
)
def test_corrects_the_selected_intervals(
    selected: set[int], correction: Correction, after: list[tuple[int, int, int | None, int]]
) -> None:
    assert spans(plan(USES, selected, correction)) == after


def test_usage_before_a_mistaken_change_is_open_again() -> None:
    mistaken = [use(1, 1, 5), use(2, 5, None, tariff=2, organization=2)]
    found = plan(mistaken, {2}, Correction(is_void=True, moves_neighbours=True))
    assert spans(found) == [(1, 1, None, 1)]


def test_the_last_interval_can_be_in_use_again() -> None:
    ended = [use(1, 1, 5), use(2, 5, 9)]
    assert spans(plan(ended, {2}, Correction(is_open=True))) == [(1, 1, 5, 1), (2, 5, None, 1)]


@pytest.mark.parametrize(
    ("selected", "correction", "kind", "other"),
    [
        ({2}, Correction(started_at=day(9)), ProblemKind.NOT_AFTER_START, 2),
        ({2}, Correction(is_open=True), ProblemKind.NOT_LAST, 3),
        ({2}, Correction(started_at=day(4)), ProblemKind.OVERLAP, 1),
        ({3}, Correction(ended_at=day(21), moves_neighbours=True), ProblemKind.OVERLAP, 4),
        (
            {2},
            Correction(started_at=day(1), moves_neighbours=True),
            ProblemKind.NEIGHBOUR_EMPTY,
            1,
        ),
        ({2}, Correction(ended_at=day(12), moves_neighbours=True), ProblemKind.NEIGHBOUR_EMPTY, 3),
        ({1, 2}, Correction(started_at=day(4)), ProblemKind.OVERLAP, 1),
    ],
)
def test_names_the_interval_that_prevents_a_correction(
    selected: set[int], correction: Correction, kind: ProblemKind, other: int
) -> None:
    found = plan(USES, selected, correction)
    assert isinstance(found, Problem)
    assert found.kind == kind
    assert {found.use.id, found.other.id} >= {other}


def test_a_change_says_whether_it_was_asked_for_and_whether_a_gap_remains() -> None:
    moved = plan(USES, {2}, Correction(started_at=day(6), moves_neighbours=True))
    gap = plan(USES, {2}, Correction(started_at=day(6)))
    assert isinstance(moved, Plan)
    assert isinstance(gap, Plan)
    assert [(each.before.id, each.is_neighbour) for each in moved.changes] == [
        (1, True),
        (2, False),
    ]
    assert [each.leaves_gap for each in moved.changes] == [False, False]
    assert [(each.before.id, each.leaves_gap) for each in gap.changes] == [(2, True)]


def test_what_is_already_so_is_not_a_change() -> None:
    found = plan(USES, {2}, Correction(started_at=day(5), tariff_id=2))
    assert isinstance(found, Plan)
    assert found.changes == []


@given(
    bounds=st.lists(st.integers(1, 28), min_size=4, max_size=12, unique=True).map(sorted),
    touching=st.booleans(),
    selected=st.sets(st.integers(0, 5)),
    start=st.none() | st.integers(1, 28),
    end=st.none() | st.integers(1, 28),
    is_void=st.booleans(),
    moves=st.booleans(),
)
def test_a_plan_never_overlaps_and_can_be_stored_step_by_step(
    bounds: list[int],
    touching: bool,
    selected: set[int],
    start: int | None,
    end: int | None,
    is_void: bool,
    moves: bool,
) -> None:
    pairs = (
        list(pairwise(bounds)) if touching else list(zip(bounds[::2], bounds[1::2], strict=False))
    )
    uses = [use(index, *pair) for index, pair in enumerate(pairs)]
    correction = Correction(
        is_void=is_void,
        started_at=None if start is None else day(start),
        ended_at=None if end is None else day(end),
        moves_neighbours=moves,
    )

    found = plan(uses, selected, correction)

    if isinstance(found, Plan):
        _check_disjoint(found.uses)
        stored = {each.id: each for each in uses}
        for change in found.changes:
            if change.after is None:
                del stored[change.before.id]
        for step in steps(found.changes):
            for each in step:
                stored[each.id] = each
                _check_disjoint(list(stored.values()))
        assert sorted(stored.values()) == sorted(found.uses)


def _check_disjoint(uses: Sequence[Use]) -> None:
    in_order = sorted(uses, key=lambda each: each.started_at)
    for earlier, later in pairwise(in_order):
        assert earlier.ended_at is not None
        assert earlier.ended_at <= later.started_at


def test_cameras_are_stored_together_in_few_steps() -> None:
    changes = [
        Change(each._replace(camera_id=camera), each._replace(camera_id=camera, ended_at=day(6)))
        for camera in range(3)
        for each in [use(camera, 1, 5)]
    ]
    assert [len(step) for step in steps(changes)] == [3]
