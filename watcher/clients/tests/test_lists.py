"""Lists are read as a whole, once each row, or not at all."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from watcher.clients.lists import ListOf, read_offsets, read_pages
from watcher.errors import (
    FailedError,
    IncompleteListError,
    RefusedByPlatformError,
    UnexpectedAnswerError,
)

LIST = ListOf(
    "streams", lambda row: str(row["name"]), lambda name: name, sort="name", select="name"
)
Query = dict[str, str]


class Server:
    """A list of names with cursors, as Watcher has it."""

    def __init__(self, names: list[str], *, a_page: int = 3, **extra: Any) -> None:
        self.names, self.a_page, self.extra = names, a_page, extra
        self.queries: list[Query] = []
        self.between: Callable[[int], None] = lambda _number: None
        self.knows = {"limit", "sort", "select", "cursor"}
        self.ends_with: Mapping[str, Any] = {"next": None}

    def __call__(self, query: Query) -> dict[str, Any]:
        self.queries.append(query)
        self.between(len(self.queries))
        if set(query) - self.knows:
            raise RefusedByPlatformError
        by_name = "sort" in query
        names = sorted(self.names) if by_name else list(self.names)
        after = query.get("cursor", "")
        if by_name:
            rest = [each for each in names if each > after]
        else:
            rest = names[int(after.removeprefix("p") or 0) :]
        page = rest[: self.a_page]
        answer: dict[str, Any] = {"streams": [{"name": each} for each in page], **self.extra}
        if len(rest) > self.a_page:
            position = len(names) - len(rest) + self.a_page
            answer["next"] = page[-1] if by_name else f"p{position}"
        else:
            answer |= self.ends_with
        return answer


def read(server: Server) -> list[str]:
    return [name for page in read_pages(server, LIST) for name in page]


NAMES = [f"cam-{number:02}" for number in range(10)]


@pytest.mark.parametrize("end", [{"next": None}, {}, {"next": ""}])
@pytest.mark.parametrize("count", [0, 1, 3, 6, 10])
def test_all_pages_are_read_whatever_the_end_looks_like(end: dict[str, Any], count: int) -> None:
    server = Server(NAMES[:count])
    server.ends_with = end

    assert read(server) == NAMES[:count]

    for query in server.queries:
        assert (query["sort"], query["limit"], query["select"]) == ("name", "500", "name")


def test_an_absent_list_is_empty() -> None:
    assert list(read_pages(lambda _query: {"estimated_count": 0}, LIST)) == []


def test_changes_between_pages_skip_no_row_and_repeat_none() -> None:
    server = Server(list(NAMES))

    def change(number: int) -> None:
        if number == 2:
            server.names.remove("cam-00")
            server.names.append("cam-00a")

    server.between = change

    assert read(server) == NAMES


def test_a_row_that_comes_twice_is_yielded_once() -> None:
    pages: Any = iter(
        [
            {"streams": [{"name": "a"}, {"name": "b"}], "next": "x"},
            {"streams": [{"name": "b"}, {"name": "c"}]},
        ]
    )

    assert list(read_pages(lambda _query: next(pages), LIST)) == [["a", "b"], ["c"]]


def test_a_cursor_that_comes_again_is_an_error() -> None:
    with pytest.raises(IncompleteListError):
        list(read_pages(lambda query: {"streams": [{"name": str(query)}], "next": "x"}, LIST))


def test_cursors_without_end_are_an_error() -> None:
    numbers = iter(range(10_000))

    with pytest.raises(IncompleteListError):
        list(read_pages(lambda _query: {"streams": [], "next": f"{next(numbers)}"}, LIST))


@pytest.mark.parametrize("estimate", [0, 9, 11, 14, None])
def test_an_estimate_may_be_wrong(estimate: int | None) -> None:
    assert read(Server(NAMES, estimated_count=estimate)) == NAMES


def test_a_list_far_shorter_than_estimated_is_an_error() -> None:
    with pytest.raises(IncompleteListError):
        read(Server(NAMES, estimated_count=100))


def test_an_error_in_the_middle_ends_the_list_with_that_error() -> None:
    server = Server(NAMES)

    def fail(number: int) -> None:
        if number == 3:
            raise FailedError(status=500)

    server.between = fail

    with pytest.raises(FailedError):
        read(server)


def test_a_refusal_in_the_middle_does_not_start_another_reading() -> None:
    server = Server(NAMES)

    def fail(number: int) -> None:
        if number == 3:
            raise RefusedByPlatformError

    server.between = fail

    with pytest.raises(IncompleteListError):
        read(server)


def test_a_version_without_select_is_asked_without() -> None:
    server = Server(NAMES)
    server.knows = {"limit", "sort", "cursor"}

    assert read(server) == NAMES


def test_a_version_without_order_is_read_until_two_readings_agree() -> None:
    server = Server(list(reversed(NAMES)))
    server.knows = {"limit", "cursor"}
    removed: list[str] = []

    def change(number: int) -> None:
        # Refusals of the order take two calls; this is within the first reading.
        if number == 4 and not removed:
            removed.append(server.names.pop(0))

    server.between = change

    assert sorted(read(server)) == NAMES[:-1]
    # Two refusals, then three readings: the first differs from the second.
    assert [each.get("cursor") is None for each in server.queries].count(True) == 5


def test_positions_in_disguise_are_noticed() -> None:
    cursor = b64encode(b"$position_gt=3").decode().rstrip("=")
    calls: list[Query] = []

    def fetch(query: Query) -> dict[str, Any]:
        calls.append(query)
        if "cursor" in query:
            return {"streams": [{"name": "b"}]}
        return {"streams": [{"name": "a"}], "next": cursor}

    assert list(read_pages(fetch, LIST)) == [["a"], ["b"]]
    assert [("sort" in each, "cursor" in each) for each in calls] == [
        (True, False),
        *[(False, False), (False, True)] * 2,
    ]


def test_a_list_that_always_changes_is_given_up() -> None:
    numbers = iter(range(10_000))

    def fetch(query: Query) -> dict[str, Any]:
        if "sort" in query:
            raise RefusedByPlatformError
        return {"streams": [{"name": f"{next(numbers)}"}]}

    with pytest.raises(IncompleteListError):
        list(read_pages(fetch, LIST))


@pytest.mark.parametrize("page", [{"streams": {}}, {"streams": ["a"]}, {"streams": [], "next": 5}])
def test_a_list_of_something_else_is_an_error(page: dict[str, Any]) -> None:
    if page["streams"] == {}:
        page = {"streams": {"a": 1}}
    with pytest.raises(UnexpectedAnswerError):
        list(read_pages(lambda _query: page, LIST))


# --- API v2 --------------------------------------------------------------------------------------


def offsets(
    names: list[str], most: int, change: Callable[[int], None] = lambda _number: None
) -> Any:
    calls = []

    def fetch(query: Query) -> list[dict[str, str]]:
        calls.append(query)
        change(len(calls))
        offset = int(query["offset"])
        return [{"name": each} for each in sorted(names)[offset : offset + most]]

    return fetch


def read_v2(fetch: Any) -> list[str]:
    pages = read_offsets(
        fetch, parse=lambda row: str(row["name"]), identify=lambda name: name, sort="name"
    )
    return [name for page in pages for name in page]


@pytest.mark.parametrize("count", [0, 1, 4, 5, 8, 10])
@pytest.mark.parametrize("most", [1, 2, 4, 100])
def test_all_offsets_are_read_though_pages_are_shorter_than_asked_for(
    count: int, most: int
) -> None:
    assert read_v2(offsets(NAMES[:count], most)) == NAMES[:count]


def test_deletions_between_offsets_skip_no_row() -> None:
    names = list(NAMES)

    def delete(number: int) -> None:
        if number in (2, 3):
            names.pop(0)

    assert read_v2(offsets(names, 4, delete)) == NAMES


def test_a_v2_list_of_something_else_is_an_error() -> None:
    with pytest.raises(UnexpectedAnswerError):
        read_v2(lambda _query: {"cameras": []})
