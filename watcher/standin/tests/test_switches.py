"""Each switch makes a difference that a caller sees, and has no position without one."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from watcher.standin.standin import Size, StandIn
from watcher.standin.state.switches import positions_of_switches
from watcher.standin.tests.callers import Callers, at

SWITCHES = positions_of_switches()
Observe = Callable[[StandIn, Callers], Any]
OBSERVATIONS: dict[str, Observe] = {}


def observes(observe: Observe) -> Observe:
    """Register what a caller sees of the switch of that name."""
    OBSERVATIONS[observe.__name__] = observe
    return observe


def first(standin: StandIn) -> str:
    """Return the name of a camera."""
    return standin.state.names[0]


def owner_of(standin: StandIn) -> int:
    """Return the organization of that camera."""
    return standin.state.cameras[first(standin)].organization_id


@observes
def version(standin: StandIn, callers: Callers) -> Any:
    return callers.admin.get("/usage/cameras").status_code


@observes
def references(standin: StandIn, callers: Callers) -> Any:
    """By a switch the old field is read only, the object is, or either."""
    seen = callers.admin.get(at(first(standin))).json()
    known = seen.keys() & {"organization", "organization_id", "preset", "preset_id"}
    one, other = list(standin.state.presets)[:2]
    standin.cameras.change_preset(first(standin), preset_id=one)
    callers.admin.put(at(first(standin)), json={"preset_id": other})
    by_field = standin.state.cameras[first(standin)].preset_id == other
    standin.cameras.change_preset(first(standin), preset_id=one)
    callers.admin.put(at(first(standin)), json={"preset": {"id": other}})
    by_object = standin.state.cameras[first(standin)].preset_id == other
    assert by_field == ("preset_id" in known)
    assert by_object == ("preset" in known)
    return sorted(known)


@observes
def vision(standin: StandIn, callers: Callers) -> Any:
    plates = list(standin.state.presets)[2]
    return list(callers.admin.get(f"/presets/{plates}").json()["vision"])


@observes
def missing_operation(standin: StandIn, callers: Callers) -> Any:
    standin.switches.set(version=25)
    return callers.admin.get("/usage/cameras").status_code


@observes
def errors(standin: StandIn, callers: Callers) -> Any:
    return list(callers.admin.get("/streams/nowhere").json())


@observes
def status_of_create(standin: StandIn, callers: Callers) -> Any:
    preset = callers.admin.post("/presets", json={"title": "New"})
    assert preset.json()["title"] == "New"
    organization = callers.client.post("/organizations", json={"title": "New"})
    assert organization.status_code == preset.status_code
    return preset.status_code


@observes
def status_of_delete(standin: StandIn, callers: Callers) -> Any:
    return callers.admin.delete(at(first(standin))).status_code


@observes
def end_of_list(standin: StandIn, callers: Callers) -> Any:
    return "next" in callers.admin.get("/streams").json()


@observes
def empty_list(standin: StandIn, callers: Callers) -> Any:
    return "messages" in callers.client.get("/messages").json()


@observes
def estimated_count(standin: StandIn, callers: Callers) -> Any:
    return callers.admin.get("/streams").json().get("estimated_count")


@observes
def largest_page(standin: StandIn, callers: Callers) -> Any:
    for number in range(1_000):
        standin.cameras.add(f"more-{number}", organization_id=owner_of(standin))
    return len(callers.admin.get("/streams", params={"limit": 2_000}).json()["streams"])


@observes
def sort(standin: StandIn, callers: Callers) -> Any:
    return callers.admin.get("/streams", params={"sort": "name"}).status_code


@observes
def filters_by_field(standin: StandIn, callers: Callers) -> Any:
    name = first(standin)
    for query in ({"name": name}, {"name_lte": name}, {"name_like": name.upper()}):
        found = callers.admin.get("/streams", params=query).json()["streams"]
        assert len(found) in {1, 12}
    return len(found)


@observes
def default_order(standin: StandIn, callers: Callers) -> Any:
    users = callers.admin.get("/users", params={"limit": 2}).json()
    more = callers.admin.get("/users", params={"limit": 9, "cursor": users["next"]}).json()
    return [one["id"] for answer in (users, more) for one in answer["users_list"]]


@observes
def v2_default_page(standin: StandIn, callers: Callers) -> Any:
    for number in range(100):
        standin.cameras.add(f"more-{number}", organization_id=owner_of(standin))
    return len(callers.v2.get("/cameras").json())


@observes
def v2_organization_filter(standin: StandIn, callers: Callers) -> Any:
    return len(callers.v2.get("/cameras", params={"organization_id": owner_of(standin)}).json())


@observes
def refresh_token(standin: StandIn, callers: Callers) -> Any:
    address = f"{standin.admin_base}/login"
    old = httpx.post(address, auth=("admin", "admin-of-standin")).json()["refresh_token"]
    answer = httpx.post(address, headers={"Authorization": f"Bearer {old}"}).json()
    given = answer.get("refresh_token")
    return "absent" if given is None else given == old


@observes
def api_key(standin: StandIn, callers: Callers) -> Any:
    key = standin.state.user_called("admin").apikey
    forms = ({"X-Vsaas-Api-Key": key}, {"Authorization": f"Bearer {key}"})
    return [httpx.get(f"{standin.admin_base}/streams", headers=one).status_code for one in forms]


@observes
def liveness(standin: StandIn, callers: Callers) -> Any:
    return httpx.get(f"{standin.admin_base}/monitoring/liveness").status_code


@observes
def autologin_login(standin: StandIn, callers: Callers) -> Any:
    forms = ("lindenhof-eg@watcher.example", "lindenhof-eg")
    return [
        callers.client.post("/autologin/generate", json={"login": one}).status_code for one in forms
    ]


@observes
def administrator_in_client(standin: StandIn, callers: Callers) -> Any:
    pk = standin.state.logins["billing"]
    standin.organizations.remove_member(owner_of(standin), user_id=pk)
    organizations = callers.client.get("/organizations").json()["organizations"]
    cameras = callers.client.get("/streams").json()["streams"]
    assert {one["organization"]["id"] for one in cameras} == {one["id"] for one in organizations}
    return len(organizations)


@observes
def slash_in_names(standin: StandIn, callers: Callers) -> Any:
    forms = (at(first(standin)), f"/streams/{first(standin)}")
    return [callers.admin.get(form).status_code for form in forms]


@observes
def empty_vision_in_put(standin: StandIn, callers: Callers) -> Any:
    plates = list(standin.state.presets)[2]
    callers.admin.put(f"/presets/{plates}", json={"vision": {}})
    return standin.state.presets[plates].vision_alg


@observes
def null_in_put(standin: StandIn, callers: Callers) -> Any:
    standin.cameras.change(first(standin), comment="Behind the mill")
    return callers.admin.put(at(first(standin)), json={"comment": None}).json()["comment"]


@observes
def no_archive(standin: StandIn, callers: Callers) -> Any:
    live = list(standin.state.presets)[3]
    standin.cameras.change_preset(first(standin), preset_id=live)
    return str(callers.admin.get(at(first(standin))).json().get("dvr"))


@observes
def gigabyte(standin: StandIn, callers: Callers) -> Any:
    adjustable = list(standin.state.presets)[-1]
    standin.cameras.change_preset(first(standin), preset_id=adjustable)
    path = f"/cameras/{first(standin)}"
    assert callers.v2.put(path, json={"dvr_space": 3}).json()["dvr_space"] == 3
    return callers.admin.get(at(first(standin))).json()["dvr"]["storage_limit"]


@observes
def titles(standin: StandIn, callers: Callers) -> Any:
    title = standin.state.organizations[owner_of(standin)].title
    return callers.client.post("/organizations", json={"title": title}).status_code


@observes
def taken_login(standin: StandIn, callers: Callers) -> Any:
    body = {"name": "admin", "password": "secret"}
    return callers.admin.post("/users", json=body).status_code


@observes
def zero_limit(standin: StandIn, callers: Callers) -> Any:
    standin.organizations.change(owner_of(standin), stream_limit=0)
    body = {"organization": {"id": owner_of(standin)}}
    return callers.admin.put("/streams/new", json=body).status_code


@observes
def import_json(standin: StandIn, callers: Callers) -> Any:
    rows = [{"name": "new", "organization_id": owner_of(standin)}]
    return callers.client.post("/streams/import", json=rows).status_code


@observes
def maker(standin: StandIn, callers: Callers) -> Any:
    owner = {"id": standin.state.logins["lindenhof-eg"]}
    made = callers.client.post("/organizations", json={"title": "New", "owner": owner}).json()
    return callers.client.get(f"/organizations/{made['id']}").status_code


@observes
def sent_messages(standin: StandIn, callers: Callers) -> Any:
    to = standin.state.logins["lindenhof-eg"]
    callers.client.post("/messages", json={"user_id": to, "title": "T", "body": "B"})
    assert len(callers.owner.get("/messages").json()["messages"]) == 1
    return len(callers.client.get("/messages").json()["messages"])


@observes
def delete_organization_with_cameras(standin: StandIn, callers: Callers) -> Any:
    pk, before = owner_of(standin), len(standin.state.cameras)
    inside = standin.state.streams_in[pk]
    answer = callers.client.delete(f"/organizations/{pk}")
    gone = answer.status_code == 204
    assert len(standin.state.cameras) == (before - inside if gone else before)
    assert (pk in standin.state.organizations) is not gone
    return answer.status_code


@observes
def delete_owner(standin: StandIn, callers: Callers) -> Any:
    pk = standin.state.organizations[owner_of(standin)].owner_id
    status = callers.admin.delete(f"/users/{pk}").status_code
    shown = callers.client.get(f"/organizations/{owner_of(standin)}").json()
    assert ("owner" in shown) is (status == 400)
    return status


@observes
def unassign_used_preset(standin: StandIn, callers: Callers) -> Any:
    used = list(standin.state.presets)[1]
    standin.cameras.change_preset(first(standin), preset_id=used)
    path = f"/organizations/{owner_of(standin)}/presets/{used}"
    status = callers.admin.delete(path).status_code
    assert standin.state.cameras[first(standin)].preset_id == used
    return status


@observes
def unassign_default_preset(standin: StandIn, callers: Callers) -> Any:
    standin.switches.set(unassign_used_preset="allowed")
    default = next(iter(standin.state.presets))
    path = f"/organizations/{owner_of(standin)}/presets/{default}"
    return callers.admin.delete(path).status_code


@observes
def archive_of_disabled(standin: StandIn, callers: Callers) -> Any:
    standin.cameras.change(
        first(standin), preset_id=next(iter(standin.state.presets)), disabled=True
    )
    return "dvr_info" in callers.admin.get(at(first(standin))).json()["stats"]


@observes
def last_change_by_multiedit(standin: StandIn, callers: Callers) -> Any:
    preset = list(standin.state.presets)[1]
    standin.cameras.change_preset(first(standin), preset_id=next(iter(standin.state.presets)))
    before = standin.state.cameras[first(standin)].changed_at
    standin.clock.advance(seconds=60)
    rows = [{"name": first(standin), "preset_id": preset}]
    callers.admin.post("/streams/multiedit", json={"streams": rows})
    seen = callers.admin.get(at(first(standin))).json()
    assert seen["preset"]["id"] == preset
    return seen["last_change"]["created_at"] - before


@observes
def last_change_by_preset(standin: StandIn, callers: Callers) -> Any:
    preset = standin.state.cameras[first(standin)].preset_id
    before = standin.state.cameras[first(standin)].changed_at
    callers.admin.put(f"/presets/{preset}", json={"dvr": {"expiration": 777}})
    seen = callers.admin.get(at(first(standin))).json()
    assert seen["dvr"]["expiration"] == 777
    return seen["last_change"]["created_at"] > before


@observes
def stale_reads(standin: StandIn, callers: Callers) -> Any:
    standin.cameras.rename(first(standin), title="New")
    reads = 0
    while callers.admin.get(at(first(standin))).json()["title"] != "New":
        reads += 1
    organization, user = f"/organizations/{owner_of(standin)}", standin.state.logins["admin"]
    callers.client.put(organization, json={"title": "New"})
    callers.v2.put(f"/users/{user}", json={"phone": "+4930123456"})
    for read in range(reads):
        shows = callers.client if read % 2 else callers.v2
        assert shows.get(organization).json()["title"] != "New"
        assert shows.get(f"/users/{user}").json()["phone"] == ""
    assert callers.client.get(organization).json()["title"] == "New"
    assert callers.client.get(f"/users/{user}").json()["phone"] == "+4930123456"
    return reads


@observes
def usage_of_disabled(standin: StandIn, callers: Callers) -> Any:
    for name in standin.state.names:
        standin.cameras.disable(name)
    standin.sessions.access_life_seconds = 10**7
    standin.clock.advance(seconds=2 * 86_400)
    return len(callers.admin.get("/usage/cameras").json()["usage"])


@observes
def external_account_id(standin: StandIn, callers: Callers) -> Any:
    return callers.admin.get("/usage/cameras").json()["usage"][0].get("external_account_id")


@observes
def usage_delay_days(standin: StandIn, callers: Callers) -> Any:
    query = {"from": "2026-10-20", "to": "2026-11-01"}
    rows = callers.admin.get("/usage/cameras", params=query).json()["usage"]
    return max(row["to"] for row in rows)


@observes
def usage_reach_days(standin: StandIn, callers: Callers) -> Any:
    query = {"from": "2026-01-01", "to": "2026-10-31"}
    rows = callers.admin.get("/usage/cameras", params=query).json()["usage"]
    return min(row["from"] for row in rows)


@observes
def log_reach_days(standin: StandIn, callers: Callers) -> Any:
    standin.cameras.rename(first(standin), title="New")
    standin.sessions.access_life_seconds = 10**7
    standin.clock.advance(seconds=31 * 86_400)
    return len(callers.client.get("/access_log").json()["access_log"])


def test_each_switch_is_observed() -> None:
    assert OBSERVATIONS.keys() == SWITCHES.keys()


@pytest.mark.parametrize("name", SWITCHES)
def test_each_position_of_a_switch_looks_different(name: str) -> None:
    seen = []
    for position in SWITCHES[name]:
        standin = StandIn()
        standin.clock.stop_at("2026-11-01T12:00:00Z")
        standin.switches.set(**{name: position})
        standin.fill(Size(organizations=3, cameras=12))
        with standin, Callers(standin) as callers:
            seen.append(OBSERVATIONS[name](standin, callers))
    assert len({repr(one) for one in seen}) == len(SWITCHES[name]), seen


def test_an_unknown_switch_or_position_changes_nothing(standin: StandIn) -> None:
    for wrong in ({"sort": "any", "nothing": 1}, {"version": 25, "sort": "up"}, {"version": "25"}):
        with pytest.raises(ValueError, match=r"There is no|is one of"):
            standin.switches.set(**wrong)
    assert (standin.switches.version, standin.switches.sort) == (26, "any")
