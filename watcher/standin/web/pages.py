"""Which page of a list a call asks for, and what happens before it."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import RLock

from watcher.standin.web.messages import Request


@dataclass
class _Hook:
    path: str
    page: int
    do: Callable[[], object]


class Pages:
    """Count the pages of lists, and change things between two of them."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, str, str], int] = {}
        self._hooks: list[_Hook] = []
        self._lock = RLock()

    def before(self, page: int, do: Callable[[], object], *, path: str = "") -> None:
        """Call `do` once, before a page (from 1) is answered whose path begins with `path`."""
        with self._lock:
            self._hooks.append(_Hook(path, page, do))

    def clear(self) -> None:
        """Forget what was to happen."""
        with self._lock:
            self._hooks.clear()

    def number(self, request: Request) -> int:
        """Return the number of the page that a call asks for, 0 if it asks for no list."""
        if request.method != "GET":
            return 0
        if request.base == "v2":
            limit, offset = (request.query.get(name, "") for name in ("limit", "offset"))
            if limit.isdecimal() and offset.isdecimal() and int(limit):
                return int(offset) // int(limit) + 1
            return 1
        order = request.query.get("sort", "")
        key = (request.base, request.path, order)
        with self._lock:
            page = self._read.get(key, 0) + 1 if "cursor" in request.query else 1
            self._read[key] = page
        return page

    def run_hooks(self, request: Request, page: int) -> None:
        """Do what is to happen before a page."""
        with self._lock:
            due = [
                hook
                for hook in self._hooks
                if hook.page == page and page and request.path.startswith(hook.path)
            ]
            self._hooks = [hook for hook in self._hooks if hook not in due]
        for hook in due:
            hook.do()
