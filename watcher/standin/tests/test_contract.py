"""Answers have the names, types and units of the contract, in each version."""

import json
import re
from base64 import urlsafe_b64decode
from typing import Any

import httpx
import pytest

from watcher.standin.seed import ADMINISTRATOR
from watcher.standin.standin import StandIn
from watcher.standin.tests.callers import Callers, at, tokens

# What a value is: a Python type, `ms` or `s` for an instant, `day` for a date, a set of words,
# a table of fields for an object, or a list of one of these for an array.
ID_TITLE = {"id!": int, "title!": str}
DVR = {
    "expiration": "seconds",
    "episodes_expiration": "seconds",
    "storage_limit": "bytes",
    "redundancy_factor": int,
    "disk_usage_limit": int,
}
VISION = {"alg": {"faces", "plates"}}
PERMISSIONS_25 = {
    "is_member!": bool,
    "can_view_streams!": bool,
    "can_edit_streams!": bool,
    "can_view_stats!": bool,
    "can_edit_users!": bool,
    "can_view_persons_lists": bool,
    "can_edit_persons_lists": bool,
}
PERMISSIONS_26 = {**PERMISSIONS_25, "nvrs": {"can_view": bool, "can_edit": bool}}
STREAM_25: dict[str, Any] = {
    "name!": str,
    "title": str,
    "comment": str,
    "postal_address": str,
    "organization!": ID_TITLE,
    "preset!": {**ID_TITLE, "is_adjustable!": bool},
    "organization_id!": int,
    "preset_id!": int,
    "disabled": bool,
    "static": bool,
    "folder_id": int,
    "dvr": DVR,
    "vision": VISION,
    "inputs": [{"url!": str}],
    "created_at!": "ms",
    "last_change!": {"created_at!": "ms", "user!": str},
    "stats!": {
        "status!": {"running", "waiting", "error"},
        "alive": bool,
        "bitrate": int,
        "lifetime": int,
        "last_dts_at": "ms",
        "dvr_info": {
            "from!": "s",
            "depth!": "seconds",
            "ranges!": [dict],
            "bytes": "bytes",
            "duration": "seconds",
        },
    },
    "domain": ID_TITLE,
}
STREAM_26 = {**STREAM_25, "nvr_id": int}
ORGANIZATION_25: dict[str, Any] = {
    "id!": int,
    "title!": str,
    "owner": {"id!": int, "name!": str},
    "limits": {"streams": int, "users": int},
    "stats": {"streams!": int, "users!": int, "mosaics!": int},
    "is_default": bool,
    "created_at": "ms",
    "user_permissions": PERMISSIONS_25,
}
ORGANIZATION_26 = {**ORGANIZATION_25, "user_permissions": PERMISSIONS_26}
USER_25: dict[str, Any] = {
    "id!": int,
    "name!": str,
    "email": str,
    "fullname": str,
    "phone": str,
    "note": str,
    "locale": "locale",
    "disabled": bool,
    "access_level": {"generic", "admin"},
    "readonly": bool,
    "max_sessions": int,
    "organizations": [
        {**ID_TITLE, "owner": {"id!": int, "name!": str}, "permissions": PERMISSIONS_25}
    ],
    "created_at": "ms",
}
USER_26 = {
    **USER_25,
    "access_level": {"generic", "admin", "domain_admin"},
    "external_id": str,
    "organizations": [
        {**ID_TITLE, "owner": {"id!": int, "name!": str}, "permissions": PERMISSIONS_26}
    ],
}
PROFILE_25 = {
    **{k: v for k, v in USER_25.items() if k not in {"id!", "disabled", "organizations"}},
    "apikey": str,
    "is_admin": bool,
    "is_domain_admin": bool,
    "is_readonly": bool,
}
PROFILE_26 = {
    **PROFILE_25,
    "access_level": {"generic", "admin", "domain_admin"},
    "domain_id": int,
    "external_id": str,
    "must_change_password": bool,
}
PRESET_25: dict[str, Any] = {
    "id!": int,
    "title!": str,
    "is_adjustable": bool,
    "is_default": bool,
    "dvr": DVR,
    "vision": VISION,
    "stats": {"organizations_count!": int, "streams_count!": int},
    "last_change": {"updated_at!": "ms", "user!": {"id!": int, "name!": str}},
    "deleted_at": "ms",
}
PRESET_26 = {**PRESET_25, "billing_external_id": str, "external_id": str}
MEMBER = {
    "id": int,
    "name": str,
    "email": str,
    "permissions": {"organization": PERMISSIONS_26, "folders": [dict]},
}
FOLDER = {
    "id!": int,
    "title": str,
    "parent_id": int,
    "organization_id": int,
    "streams_count": int,
}
MESSAGE = {
    "id": int,
    "title": str,
    "body": str,
    "type": {"info", "warning", "danger"},
    "is_dashboard": bool,
    "is_push": bool,
    "was_read": bool,
    "is_deleted": bool,
    "user": {"id!": int, "name!": str},
    "sender": {"id!": int, "name!": str},
}
USAGE = {
    "stream_name!": str,
    "account_id!": int,
    "external_account_id": str,
    "plan_id": str,
    "billing_plan_id": str,
    "license_id": str,
    "from!": "day",
    "to!": "day",
}
LOG = {
    "id!": int,
    "created_at!": "s",
    "action!": {"type!": str},
    "object!": {
        "type!": {"Stream", "User", "Organization", "NVR", "Folder", "Preset"},
        "id!": str,
        "representation!": str,
    },
    "organization": ID_TITLE,
    "domain": ID_TITLE,
    "user": {
        "id": int,
        "login!": str,
        "request_data": {"ip": str, "user_agent": str},
    },
    "event_data": dict,
}
V2_ORGANIZATION = {
    "id!": int,
    "title!": str,
    "note": str,
    "owner_id": int,
    "camera_limit": int,
    "user_limit": int,
    "dvr_limit": int,
    "camera_count!": int,
    "user_count!": int,
    "mosaic_count": int,
    "can_view_stats": bool,
    "domain": ID_TITLE,
}
V2_USER = {
    "id!": int,
    "login!": str,
    "name": str,
    "enabled!": bool,
    "is_admin!": bool,
    "note": str,
    "notification_email": str,
    "phone": str,
    "external_id": str,
    "max_sessions": int,
}
V2_CAMERA = {
    "name!": str,
    "title": str,
    "comment": str,
    "organization_id!": int,
    "folder_id": int,
    "preset_id!": int,
    "enabled!": bool,
    "static": bool,
    "dvr_depth": float,
    "dvr_space": float,
    "access": str,
    "stream_url": str,
    "substream_url": str,
    "postal_address": str,
    "coordinates": str,
    "stream_status": {
        "alive!": bool,
        "bitrate": int,
        "lifetime": int,
        "server": str,
        "source_error": str,
    },
}


