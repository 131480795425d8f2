"""Lists of API v2, which are bare arrays with limit and offset."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, TypeVar

from watcher.standin.state.refusals import invalid
from watcher.standin.state.watcher import Watcher
from watcher.standin.web.messages import Answer, Request

Row = TypeVar("Row")


def array(
    watcher: Watcher,
    request: Request,
    rows: Iterable[Row],
    show: Callable[[Row], dict[str, Any]],
    *,
    searched: tuple[str, ...] = (),
) -> Answer:
    """Answer with a part of the rows, in the order given or that of `sort`.

    Raises:
        RefusedError: for a limit or offset that is not a number.
    """
    limit = _number(request, "limit", watcher.switches.v2_default_page)
    offset = _number(request, "offset", 0)
    end = offset + limit if limit else None
    search, sort = request.query.get("search", "").lower(), request.query.get("sort", "")
    if not search and not sort:
        return Answer(body=[show(row) for row in islice(rows, offset, end)])
    shown = [show(row) for row in rows]
    if search:
        shown = [
            row for row in shown if any(search in str(row.get(k, "")).lower() for k in searched)
        ]
    name = sort.lstrip("-")
    if name:
        shown.sort(key=lambda row: str(row.get(name, "")), reverse=sort.startswith("-"))
    return Answer(body=shown[offset:end])


def _number(request: Request, name: str, default: int) -> int:
    text = request.query.get(name, request.headers.get(f"x-page-{name}", str(default)))
    if not text.isdecimal():
        raise invalid("This is a number", f"/{name}")
    return int(text)
