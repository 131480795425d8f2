"""Organizations, members, users and presets, in both APIs."""

from typing import Any

import httpx
import pytest

from watcher.standin.standin import StandIn
from watcher.standin.tests.callers import Callers, at


@pytest.fixture
def lindenhof(standin: StandIn) -> int:
    """The id of the first organization, which has four cameras."""
    return next(iter(standin.state.organizations))


def test_an_organization_is_made_renamed_and_given_another_owner(
    standin: StandIn, callers: Callers
) -> None:
    client, admin = callers.client, standin.state.logins["admin"]
    body = {"title": "New", "limits": {"streams": 2, "users": 5}, "owner": {"id": admin}}
    made = client.post("/organizations", json=body).json()
    assert (made["title"], made["limits"], made["owner"]["name"]) == (
        "New",
        {"streams": 2, "users": 5},
        "admin",
    )
    path = f"/organizations/{made['id']}"
    renamed = client.put(path, json={"title": "Newer"}).json()
    assert {**made, "title": "Newer"} == renamed
    owner = {"id": standin.state.logins["old-mill"]} if "old-mill" in standin.state.logins else {}
    owner = owner or {"id": standin.state.logins["lindenhof-eg"]}
    changed = client.put(path, json={"title": "Newer", "owner": owner}).json()
    assert changed["owner"]["id"] == owner["id"]
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


def test_a_limit_below_the_count_stops_additions_only(
    standin: StandIn, callers: Callers, lindenhof: int
) -> None:
    path = f"/organizations/{lindenhof}"
    lowered = callers.client.put(path, json={"limits": {"streams": 1}}).json()
    assert (lowered["limits"]["streams"], lowered["stats"]["streams"]) == (1, 4)
    body = {"organization": {"id": lindenhof}}
    refused = callers.client.put("/streams/new", json=body)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (403, "limit_reached")
    foreign = next(
        one.name for one in standin.state.cameras.values() if one.organization_id != lindenhof
    )
    assert callers.admin.put(at(foreign), json=body).status_code == 403
    own = next(
        one.name for one in standin.state.cameras.values() if one.organization_id == lindenhof
    )
    assert callers.client.put(at(own), json={"title": "Still possible"}).status_code == 200


def test_v2_changes_the_same_organization(callers: Callers, lindenhof: int) -> None:
    path = f"/organizations/{lindenhof}"
    sent = {"title": "By v2", "note": "C-7", "camera_limit": 9, "dvr_limit": 30}
    shown = callers.v2.put(path, json=sent).json()
    assert shown | sent == shown
    seen = callers.client.get(path).json()
    assert (seen["title"], seen["limits"]) == ("By v2", {"streams": 9})
    assert callers.v2.delete(path).status_code == 400
    assert callers.v2.delete(path, headers={"force": "1"}).json() == {"success": True}
    assert callers.client.get(path).status_code == 404


def test_members_come_with_rights_and_go(
    standin: StandIn, callers: Callers, lindenhof: int
) -> None:
    body = {"name": "guard", "password": "secret-1", "organization_id": lindenhof}
    user = callers.client.post("/users", json=body).json()
    path = f"/organizations/{lindenhof}/users/{user['id']}"
    member = callers.client.get(path).json()
    assert member["permissions"]["organization"]["can_edit_streams"] is False
    guard = callers.v3(standin.client_base, "guard", "secret-1")
    camera = at(standin.state.names[-1])
    own = next(
        one.name for one in standin.state.cameras.values() if one.organization_id == lindenhof
    )
    assert guard.get(at(own)).status_code == 200
    assert guard.put(at(own), json={"title": "No"}).status_code == 403
    assert guard.get(camera).status_code == 404
    rights = callers.client.put(path, json={"can_edit_streams": True}).json()
    assert rights["permissions"]["organization"]["can_edit_streams"] is True
    assert guard.put(at(own), json={"title": "Yes"}).status_code == 200
    assert callers.client.delete(path).status_code == 204
    assert guard.get(at(own)).status_code == 404


def test_an_invitation_works_once(standin: StandIn, callers: Callers, lindenhof: int) -> None:
    path = f"/organizations/{lindenhof}/invite"
    assert callers.client.post(path, json={}).status_code == 403
    body = {"permissions": {"can_view_streams": True}}
    invited = callers.owner.post(path, json=body).json()
    assert invited["permissions"] == {"can_view_streams": True}
    guest = callers.v3(standin.client_base, "harbour-logistics", "owner-of-harbour-logistics")
    key = f"/organizations/invite/{invited['invite_key']}"
    assert guest.get(key).json()["id"] == lindenhof
    assert guest.put(key).status_code == 200
    assert guest.get(f"/organizations/{lindenhof}").status_code == 200
    assert guest.put(key).status_code == 404