def problems(value: Any, kind: Any, place: str = "") -> list[str]:
    """Return what is wrong with a value; null is as good as absent where nothing is needed."""
    if isinstance(kind, dict):
        return _problems_of_object(value, kind, place)
    if isinstance(kind, list):
        if not isinstance(value, list):
            return [f"{place} is no array"]
        return [p for n, one in enumerate(value) for p in problems(one, kind[0], f"{place}/{n}")]
    if isinstance(kind, set):
        return [] if value in kind else [f"{place} is {value!r}"]
    if isinstance(kind, str):
        return [] if _fits(value, kind) else [f"{place} is {value!r}, not {kind}"]
    good = type(value) is kind or (kind is float and type(value) in {int, float})
    return [] if good else [f"{place} is {value!r}, not {kind.__name__}"]


def _fits(value: Any, kind: str) -> bool:
    if kind == "day":
        return isinstance(value, str) and bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value))
    if kind == "locale":
        return isinstance(value, str) and len(value) == 2
    bounds = {"ms": (10**12, 10**13), "s": (10**9, 10**10)}
    least, end = bounds.get(kind, (0, 2**63))
    return type(value) is int and least <= value < end


def _problems_of_object(value: Any, kind: dict[str, Any], place: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{place} is no object"]
    fields = {name.rstrip("!"): (one, name.endswith("!")) for name, one in kind.items()}
    found = [f"{place}/{name} is unknown" for name in value.keys() - fields.keys()]
    for name, (one, needed) in fields.items():
        if value.get(name) is not None:
            found += problems(value[name], one, f"{place}/{name}")
        elif needed:
            found.append(f"{place}/{name} is missing")
    return found


def test_a_wrong_answer_is_noticed() -> None:
    good = {"id": 1, "title": "a"}
    assert problems(good, ID_TITLE) == []
    for bad in ({"id": 1}, {"id": "1", "title": "a"}, {**good, "x": 1}, {"id": True, "title": ""}):
        assert problems(bad, ID_TITLE)
    assert problems(1764547200, "ms")
    assert problems(1764547200000, "s")


def rows(client: httpx.Client, path: str, field: str, **query: Any) -> list[Any]:
    """Return the rows of a list, of which there must be some."""
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert set(body) <= {"next", "prev", "estimated_count", "timing", field}
    found: list[Any] = body[field]
    assert found
    return found


def prepare(standin: StandIn) -> None:
    """Let everything that can be absent be there once."""
    name, *_rest = standin.state.names
    adjustable = list(standin.state.presets)[-1]
    organization = next(iter(standin.state.organizations))
    standin.organizations.change(organization, stream_limit=40, user_limit=10)
    standin.presets.change(
        adjustable, dvr={"expiration": 86_400, "disk_usage_limit": 90, "redundancy_factor": 1}
    )
    standin.cameras.change(
        name,
        preset_id=adjustable,
        dvr={"storage_limit": 3 * 10**12},
        vision_alg="faces",
        inputs=("rtsp://u:secret@cam/1",),
        nvr_id=5,
    )
    standin.cameras.set_status(standin.state.names[1], status="error")
    standin.users.change(2, max_sessions=3)
    standin.organizations.add_folder(organization, title="Yard")
    standin.users.send(user_id=1, sender_id=2, title="Invoice", body="Please pay.", type="warning")


@pytest.mark.parametrize("version", [25, 26])
@pytest.mark.parametrize("scope", ["client", "admin"])
def test_lists_of_v3_have_the_fields_of_the_contract(
    standin: StandIn, callers: Callers, version: int, scope: str
) -> None:
    prepare(standin)
    standin.switches.set(version=version)
    client = getattr(callers, scope)
    new = version == 26
    assert problems(rows(client, "/streams", "streams"), [STREAM_26 if new else STREAM_25]) == []
    assert problems(rows(client, "/users", "users_list"), [USER_26 if new else USER_25]) == []
    assert problems(rows(client, "/presets", "presets"), [PRESET_26 if new else PRESET_25]) == []
    if scope == "client":
        organizations = rows(client, "/organizations", "organizations")
        assert problems(organizations, [ORGANIZATION_26 if new else ORGANIZATION_25]) == []


@pytest.mark.parametrize("version", [25, 26])
def test_single_answers_of_v3_equal_the_rows_of_lists(
    standin: StandIn, callers: Callers, version: int
) -> None:
    prepare(standin)
    standin.switches.set(version=version)
    for client in (callers.client, callers.admin):
        for stream in rows(client, "/streams", "streams"):
            assert client.get(at(stream["name"])).json() == stream
        for user in rows(client, "/users", "users_list"):
            assert client.get(f"/users/{user['id']}").json() == user
        for preset in rows(client, "/presets", "presets"):
            assert client.get(f"/presets/{preset['id']}").json() == preset
    for organization in rows(callers.client, "/organizations", "organizations"):
        assert callers.client.get(f"/organizations/{organization['id']}").json() == organization


@pytest.mark.parametrize(("version", "profile"), [(25, PROFILE_25), (26, PROFILE_26)])
def test_the_profile(
    standin: StandIn, callers: Callers, version: int, profile: dict[str, Any]
) -> None:
    standin.switches.set(version=version)
    assert problems(callers.client.get("/profile").json(), profile) == []


def test_members_folders_and_messages(standin: StandIn, callers: Callers) -> None:
    prepare(standin)
    pk = next(iter(standin.state.organizations))
    client = callers.client
    members = rows(client, f"/organizations/{pk}/users", "users")
    assert problems(members, [MEMBER]) == []
    assert client.get(f"/organizations/{pk}/users/{members[0]['id']}").json() == members[0]
    folders = rows(client, f"/organizations/{pk}/folders", "folders")
    assert problems(folders, [FOLDER]) == []
    messages = rows(client, "/messages", "messages")
    assert problems(messages, [MESSAGE]) == []
    sent = client.post("/messages", json={"user_id": 1, "title": "T", "body": "B"}).json()
    assert problems(sent, {**MESSAGE, "devices!": int}) == []


def test_usage_and_log(standin: StandIn, callers: Callers) -> None:
    prepare(standin)
    for client in (callers.client, callers.admin):
        assert problems(rows(client, "/usage/cameras", "usage"), [USAGE]) == []
    assert problems(rows(callers.client, "/access_log", "access_log"), [LOG]) == []


def test_tokens_are_a_jwt_with_an_expiry_in_seconds_and_an_opaque_one(standin: StandIn) -> None:
    found = tokens(standin.admin_base, *ADMINISTRATOR)
    assert problems(found, {"access_token!": str, "refresh_token!": str}) == []
    head, claims, _signature = found["access_token"].split(".")
    read = [json.loads(urlsafe_b64decode(part + "==")) for part in (head, claims)]
    assert read[0]["alg"] == "RS256"
    assert read[1]["exp"] == standin.clock.now_s() + 3600
    assert re.fullmatch(r"[0-9a-f-]{36}", found["refresh_token"])


def test_what_tells_of_the_server(standin: StandIn, callers: Callers) -> None:
    settings = httpx.get(f"{standin.client_base}/ui_settings").json()
    assert settings["server_info"] == {"version": "26.02", "operator_id": "standin"}
    standin.switches.set(version=25)
    assert "server_info" not in httpx.get(f"{standin.client_base}/ui_settings").json()
    alive = callers.admin.get("/monitoring/liveness").json()
    kinds = {"build!": int, "now!": "ms", "server_version!": str, "started_at!": "s"}
    assert problems(alive, kinds) == []
    assert alive["now"] == standin.clock.now_ms()
    config = callers.admin.get("/system_config").json()
    assert config == {"watcher_brute_force_timeout": standin.sessions.block_seconds}


def test_lists_of_v2_are_arrays_with_the_fields_of_the_contract(
    standin: StandIn, callers: Callers
) -> None:
    prepare(standin)
    v2 = callers.v2
    cameras = v2.get("/cameras").json()
    assert len(cameras) == len(standin.state.cameras)
    assert problems(cameras, [V2_CAMERA]) == []
    assert problems(v2.get("/organizations").json(), [V2_ORGANIZATION]) == []
    assert v2.get("/domains/1/organizations").json() == v2.get("/organizations").json()
    users = v2.get("/users").json()
    assert problems(users, [V2_USER]) == []
    one = v2.get(f"/users/{users[-1]['id']}").json()
    assert problems(one, {**V2_USER, "organizations!": [ID_TITLE]}) == []
    assert v2.get("/auth/whoami").json() == {"login": "system", "is_admin": True}


def test_errors_have_the_form_of_each_api(standin: StandIn, callers: Callers) -> None:
    answer = callers.admin.get("/streams/nowhere")
    assert answer.status_code == 404
    error = {"id": str, "status": str, "code": str, "title": str, "source": {"pointer": str}}
    assert problems(answer.json(), {"errors!": [error]}) == []
    assert answer.json()["errors"][0]["status"] == "404"
    bad = callers.admin.put("/streams/new", json={"title": 5}).json()["errors"][0]
    assert bad["source"] == {"pointer": "/title"}
    refused = callers.v2.get("/cameras/nowhere")
    assert refused.status_code == 404
    assert problems(refused.json(), {"error": str, "error_message!": str}) == []
    assert httpx.get(f"{standin.v2_base}/cameras").status_code == 403
    assert httpx.get(f"{standin.admin_base}/streams").status_code == 401


def test_the_admin_scope_has_no_organizations(callers: Callers) -> None:
    pk = next(iter(callers.standin.state.organizations))
    for answer in (
        callers.admin.get("/organizations"),
        callers.admin.get(f"/organizations/{pk}"),
        callers.admin.post("/organizations", json={"title": "New"}),
    ):
        assert answer.status_code == 404
    events = callers.admin.get("/events")
    assert events.status_code == 501


def test_both_apis_show_one_state(standin: StandIn, callers: Callers) -> None:
    prepare(standin)
    for camera in callers.v2.get("/cameras").json():
        stream = callers.admin.get(at(camera["name"])).json()
        assert stream["title"] == camera["title"]
        assert stream["organization"]["id"] == camera["organization_id"]
        assert stream["preset"]["id"] == camera["preset_id"]
        assert stream["disabled"] is not camera["enabled"]
        dvr = stream.get("dvr", {})
        assert dvr.get("expiration", 0) == camera["dvr_depth"] * 86_400
        assert dvr.get("storage_limit", 0) == camera["dvr_space"] * 10**9
    for one in callers.v2.get("/organizations").json():
        other = callers.client.get(f"/organizations/{one['id']}").json()
        assert (other["title"], other["owner"]["id"]) == (one["title"], one["owner_id"])
        assert other["stats"]["streams"] == one["camera_count"]
        assert other.get("limits", {}).get("streams") == one["camera_limit"]
    for user in callers.v2.get("/users").json():
        other = callers.admin.get(f"/users/{user['id']}").json()
        assert (other["name"], other["email"], other["external_id"], other["disabled"]) == (
            user["login"],
            user["notification_email"],
            user["external_id"],
            not user["enabled"],
        )
