"""Lists: pages, cursors, order, counts, and what happens between two pages."""

import gc
from base64 import b64decode
from typing import Any

import pytest

from watcher.standin.standin import Size, StandIn
from watcher.standin.tests.callers import Callers, names, pages


def test_a_page_has_100_rows_unless_asked(standin: StandIn, callers: Callers) -> None:
    owner = next(iter(standin.state.organizations))
    for number in range(100):
        standin.cameras.add(f"more-{number:03d}", organization_id=owner)
    first = callers.admin.get("/streams").json()
    assert len(first["streams"]) == 100
    assert first["estimated_count"] == 112
    assert len(callers.admin.get("/streams", params={"limit": 500}).json()["streams"]) == 112


@pytest.mark.parametrize("sort", ["", "name", "-name", "title,name"])
@pytest.mark.parametrize("limit", [1, 5, 6, 12, 100])
def test_all_pages_have_each_row_once(
    standin: StandIn, callers: Callers, sort: str, limit: int
) -> None:
    for scope in (callers.admin, callers.client):
        query: dict[str, Any] = {"limit": limit, **({"sort": sort} if sort else {})}
        found = names(pages(scope, "/streams", **query))
        if sort == "title,name":
            # Flussonic's library compares each field by itself, and so loses rows.
            assert set(found) <= set(standin.state.names)
        else:
            assert found == sorted(standin.state.names, reverse=sort == "-name")


@pytest.mark.parametrize("sort", ["", "name", "-name"])
def test_prev_leads_back(callers: Callers, sort: str) -> None:
    query: dict[str, Any] = {"limit": 5, **({"sort": sort} if sort else {})}
    forward = pages(callers.admin, "/streams", **query)
    back = forward[-1]
    seen = [[one["name"] for one in back["streams"]]]
    while back.get("prev"):
        back = callers.admin.get("/streams", params={**query, "cursor": back["prev"]}).json()
        seen.append([one["name"] for one in back["streams"]])
    assert seen[::-1] == [[one["name"] for one in page["streams"]] for page in forward]


def test_cursors_are_those_of_the_contract(standin: StandIn, callers: Callers) -> None:
    def cursor(**query: str | int) -> str:
        return b64decode(callers.admin.get("/streams", params=query).json()["next"]).decode()

    assert cursor(limit=1) == "$position_gt=0"
    assert cursor(limit=3) == "$position_gt=2"
    last = standin.state.names[2].replace("/", "%2F")
    assert cursor(limit=3, sort="name") == f"name_gt={last}"


def test_the_last_page_has_no_next_even_when_it_is_full(callers: Callers) -> None:
    assert callers.admin.get("/streams", params={"limit": 12}).json()["next"] is None
    by_name = callers.admin.get("/streams", params={"limit": 12, "sort": "name"})
    assert by_name.json()["next"] is None


def test_a_position_skips_and_repeats_where_a_key_does_not(
    standin: StandIn, callers: Callers
) -> None:
    """A camera before the cursor is deleted, or added, between two pages."""
    owner = next(iter(standin.state.organizations))
    all_names = list(standin.state.names)
    standin.pages.before(2, lambda: standin.cameras.remove(all_names[0]), path="/streams")
    by_position = names(pages(callers.admin, "/streams", limit=5))
    assert by_position == [name for name in all_names if name != all_names[5]]

    standin.pages.before(
        2, lambda: standin.cameras.add("aaa", organization_id=owner), path="/streams"
    )
    by_position = names(pages(callers.admin, "/streams", limit=5))
    assert by_position.count(all_names[5]) == 2

    standin.pages.before(2, lambda: standin.cameras.remove("aaa"), path="/streams")
    by_name = names(pages(callers.admin, "/streams", limit=5, sort="name"))
    assert by_name == ["aaa", *all_names[1:]]


def test_a_camera_moves_between_two_pages(standin: StandIn, callers: Callers) -> None:
    one, other, *_rest = standin.state.organizations
    moved = standin.state.names[0]
    at_first = standin.state.cameras[moved].organization_id
    goes_to = other if at_first == one else one
    standin.pages.before(2, lambda: standin.cameras.move(moved, organization_id=goes_to))
    found = pages(callers.admin, "/streams", limit=5, sort="name")
    assert found[0]["streams"][0]["organization"]["id"] == at_first
    again = pages(callers.admin, "/streams", limit=5, sort="name")
    assert again[0]["streams"][0]["organization"]["id"] == goes_to


