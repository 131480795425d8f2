"""Read Watcher's lists to their end, whatever changes meanwhile.

A list is asked for in the order of a unique field, so that its cursors name the last row and not a
position. Rows that come twice are yielded once, a cursor that comes twice is an error, and so is a
list far from the length that Watcher estimates. Where Watcher knows no such order, the list is read
until two readings agree.
"""

from __future__ import annotations

import pickle
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from tempfile import TemporaryFile
from typing import Any, Generic, TypeVar

from watcher.errors import IncompleteListError, RefusedByPlatformError, UnexpectedAnswerError

ROWS_A_PAGE = 500
MOST_READINGS = 5
"""How often a list without an order is read at most, until two readings agree."""
_MOST_PAGES_WITHOUT_NEWS = 20
_FEW = 1_000
"""The difference in rows from an estimate that is not suspicious."""

Row = Mapping[str, Any]
Value = TypeVar("Value")


@dataclass(frozen=True)
class ListOf(Generic[Value]):
    """A list to read: where its rows are in an answer, what they are, and what identifies each."""

    key: str
    parse: Callable[[Row], Value]
    identify: Callable[[Value], str]
    sort: str = "id"
    select: str = ""
    filters: tuple[tuple[str, str], ...] = ()


class _NoOrderError(Exception):
    """The list has cursors of positions."""


def read_pages(
    fetch: Callable[[dict[str, str]], dict[str, Any]], asked: ListOf[Value]
) -> Iterator[list[Value]]:
    """Yield the pages of a list of v3, each row once. `fetch` gets a page by its query.

    Raises:
        IncompleteListError: it broke off, or two readings did not agree.
        PlatformError: of `fetch`.
    """
    # A version may refuse `select`, or the order.
    for attempt in dict.fromkeys((asked, replace(asked, select=""))):
        try:
            yield from _in_order(fetch, attempt)
        except RefusedByPlatformError:
            continue
        except _NoOrderError:
            yield from _until_two_agree(fetch, replace(attempt, sort=""))
        return
    yield from _until_two_agree(fetch, replace(asked, sort="", select=""))


def _in_order(
    fetch: Callable[[dict[str, str]], dict[str, Any]], asked: ListOf[Value]
) -> Iterator[list[Value]]:
    """Yield the pages of a list with an order.

    Raises:
        RefusedByPlatformError: the first page is refused, as asked for.
        _NoOrderError: the list has no order. Nothing was yielded.
    """
    first = fetch(_query(asked, None))
    if _is_position(_cursor(first)):
        raise _NoOrderError
    try:
        yield from _following(fetch, asked, first)
    except RefusedByPlatformError as error:
        raise IncompleteListError(error.said) from None


def _following(
    fetch: Callable[[dict[str, str]], dict[str, Any]], asked: ListOf[Value], page: dict[str, Any]
) -> Iterator[list[Value]]:
    """Yield the rows of a first page, and of those that follow it."""
    seen: set[str] = set()
    cursors: set[str] = set()
    without_news = 0
    while True:
        fresh = []
        for value in map(asked.parse, _rows(page, asked.key)):
            name = asked.identify(value)
            if name not in seen:
                seen.add(name)
                fresh.append(value)
        if fresh:
            yield fresh
        without_news = 0 if fresh else without_news + 1
        estimate, cursor = _estimate(page), _cursor(page)
        if not cursor:
            break
        too_many = estimate is not None and len(seen) > 2 * estimate + _FEW
        if cursor in cursors or too_many or without_news > _MOST_PAGES_WITHOUT_NEWS:
            raise IncompleteListError
        cursors.add(cursor)
        page = fetch(_query(asked, cursor))
    if estimate is not None and len(seen) < estimate * 0.7 and estimate - len(seen) > 10:
        raise IncompleteListError


def _until_two_agree(
    fetch: Callable[[dict[str, str]], dict[str, Any]], asked: ListOf[Value]
) -> Iterator[list[Value]]:
    """Yield the pages of a list without an order, once two readings of it are the same."""
    before = None
    for _reading in range(MOST_READINGS):
        with TemporaryFile() as file:
            digest, count = 0, 0
            for page in _following(fetch, asked, fetch(_query(asked, None))):
                pickle.dump(page, file)
                count += 1
                for value in page:
                    # The same rows in another order are the same list.
                    digest ^= int.from_bytes(blake2b(repr(value).encode(), digest_size=16).digest())
            if digest == before:
                file.seek(0)
                for _number in range(count):
                    yield pickle.load(file)
                return
            before = digest
    raise IncompleteListError


def read_offsets(
    fetch: Callable[[dict[str, str]], Any],
    *,
    parse: Callable[[Row], Value],
    identify: Callable[[Value], str],
    sort: str,
) -> Iterator[list[Value]]:
    """Yield the pages of a list of v2, each row once. `fetch` gets an array by its query.

    The offset of a page is half a page after the one before, so that up to as many rows may be
    deleted meanwhile without another being skipped. The list ends where nothing is new. Watcher may
    return shorter pages than asked for, so a short page is not the end.

    Raises:
        IncompleteListError: the list does not end.
        PlatformError: of `fetch`.
    """
    seen: set[str] = set()
    offset, longest, without_news = 0, 0, 0
    query = {"limit": str(ROWS_A_PAGE), "sort": sort}
    while True:
        try:
            rows = fetch({**query, "offset": str(offset)})
        except RefusedByPlatformError:
            if offset or "sort" not in query:
                raise
            del query["sort"]
            continue
        fresh = []
        for value in map(parse, _checked(rows)):
            name = identify(value)
            if name not in seen:
                seen.add(name)
                fresh.append(value)
        if fresh:
            yield fresh
        longest = max(longest, len(rows))
        without_news = 0 if fresh else without_news + 1
        if not rows or (not fresh and len(rows) < longest):
            return
        if without_news > _MOST_PAGES_WITHOUT_NEWS:
            raise IncompleteListError
        offset += max(len(rows) // 2, 1)


def _query(asked: ListOf[Any], cursor: str | None) -> dict[str, str]:
    query = {"limit": str(ROWS_A_PAGE), "sort": asked.sort, "select": asked.select}
    query |= dict(asked.filters)
    if cursor:
        query["cursor"] = cursor
    return {name: value for name, value in query.items() if value}


def _rows(page: Mapping[str, Any], key: str) -> list[Row]:
    return _checked(page.get(key) or [])


def _checked(rows: Any) -> list[Row]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UnexpectedAnswerError
    return rows


def _cursor(page: Mapping[str, Any]) -> str:
    cursor = page.get("next") or ""
    if not isinstance(cursor, str):
        raise UnexpectedAnswerError
    return cursor


def _estimate(page: Mapping[str, Any]) -> int | None:
    estimate = page.get("estimated_count")
    return estimate if isinstance(estimate, int) and estimate >= 0 else None


def _is_position(cursor: str) -> bool:
    """Return whether a cursor is an offset in disguise, `$position_gt=99` in Base64."""
    try:
        return b"position_" in b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        return False
