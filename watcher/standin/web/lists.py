"""Lists of API v3: pages, cursors, order, filters and a choice of fields."""

from base64 import b64decode, b64encode
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl, urlencode

from watcher.standin.state.refusals import RefusedError
from watcher.standin.state.switches import Switches

Row = TypeVar("Row")

_PAGE = 100
_OWN_PARAMETERS = {"limit", "cursor", "sort", "select", "q"}
_ENDINGS = ("_is_not", "_is", "_ne", "_gte", "_gt", "_lte", "_lt", "_like")


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """What a list shows: `keys` ascend, and `get` finds the row of a key.

    `key` names the unique field in an answer. `count` is how many are visible, if known.
    """

    field: str
    key: str
    keys: Sequence[Any]
    get: Callable[[Any], Row]
    show: Callable[[Row], dict[str, Any]]
    visible: Callable[[Row], bool] | None = None
    found: Callable[[Row, str], bool] | None = None
    count: int | None = None
    needed: tuple[str, ...] = ()
    known_parameters: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Page:
    rows: list[dict[str, Any]]
    next: str | None
    prev: str | None


def listed(listing: Listing[Row], query: dict[str, str], switches: Switches) -> dict[str, Any]:
    """Return the answer to a list call.

    Raises:
        RefusedError: for a limit or a cursor that cannot be read, or an order that is refused.
    """
    limit = _limit(query, switches)
    cursor = _read_cursor(query.get("cursor", ""))
    sort = [part for part in query.get("sort", "").split(",") if part]
    if sort and switches.sort == "refused":
        raise RefusedError(400, "invalid", "Sorting is not possible", "/sort")
    chosen = _Chosen(listing, query, switches)
    if not sort:
        page = _by_position(chosen, cursor, limit)
    elif sort[0].lstrip("-") == listing.key and len(sort) == 1:
        page = _by_key(chosen, cursor, limit, descending=sort[0].startswith("-"))
    else:
        page = _by_fields(chosen, cursor, limit, sort)
    return _answer(chosen, page, query, switches)


class _Chosen(Generic[Row]):
    """The rows of a listing that the caller sees and that match the filters."""

    def __init__(self, listing: Listing[Row], query: dict[str, str], switches: Switches) -> None:
        self.listing = listing
        self._q = query.get("q", "") if listing.found else ""
        self._filters = []
        if switches.filters_by_field == "applied":
            known = _OWN_PARAMETERS | listing.known_parameters
            self._filters = [(k, v) for k, v in query.items() if k not in known]
        self.descends = switches.default_order == "descending" and listing.key == "id"
        self.is_whole = not (listing.visible or self._q or self._filters)

    def matches(self, row: Row) -> bool:
        listing = self.listing
        if listing.visible and not listing.visible(row):
            return False
        if self._q and listing.found and not listing.found(row, self._q.lower()):
            return False
        if not self._filters:
            return True
        shown = listing.show(row)
        return all(_matches(shown, name, value) for name, value in self._filters)

    def rows(self, keys: Iterator[Any]) -> Iterator[Row]:
        get = self.listing.get
        return (row for row in map(get, keys) if self.is_whole or self.matches(row))

    def estimate(self) -> int:
        if not self._q and not self._filters and self.listing.count is not None:
            return self.listing.count
        if self.is_whole:
            return len(self.listing.keys)
        return sum(1 for _row in self.rows(iter(self.listing.keys)))


def _by_position(chosen: _Chosen[Row], cursor: dict[str, str], limit: int) -> _Page:
    """Return a page by its position, which shifts when rows before it come or go."""
    keys = chosen.listing.keys
    show = chosen.listing.show
    ordered: Iterator[Any]
    if "$position_lt" in cursor:
        end = int(cursor["$position_lt"])
        begin = max(0, end - limit)
    else:
        begin = int(cursor.get("$position_gt", -1)) + 1
        end = begin + limit
    if chosen.is_whole:
        last = len(keys) - 1
        wanted = range(begin, min(end + 1, len(keys)))
        ordered = (keys[last - at] if chosen.descends else keys[at] for at in wanted)
        rows = list(chosen.rows(ordered))
    else:
        ordered = reversed(keys) if chosen.descends else iter(keys)
        rows = list(islice(chosen.rows(ordered), begin, end + 1))
    page = rows[: end - begin]
    following = f"$position_gt={begin + len(page) - 1}" if len(rows) > len(page) else None
    before = f"$position_lt={begin}&$reversed=true" if begin and page else None
    return _Page([show(row) for row in page], following, before)


