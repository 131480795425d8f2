"""The control interface: what other processes change in the stand-in, over HTTP."""

import httpx
import pytest

from watcher.standin.standin import StandIn
from watcher.standin.state.switches import positions_of_switches
from watcher.standin.tests.callers import Callers


def run(standin: StandIn, command: str, **arguments: object) -> httpx.Response:
    """Run a command."""
    return httpx.post(f"{standin.control_base}/{command}", json=arguments)


def shown(standin: StandIn, what: str, **query: str) -> object:
    """Return what the control interface shows."""
    answer = httpx.get(f"{standin.control_base}/{what}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_camera_is_changed_from_another_process(standin: StandIn) -> None:
    name = standin.state.names[0]
    answer = run(standin, "cameras.change", name=name, title="New", disabled=True)
    assert (answer.status_code, answer.json()["title"]) == (200, "New")
    assert standin.state.cameras[name].disabled is True
    spans = shown(standin, "spans", name=name)
    assert isinstance(spans, list)
    assert spans[-1]["disabled"] is True
    assert spans[-1]["started_at"] == standin.clock.now_ms()
    pk = standin.state.cameras[name].organization_id
    member = run(standin, "organizations.add_member", pk=pk, user_id=2, rights=["can_edit_users"])
    assert member.status_code == 200
    assert standin.state.organizations[pk].members[2] == {"can_edit_users"}


def test_clock_sessions_and_switches_are_set(standin: StandIn, callers: Callers) -> None:
    run(standin, "clock.stop_at", instant="2026-12-01T00:00:00+01:00")
    run(standin, "clock.set_offset", seconds=90)
    assert standin.clock.now_ms() == 1796079690000
    run(standin, "sessions.set", access_life_seconds=5)
    assert standin.sessions.access_life_seconds == 5
    assert run(standin, "switches.set", version=25).status_code == 200
    positions = shown(standin, "switches")
    assert isinstance(positions, dict)
    assert positions.keys() == positions_of_switches().keys()
    assert positions["version"] == {"is": 25, "positions": [26, 25]}


def test_errors_are_ordered_and_calls_read(standin: StandIn, callers: Callers) -> None:
    run(standin, "faults.order", kind="unavailable", calls=1, path="/streams")
    assert callers.admin.get("/streams").status_code == 503
    faults = shown(standin, "faults")
    assert isinstance(faults, list)
    assert faults[0]["happened"] == 1
    calls = shown(standin, "calls", path="/streams")
    assert isinstance(calls, list)
    assert [(one["status"], one["fault"]) for one in calls] == [(503, "unavailable")]
    run(standin, "calls.clear")
    assert shown(standin, "calls") == []


def test_something_happens_between_two_pages(standin: StandIn, callers: Callers) -> None:
    name = standin.state.names[0]
    run(standin, "pages.before", page=2, do="cameras.remove", arguments={"name": name})
    first = callers.admin.get("/streams", params={"limit": "5"}).json()
    assert name in standin.state.cameras
    callers.admin.get("/streams", params={"limit": "5", "cursor": first["next"]})
    assert name not in standin.state.cameras


@pytest.mark.parametrize(
    ("command", "arguments", "status"),
    [
        ("cameras.change", {"name": "nowhere"}, 404),
        ("cameras.change", {"name": "lindenhof-eg/cam-0001", "preset_id": 10**6}, 400),
        ("cameras.change", {"name": "lindenhof-eg/cam-0001", "nonsense": 1}, 400),
        ("cameras.nonsense", {}, 404),
        ("organizations.add", {"title": "New", "nonsense": 1}, 400),
        ("organizations.add", {}, 400),
        ("switches.set", {"version": 24}, 400),
        ("sessions.set", {"nonsense": 1}, 400),
        ("faults.order", {"kind": "nonsense"}, 400),
        ("pages.before", {"page": 2, "do": "nonsense", "arguments": {}}, 400),
        ("clock.stop_at", {"instant": "2026-12-01T00:00:00"}, 400),
    ],
)
def test_what_cannot_be_done_is_refused_and_changes_nothing(
    standin: StandIn, command: str, arguments: dict[str, object], status: int
) -> None:
    before = (standin.state.revision, len(standin.state.organizations), standin.clock.now_ms())
    answer = run(standin, command, **arguments)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]
    after = (standin.state.revision, len(standin.state.organizations), standin.clock.now_ms())
    assert after == before


def test_secrets_are_not_shown(standin: StandIn) -> None:
    users = shown(standin, "users")
    assert isinstance(users, list)
    assert len(users) == len(standin.state.users)
    assert not {"password", "apikey"} & users[0].keys()


def test_the_control_interface_is_for_this_machine(standin: StandIn) -> None:
    address = f"{standin.control_base}/cameras.remove"
    name = standin.state.names[0]
    for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
        answer = httpx.post(address, json={"name": name}, headers=headers)
        assert answer.status_code == 403
    assert name in standin.state.cameras
