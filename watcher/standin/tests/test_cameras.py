"""Cameras: what is done with them, and what is seen of it."""

from typing import Any

import pytest

from watcher.standin.standin import StandIn
from watcher.standin.state.records import Span
from watcher.standin.tests.callers import Callers, at

NOON = 1793534400000


@pytest.fixture
def first(standin: StandIn) -> str:
    """The name of the first camera, which is neither disabled nor adjustable."""
    name = standin.state.names[0]
    standin.cameras.change(
        name, preset_id=next(iter(standin.state.presets)), disabled=False, by="seed"
    )
    standin.clock.advance(seconds=60)
    return name


def seen(callers: Callers, name: str) -> dict[str, Any]:
    """Return a camera as the admin scope shows it."""
    answer = callers.admin.get(at(name))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_put_makes_a_camera_or_changes_it(standin: StandIn, callers: Callers) -> None:
    organization, preset = (
        list(x)[1] for x in (standin.state.organizations, standin.state.presets)
    )
    assert callers.admin.get(at("new/one")).status_code == 404
    body = {"title": "New", "organization": {"id": organization}, "preset": {"id": preset}}
    made = callers.admin.put(at("new/one"), json=body)
    assert made.status_code == 200
    assert made.json()["created_at"] == NOON
    assert made.json()["last_change"] == {"created_at": NOON, "user": "admin"}

    standin.clock.advance(seconds=1.5)
    changed = callers.admin.put(at("new/one"), json={"title": "Newer"}).json()
    assert changed["title"] == "Newer"
    assert changed["preset"]["id"] == preset
    assert changed["created_at"] == NOON
    assert changed["last_change"]["created_at"] == NOON + 1500


@pytest.mark.parametrize("change", ["title", "organization", "preset", "disabled"])
def test_each_change_moves_the_last_change(
    standin: StandIn, callers: Callers, first: str, change: str
) -> None:
    camera = standin.state.cameras[first]
    other = next(pk for pk in standin.state.organizations if pk != camera.organization_id)
    bodies: dict[str, dict[str, Any]] = {
        "title": {"title": "Other"},
        "organization": {"organization": {"id": other}},
        "preset": {"preset": {"id": list(standin.state.presets)[1]}},
        "disabled": {"disabled": True},
    }
    body = bodies[change]
    before = seen(callers, first)
    answer = callers.client.put(at(first), json=body)
    assert answer.status_code == 200, answer.text
    after = seen(callers, first)
    assert after != before
    assert after["last_change"] == {"created_at": standin.clock.now_ms(), "user": "billing"}
    standin.clock.advance(seconds=60)
    callers.client.put(at(first), json=body)
    assert seen(callers, first)["last_change"] == after["last_change"]