def test_users_are_made_blocked_and_deleted(standin: StandIn, callers: Callers) -> None:
    body = {
        "name": "ivanova",
        "password": "secret-1",
        "email": "i@watcher.example",
        "external_id": "C-9",
    }
    user = callers.admin.post("/users", json=body).json()
    assert (user["name"], user["external_id"]) == ("ivanova", "C-9")
    assert user["organizations"][0]["title"] == "Lindenhof eG"
    path = f"/users/{user['id']}"
    assert callers.admin.put(path, json={"disabled": True}).json()["disabled"] is True
    login = f"{standin.client_base}/login"
    assert httpx.post(login, auth=("ivanova", "secret-1")).status_code == 401
    assert callers.v2.get(path).json()["enabled"] is False
    assert callers.v2.put(path, json={"enabled": True}).json()["enabled"] is True
    assert httpx.post(login, auth=("ivanova", "secret-1")).status_code == 200
    assert callers.admin.delete(path).status_code == 204
    assert callers.admin.get(path).status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"password": "secret-1"}, "/name"),
        ({"name": "new"}, "/password"),
        ({"name": "new", "password": "1234"}, "/password"),
        ({"name": "new", "password": "secret-1", "phone": "call me"}, "/phone"),
        ({"name": "new", "password": "secret-1", "access_level": "king"}, "/access_level"),
        ({"name": "new", "password": "secret-1", "organization_id": 10**6}, "/organization_id"),
    ],
)
def test_a_bad_user_is_refused(callers: Callers, body: dict[str, Any], pointer: str) -> None:
    answer = callers.admin.post("/users", json=body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["source"]["pointer"] == pointer
    assert "new" not in callers.standin.state.logins


def test_only_administrators_set_what_billing_needs(
    standin: StandIn, callers: Callers, lindenhof: int
) -> None:
    pk = standin.state.organizations[lindenhof].owner_id
    answer = callers.owner.put(f"/users/{pk}", json={"external_id": "free"})
    assert answer.status_code == 403
    standin.switches.set(version=25)
    assert callers.owner.put(f"/users/{pk}", json={"external_id": "free"}).status_code == 200
    assert standin.state.users[pk or 0].external_id == "C-1000"


def test_a_users_file_of_v2(standin: StandIn, callers: Callers) -> None:
    text = (
        "login,email,password,is_active,is_admin,note\n"
        "lindenhof-eg,new@watcher.example,,false,,\n"
        "fresh,f@watcher.example,secret-1,true,false,\n"
        "short,s@watcher.example,1,true,false,\n"
    )
    answer = callers.v2.post("/users/import", content=text).json()
    assert (answer["created"], answer["updated"], answer["deleted"]) == (1, 1, 0)
    assert list(answer["errors"]) == ["2"]
    assert standin.state.user_called("lindenhof-eg").disabled is True
    assert "short" not in standin.state.logins


def test_presets_are_made_assigned_changed_and_deleted(
    standin: StandIn, callers: Callers, lindenhof: int
) -> None:
    body = {
        "title": "90 days",
        "is_adjustable": False,
        "dvr": {"expiration": 90 * 86_400, "storage_limit": 10**12},
        "billing_external_id": "90d",
    }
    made = callers.admin.post("/presets", json=body).json()
    assert made | body == made
    one = f"/presets/{made['id']}"
    usable = {"organization_id": lindenhof}
    listed = callers.client.get("/presets", params=usable).json()["presets"]
    assert made["id"] not in [preset["id"] for preset in listed]
    camera = at(standin.state.names[-1])
    owner = standin.state.cameras[standin.state.names[-1]].organization_id
    use = {"preset": {"id": made["id"]}}
    assert callers.admin.put(camera, json=use).status_code == 400
    assign = f"/organizations/{owner}/presets"
    assigned = callers.admin.put(assign, json={"preset_id": made["id"]})
    assert assigned.json()["id"] == made["id"]
    assert callers.admin.put(camera, json=use).status_code == 200

    standin.clock.advance(seconds=60)
    changed = callers.admin.put(one, json={"dvr": {"expiration": 60}}).json()
    assert changed["dvr"] == {"expiration": 60, "storage_limit": 10**12}
    assert changed["last_change"]["updated_at"] == standin.clock.now_ms()
    assert changed["stats"] == {"organizations_count": 1, "streams_count": 1}

    assert callers.admin.delete(one).status_code == 204
    assert callers.admin.get(one).status_code == 404
    assert made["id"] not in [p["id"] for p in callers.admin.get("/presets").json()["presets"]]
    assert callers.admin.get(camera).json()["preset"]["id"] == made["id"]
    other = at(standin.state.names[0])
    assert callers.admin.put(other, json=use).status_code == 400


def test_presets_in_the_client_scope_change_since_26(standin: StandIn, callers: Callers) -> None:
    one = f"/presets/{next(iter(standin.state.presets))}"
    assert callers.owner.put(one, json={"title": "Mine"}).status_code == 403
    assert callers.client.put(one, json={"title": "New"}).json()["title"] == "New"
    standin.switches.set(version=25)
    for answer in (
        callers.client.put(one, json={"title": "Newer"}),
        callers.client.post("/presets", json={"title": "Newer"}),
        callers.admin.delete(one),
    ):
        assert answer.status_code == 405
    assert callers.admin.put(one, json={"title": "By admin"}).status_code == 200


def test_the_log_says_who_did_what(standin: StandIn, callers: Callers, lindenhof: int) -> None:
    name = standin.state.names[0]
    callers.client.put(at(name), json={"disabled": True, "title": "New"})
    entry = callers.client.get("/access_log", params={"sort": "-id"}).json()["access_log"][0]
    assert entry["action"] == {"type": "update"}
    assert (entry["object"]["type"], entry["object"]["id"]) == ("Stream", name)
    assert entry["user"]["login"] == "billing"
    assert entry["created_at"] == standin.clock.now_s()
    assert entry["event_data"]["title"] == "New"
    others = callers.owner.get("/access_log").json()["access_log"]
    assert all(one["organization"]["id"] == lindenhof for one in others)
