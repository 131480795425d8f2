"""Requests, answers, and which function answers which request."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import unquote

from watcher.standin.state.records import User
from watcher.standin.state.refusals import invalid
from watcher.standin.state.watcher import Watcher

Base = Literal["client", "admin", "v2", "vsaas"]

BASES: dict[str, Base] = {
    "/watcher/client-api/v3": "client",
    "/watcher-client/api/v3": "client",
    "/watcher/admin-api/v3": "admin",
    "/vsaas/api/v2": "v2",
    "/vsaas": "vsaas",
}


@dataclass
class Request:
    """A call; `path` is below the base and still percent-encoded, `headers` have lower case."""

    method: str
    base: Base
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes
    params: dict[str, str] = field(default_factory=dict)
    user: User | None = None
    has_all_rights: bool = False

    @property
    def login(self) -> str:
        """Return who calls."""
        return self.user.name if self.user else "system"

    @property
    def caller(self) -> User:
        """Return the user who calls; the routes that are open never ask."""
        if self.user is None:
            raise invalid("This call needs a user", "")
        return self.user

    def id(self, name: str) -> int:
        """Return a part of the path that is an id.

        Raises:
            RefusedError: if it is not a number.
        """
        if not self.params[name].isdecimal():
            raise invalid("An id is a number", f"/{name}")
        return int(self.params[name])

    def json(self) -> Any:
        """Return the body.

        Raises:
            RefusedError: if it is not JSON.
        """
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise invalid("The body is not JSON", "") from error

    def json_object(self) -> dict[str, Any]:
        """Return the body, which is an object; an empty body is an empty object."""
        value = self.json() if self.body else {}
        if not isinstance(value, dict):
            raise invalid("The body is an object", "")
        return value


@dataclass
class Answer:
    """An answer: JSON, unless `text` is given; with neither it has no body."""

    status: int = 200
    body: Any = None
    text: str | None = None
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        """Return the bytes of the body."""
        if self.text is not None:
            return self.text.encode()
        if self.body is None:
            return b""
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()


Handler = Callable[[Watcher, Request], Answer]


@dataclass(frozen=True)
class Route:
    """Which function answers a method and path; `open` needs no credentials."""

    method: str
    template: str
    pattern: re.Pattern[str]
    bases: frozenset[Base]
    handler: Handler
    since: int
    open: bool


class Routes:
    """The routes of one part of the API."""

    def __init__(self) -> None:
        self.all: list[Route] = []

    def add(
        self, method: str, template: str, *bases: Base, since: int = 25, open: bool = False
    ) -> Callable[[Handler], Handler]:
        """Register a function for a path such as `/users/{id}`; `{name+}` may hold slashes."""
        parts = re.split(r"\{(\w+)(\+?)\}", template)
        pattern = re.escape(parts[0])
        for name, many, rest in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            pattern += f"(?P<{name}>{'.+' if many else '[^/]+'}){re.escape(rest)}"

        def register(handler: Handler) -> Handler:
            self.all.append(
                Route(method, template, re.compile(pattern), frozenset(bases), handler, since, open)
            )
            return handler

        return register


def decoded(params: Mapping[str, str | None]) -> dict[str, str]:
    """Return parts of a path without percent-encoding."""
    return {name: unquote(value) for name, value in params.items() if value is not None}