def test_a_name_never_changes(callers: Callers, first: str) -> None:
    before = seen(callers, first)
    answer = callers.admin.put(at(first), json={"name": "other", "title": "Other"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["source"]["pointer"] == "/name"
    assert seen(callers, first) == before


def test_what_is_not_adjustable_stays_without_a_word(
    standin: StandIn, callers: Callers, first: str
) -> None:
    before = seen(callers, first)
    body = {"dvr": {"expiration": 3600}, "vision": {"alg": "faces"}}
    answer = callers.admin.put(at(first), json=body)
    assert answer.status_code == 200
    assert answer.json()["dvr"] == before["dvr"]
    assert "vision" not in answer.json()
    adjustable = list(standin.state.presets)[-1]
    callers.admin.put(at(first), json={"preset": {"id": adjustable}, **body})
    after = seen(callers, first)
    assert after["dvr"]["expiration"] == 3600
    assert after["vision"] == {"alg": "faces"}


def test_reset_replaces_the_whole(callers: Callers, first: str) -> None:
    callers.admin.put(at(first), json={"comment": "Behind the mill", "disabled": True})
    body = {"title": "Only this", "$reset": True}
    after = callers.admin.put(at(first), json=body).json()
    assert (after["title"], after["comment"], after["disabled"]) == ("Only this", "", False)


def test_the_past_is_kept_to_the_millisecond(standin: StandIn, first: str) -> None:
    camera = standin.state.cameras[first]
    organization, preset = camera.organization_id, camera.preset_id
    made_at = camera.created_at
    other = list(standin.state.presets)[1]
    standin.cameras.disable(first)
    disabled_at = standin.clock.now_ms()
    standin.clock.advance(seconds=0.25)
    standin.cameras.change(first, preset_id=other, disabled=False)
    standin.cameras.rename(first, title="Not a new span")
    changed_at = standin.clock.now_ms()
    standin.clock.advance(seconds=10)
    standin.cameras.remove(first)
    gone_at = standin.clock.now_ms()
    standin.clock.advance(seconds=10)
    standin.cameras.add(first, organization_id=organization, preset_id=preset)
    now = standin.clock.now_ms()
    assert standin.state.spans(first)[-3:] == [
        Span(disabled_at, changed_at, organization, preset, True, made_at),
        Span(changed_at, gone_at, organization, other, False, made_at),
        Span(now, None, organization, preset, False, now),
    ]


def test_a_camera_made_again_has_a_new_beginning(
    standin: StandIn, callers: Callers, first: str
) -> None:
    before = seen(callers, first)
    standin.cameras.make_again(first)
    after = seen(callers, first)
    assert after["created_at"] == standin.clock.now_ms() > before["created_at"]
    assert after["preset"] == before["preset"]


def test_deleting(standin: StandIn, callers: Callers, first: str) -> None:
    answer = callers.client.delete(at(first))
    assert (answer.status_code, answer.content) == (204, b"")
    assert callers.client.get(at(first)).status_code == 404
    assert callers.client.delete(at(first)).status_code == 404
    assert first not in standin.state.names


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"title": 5}, "/title"),
        ({"disabled": 1}, "/disabled"),
        ({"preset": {"id": True}}, "/preset/id"),
        ({"preset": {"id": 999_999}}, "/preset/id"),
        ({"organization": {"id": 999_999}}, "/organization/id"),
        ({"folder_id": 999_999}, "/folder_id"),
        ({"dvr": {"expiration": -1}}, "/dvr/expiration"),
        ({"dvr": []}, "/dvr"),
        ({"vision": {"alg": "dogs"}}, "/vision/alg"),
        ({"inputs": [{}]}, "/inputs/0/url"),
    ],
)
def test_bad_values_are_refused_with_a_pointer(
    callers: Callers, first: str, body: dict[str, Any], pointer: str
) -> None:
    before = seen(callers, first)
    answer = callers.admin.put(at(first), json={"comment": "x", **body})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["source"]["pointer"] == pointer
    assert seen(callers, first) == before


def test_a_body_that_is_no_object_is_refused(callers: Callers, first: str) -> None:
    for content in (b"{", b"[]", b"5"):
        assert callers.admin.put(at(first), content=content).status_code == 400


def test_multiedit_changes_all_or_none(standin: StandIn, callers: Callers) -> None:
    one, two, *_rest = standin.state.names
    preset = list(standin.state.presets)[2]
    rows = [{"name": one, "preset_id": preset}, {"name": two, "preset_id": preset}]
    before = [seen(callers, name) for name in (one, two)]
    for bad, pointer in (
        ({"name": "nowhere", "preset_id": preset}, "/streams/1/name"),
        ({"name": two, "preset_id": 999_999}, "/streams/1/preset/id"),
        ({"name": two, "preset_id": "7"}, "/preset_id"),
    ):
        answer = callers.admin.post("/streams/multiedit", json={"streams": [rows[0], bad]})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["source"]["pointer"] == pointer
    assert [seen(callers, name) for name in (one, two)] == before
    assert callers.admin.post("/streams/multiedit", json={"streams": rows}).status_code == 200
    assert [seen(callers, name)["preset"]["id"] for name in (one, two)] == [preset, preset]


