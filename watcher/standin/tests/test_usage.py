"""The usage report: what a camera was at 00:00 UTC of each day."""

from typing import Any

import pytest

from watcher.standin.standin import StandIn
from watcher.standin.tests.callers import Callers, names, pages


@pytest.fixture
def empty(standin: StandIn) -> StandIn:
    """The stand-in without cameras, whose administrator stays signed in."""
    standin.sessions.access_life_seconds = 10**7
    for name in list(standin.state.names):
        standin.cameras.remove(name)
    return standin


def rows(callers: Callers, **query: str) -> list[tuple[Any, ...]]:
    """Return camera, organization, plan and days of each row."""
    answer = callers.admin.get("/usage/cameras", params=query).json()
    return [
        (row["stream_name"], row["account_id"], row["billing_plan_id"], row["from"], row["to"])
        for row in answer["usage"]
        if row["stream_name"] == "gate"
    ]


def test_a_day_has_what_the_camera_is_at_its_beginning(empty: StandIn, callers: Callers) -> None:
    one, other = list(empty.state.organizations)[:2]
    week, month = list(empty.state.presets)[:2]
    empty.clock.stop_at("2026-11-02T00:00:00Z")
    empty.cameras.add("gate", organization_id=one, preset_id=week)
    empty.clock.stop_at("2026-11-04T00:00:01Z")
    empty.cameras.change_preset("gate", preset_id=month)
    empty.clock.stop_at("2026-11-05T23:59:59Z")
    empty.cameras.change_preset("gate", preset_id=week)
    empty.clock.stop_at("2026-11-06T00:00:00Z")
    empty.cameras.change_preset("gate", preset_id=month)
    empty.clock.stop_at("2026-11-07T12:00:00Z")
    empty.cameras.move("gate", organization_id=other)
    empty.clock.stop_at("2026-11-09T00:00:00Z")
    empty.cameras.remove("gate")
    empty.clock.stop_at("2026-11-12T12:00:00Z")

    query = {"from": "2026-10-01", "to": "2026-11-30"}
    assert rows(callers, **query) == [
        ("gate", one, "7d", "2026-11-02", "2026-11-04"),
        ("gate", one, "30d", "2026-11-05", "2026-11-07"),
        ("gate", other, "30d", "2026-11-08", "2026-11-08"),
    ]
    part = {"from": "2026-11-04", "to": "2026-11-05"}
    assert [row[2:] for row in rows(callers, **part)] == [
        ("7d", "2026-11-04", "2026-11-04"),
        ("30d", "2026-11-05", "2026-11-05"),
    ]


def test_a_camera_between_two_midnights_is_never_in_it(empty: StandIn, callers: Callers) -> None:
    empty.clock.stop_at("2026-11-02T00:00:01Z")
    empty.cameras.add("gate", organization_id=next(iter(empty.state.organizations)))
    empty.clock.stop_at("2026-11-02T23:59:59Z")
    empty.cameras.remove("gate")
    empty.clock.stop_at("2026-11-05T00:00:00Z")
    assert rows(callers, **{"from": "2026-11-01", "to": "2026-11-05"}) == []


def test_yesterday_is_the_default(empty: StandIn, callers: Callers) -> None:
    empty.cameras.add("gate", organization_id=next(iter(empty.state.organizations)))
    empty.clock.stop_at("2026-11-05T10:00:00Z")
    assert [row[3:] for row in rows(callers)] == [("2026-11-04", "2026-11-04")]
    two_days = rows(callers, **{"from": "2026-11-03"})
    assert [row[3:] for row in two_days] == [("2026-11-03", "2026-11-04")]


def test_bad_days_are_refused(callers: Callers) -> None:
    for query in ({"from": "1.11.2026"}, {"from": "2026-11-05", "to": "2026-11-04"}):
        assert callers.admin.get("/usage/cameras", params=query).status_code == 400


def test_the_report_has_pages(standin: StandIn, callers: Callers) -> None:
    found = names(pages(callers.admin, "/usage/cameras", limit=5), "usage", "stream_name")
    assert found == standin.state.names


def test_only_administrators_see_it(callers: Callers) -> None:
    assert callers.owner.get("/usage/cameras").status_code == 403