def test_a_deleted_point_and_an_unreadable_cursor(standin: StandIn, callers: Callers) -> None:
    first = callers.admin.get("/streams", params={"limit": 5, "sort": "name"}).json()
    rest = standin.state.names[5:]
    standin.cameras.remove(standin.state.names[4])
    query: dict[str, Any] = {"limit": 100, "sort": "name", "cursor": first["next"]}
    found = callers.admin.get("/streams", params=query).json()
    assert [one["name"] for one in found["streams"]] == rest
    for cursor in ("%%%", "JHBvc2l0aW9uX2d0PXg="):
        assert callers.admin.get("/streams", params={"cursor": cursor}).status_code == 400
    assert callers.admin.get("/streams", params={"limit": "0"}).status_code == 400


def test_users_and_organizations_by_id(standin: StandIn, callers: Callers) -> None:
    users = names(pages(callers.admin, "/users", limit=2, sort="id"), "users_list", "id")
    assert users == list(standin.state.users)
    found = pages(callers.client, "/organizations", limit=1, sort="-id")
    assert names(found, "organizations", "id") == list(standin.state.organizations)[::-1]


def test_select_keeps_what_is_needed(callers: Callers) -> None:
    query: dict[str, Any] = {"select": "title,organization.id", "limit": 3}
    for row in callers.admin.get("/streams", params=query).json()["streams"]:
        assert row.keys() == {"name", "title", "organization"}
        assert row["organization"].keys() == {"id"}


def test_a_search_finds_parts_of_names_and_titles(standin: StandIn, callers: Callers) -> None:
    found = callers.admin.get("/streams", params={"q": "LINDENHOF"}).json()
    expected = [name for name in standin.state.names if name.startswith("lindenhof")]
    assert [one["name"] for one in found["streams"]] == expected
    assert found["estimated_count"] == len(expected)


def test_the_client_scope_shows_member_organizations(standin: StandIn, callers: Callers) -> None:
    own = [name for name in standin.state.names if name.startswith("lindenhof")]
    foreign = next(name for name in standin.state.names if name not in own)
    found = callers.owner.get("/streams", params={"sort": "name"}).json()
    assert [one["name"] for one in found["streams"]] == own
    assert found["estimated_count"] == len(own)
    assert callers.owner.get(f"/streams/{foreign.replace('/', '%2F')}").status_code == 404
    assert len(callers.owner.get("/organizations").json()["organizations"]) == 1
    other = list(standin.state.organizations)[1]
    assert callers.owner.get(f"/organizations/{other}").status_code == 404


def test_offsets_of_v2(standin: StandIn, callers: Callers) -> None:
    def part(**query: int | str) -> list[str]:
        rows = callers.v2.get("/cameras", params=query).json()
        return [row["name"] for row in rows]

    assert part(limit=5) + part(limit=5, offset=5) + part(limit=5, offset=10) == part()
    headers = {"X-Page-Limit": "5", "X-Page-Offset": "10"}
    rows = callers.v2.get("/cameras", headers=headers).json()
    assert [row["name"] for row in rows] == standin.state.names[10:]
    assert part(search="lindenhof") == [n for n in standin.state.names if "lindenhof" in n]
    assert callers.v2.get("/cameras", params={"limit": "x"}).status_code == 400


def test_many_cameras_are_listed_whole() -> None:
    with StandIn(Size(organizations=20, cameras=3_000)) as standin, Callers(standin) as callers:
        query = {"limit": 500, "sort": "name", "select": "name,preset,disabled"}
        answers = pages(callers.admin, "/streams", **query)
        assert len(answers) == 6
        assert names(answers) == standin.state.names
        assert callers.standin.calls.to("/streams")[0].answer_bytes > 10_000


def test_the_garbage_of_a_test_run_does_not_stay() -> None:
    before = gc.get_freeze_count()
    StandIn(Size(organizations=3, cameras=12)).server.server_close()
    assert gc.get_freeze_count() == before


def test_a_long_answer_is_counted_and_not_kept(standin: StandIn, callers: Callers) -> None:
    for number in range(60):
        standin.cameras.add(f"more-{number}")
    callers.admin.get("/streams")
    callers.admin.get("/streams", params={"limit": 1})
    long, short = standin.calls.to("/streams")
    assert (long.answer, long.answer_bytes > 20_000) == (None, True)
    assert len(short.answer["streams"]) == 1