def test_an_import_changes_all_or_none(standin: StandIn, callers: Callers, first: str) -> None:
    owner = standin.state.cameras[first].organization_id
    head = "name,title,organization_id,disabled,dvr_expiration,inputs_0_url"
    good = f"{head}\n{first},Known,,true,,\nimported,New,{owner},,3600,rtsp://u:p@cam/1\n"
    headers = {"Content-Type": "text/csv"}
    for bad in ("x,,999999,,,", "x,,,maybe,,", "x,,,,soon,", ",No name,,,,", "imported,,,,,"):
        answer = callers.client.post("/streams/import", content=good + bad, headers=headers)
        assert answer.status_code == 400, bad
        assert answer.json()["errors"][0]["source"]["pointer"].startswith(("/2/", "/organ")), bad
    assert "imported" not in standin.state.cameras
    answer = callers.client.post("/streams/import", content=good, headers=headers)
    assert answer.json() == {"created": 1, "updated": 1}
    assert seen(callers, first)["title"] == "Known"
    assert seen(callers, first)["disabled"] is True
    assert seen(callers, "imported")["inputs"] == [{"url": "rtsp://u:p@cam/1"}]


def test_an_import_above_the_limit_changes_nothing(standin: StandIn, callers: Callers) -> None:
    owner = next(iter(standin.state.organizations))
    standin.organizations.change(owner, stream_limit=standin.state.streams_in[owner] + 1)
    rows = "".join(f"imported-{n},{owner}\n" for n in range(2))
    answer = callers.client.post("/streams/import", content=f"name,organization_id\n{rows}")
    assert answer.status_code == 400
    assert not any(name.startswith("imported") for name in standin.state.names)


def test_a_phone_adds_a_camera(standin: StandIn, callers: Callers) -> None:
    owner = next(iter(standin.state.organizations))
    adjustable = list(standin.state.presets)[-1]
    body = {
        "title": "From a phone",
        "organization_id": owner,
        "preset_id": adjustable,
        "dvr_depth": 2,
        "dvr_space": 10,
    }
    token = callers.client.post("/agent_activation_token", json=body).json()["token"]
    assert len(standin.state.cameras) == 12
    camera = standin.cameras.activate_agent(token)
    found = seen(callers, camera.name)
    assert (found["title"], found["organization"]["id"]) == ("From a phone", owner)
    assert found["dvr"] == {"expiration": 2 * 86_400, "storage_limit": 10 * 10**9}


def test_status_is_not_a_change(standin: StandIn, callers: Callers, first: str) -> None:
    before = seen(callers, first)
    for status in ("error", "waiting", "running"):
        standin.cameras.set_status(first, status=status)
        after = seen(callers, first)
        assert after["stats"]["status"] == status
        assert after["last_change"] == before["last_change"]


def test_v2_adds_changes_imports_and_deletes(standin: StandIn, callers: Callers) -> None:
    owner, preset = next(iter(standin.state.organizations)), list(standin.state.presets)[-1]
    v2 = callers.v2
    body = {"title": "Gate 2", "organization_id": owner, "preset_id": preset, "dvr_depth": 1.5}
    made = v2.post("/cameras", json=body).json()
    assert made["name"].startswith("gate-2-")
    assert made["dvr_depth"] == 1.5
    assert seen(callers, made["name"])["dvr"]["expiration"] == 129_600
    changed = v2.put(f"/cameras/{made['name']}", json={"enabled": False}).json()
    assert changed["enabled"] is False
    assert seen(callers, made["name"])["disabled"] is True
    csv = f"name,title,organization_id,enabled\n{made['name']},Known,,true\n,Third,{owner},\n"
    answer = v2.post("/cameras/import", content=csv).json()
    assert (answer["success"], answer["zc"], answer["zu"]) == (True, 1, 1)
    assert [one["created"] for one in answer["cameras"]] == [False, True]
    bad = [{"name": "good", "organization_id": owner}, {"name": "bad", "preset_id": 999_999}]
    assert v2.post("/cameras/import", json=bad).status_code == 400
    assert "good" not in standin.state.cameras
    old = f"{standin.url}/vsaas/api/interchange/usercameras"
    assert v2.post(old, json=bad[:1]).json()["zc"] == 1
    assert v2.delete(f"/cameras/{made['name']}").json() == {"success": True}
    assert made["name"] not in standin.state.cameras