def _by_key(chosen: _Chosen[Row], cursor: dict[str, str], limit: int, *, descending: bool) -> _Page:
    """Return a page by the key of the row before it, which stays right whatever changes."""
    listing, keys = chosen.listing, chosen.listing.keys
    backward = cursor.get("$reversed") == "true"
    rises = descending == backward
    point = next((v for k, v in cursor.items() if k.startswith(f"{listing.key}_")), None)
    order: Iterator[Any]
    if point is None:
        order = iter(keys) if rises else reversed(keys)
    else:
        value = _key_of(point, keys)
        cut = bisect_right(keys, value) if rises else bisect_left(keys, value)
        indices = range(cut, len(keys)) if rises else range(cut - 1, -1, -1)
        order = (keys[at] for at in indices)
    rows = list(islice(chosen.rows(order), limit + 1))
    page, has_more = rows[:limit], len(rows) > limit
    if backward:
        page.reverse()
    shown = [listing.show(row) for row in page]
    if not shown:
        return _Page([], None, None)
    after, until = ("lt", "gt") if descending else ("gt", "lt")
    following = f"{listing.key}_{after}={_quoted(shown[-1][listing.key])}"
    before = f"{listing.key}_{until}={_quoted(shown[0][listing.key])}&$reversed=true"
    has_before = has_more if backward else point is not None
    return _Page(shown, following if backward or has_more else None, before if has_before else None)


def _by_fields(chosen: _Chosen[Row], cursor: dict[str, str], limit: int, sort: list[str]) -> _Page:
    """Return a page in the order of any fields; as in Flussonic's library, ties can be lost."""
    shown = [chosen.listing.show(row) for row in chosen.rows(iter(chosen.listing.keys))]
    for part in reversed(sort):
        name = part.lstrip("-")
        shown.sort(key=lambda row, name=name: _sortable(_at(row, name)), reverse=part[0] == "-")  # type: ignore[misc]
    shown = [row for row in shown if all(_matches(row, k, v) for k, v in cursor.items())]
    page = shown[:limit]
    following = None
    if len(shown) > limit:
        ends = [(part.lstrip("-"), "_lt" if part[0] == "-" else "_gt") for part in sort]
        following = urlencode([(name + end, _text(_at(page[-1], name))) for name, end in ends])
    return _Page(page, following, None)


def _answer(
    chosen: _Chosen[Row], page: _Page, query: dict[str, str], switches: Switches
) -> dict[str, Any]:
    listing = chosen.listing
    rows = page.rows
    if query.get("select"):
        paths = [*query["select"].split(","), *listing.needed]
        rows = [_selected(row, paths) for row in rows]
    answer: dict[str, Any] = {}
    if rows or switches.empty_list == "array":
        answer[listing.field] = rows
    for name, text in (("next", page.next), ("prev", page.prev)):
        if text is not None:
            answer[name] = b64encode(text.encode()).decode()
        elif switches.end_of_list == "null":
            answer[name] = None
    if switches.estimated_count != "absent":
        count = chosen.estimate()
        answer["estimated_count"] = (
            count if switches.estimated_count == "right" else round(count * 1.1) + 1
        )
    return answer


def _limit(query: dict[str, str], switches: Switches) -> int:
    text = query.get("limit", str(_PAGE))
    if not text.isdecimal() or int(text) < 1:
        raise RefusedError(400, "invalid", "The limit is a number from 1", "/limit")
    return min(int(text), switches.largest_page or int(text))


def _read_cursor(text: str) -> dict[str, str]:
    try:
        cursor = dict(parse_qsl(b64decode(text, validate=True).decode(), strict_parsing=bool(text)))
        for name in ("$position_gt", "$position_lt"):
            int(cursor.get(name, 0))
    except ValueError as error:
        raise RefusedError(400, "invalid", "The cursor cannot be read", "/cursor") from error
    return cursor


def _key_of(text: str, keys: Sequence[Any]) -> Any:
    if keys and isinstance(keys[0], int):
        if not text.isdecimal():
            raise RefusedError(400, "invalid", "The cursor cannot be read", "/cursor")
        return int(text)
    return text


def _quoted(value: Any) -> str:
    return urlencode({"": value})[1:]


def _at(row: Any, path: str) -> Any:
    for part in path.split("."):
        row = row.get(part) if isinstance(row, dict) else None
    return row


def _sortable(value: Any) -> tuple[int, Any]:
    if isinstance(value, str):
        return 2, value
    return (1, value) if isinstance(value, int | float) else (0, 0)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


def _matches(row: dict[str, Any], name: str, value: str) -> bool:
    """Tell whether a row matches a filter such as `title_like=gate` or `id=1,2`."""
    if name.startswith("$"):
        return True
    ending = next((one for one in _ENDINGS if name.endswith(one)), "")
    actual = _at(row, name.removesuffix(ending))
    if ending in {"_is", "_is_not"}:
        return (actual is None) == (ending == "_is")
    if ending == "_like":
        return value.lower() in _text(actual).lower()
    if ending in {"", "_ne"}:
        return (_text(actual) in value.split(",")) == (ending == "")
    try:
        wanted = _sortable(type(actual)(value) if isinstance(actual, int | float) else value)
    except ValueError:
        return False
    held = _sortable(actual)
    return {
        "_gt": held > wanted,
        "_gte": held >= wanted,
        "_lt": held < wanted,
        "_lte": held <= wanted,
    }[ending]


def _selected(row: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    if "." not in "".join(paths):
        return {path: row[path] for path in paths if path in row}
    for path in paths:
        head, _dot, rest = path.partition(".")
        if head not in row:
            continue
        if rest and isinstance(row[head], dict):
            part = _selected(row[head], [rest])
            kept = chosen.get(head)
            chosen[head] = {**kept, **part} if isinstance(kept, dict) else part
        else:
            chosen[head] = row[head]
    return chosen
