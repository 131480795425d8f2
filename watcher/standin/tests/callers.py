"""HTTP clients that are signed in."""

from contextlib import ExitStack
from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx

from watcher.standin.seed import ADMINISTRATOR, SERVICE_USER
from watcher.standin.standin import StandIn

# Longer than any answer takes on a busy machine.
_PATIENCE = 60


def tokens(base: str, name: str, password: str) -> dict[str, str]:
    """Sign in and return the tokens."""
    answer = httpx.post(f"{base}/login", auth=(name, password), timeout=_PATIENCE)
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json()
    return found


def at(name: str) -> str:
    """Return the path of a camera."""
    return f"/streams/{quote(name, safe='')}"


class Callers:
    """Clients of each API, signed in when they are first asked for."""

    def __init__(self, standin: StandIn) -> None:
        self.standin = standin
        self._stack = ExitStack()
        self._known: dict[tuple[str, str], httpx.Client] = {}

    @property
    def admin(self) -> httpx.Client:
        """The administrator in the admin scope of API v3."""
        return self.v3(self.standin.admin_base, *ADMINISTRATOR)

    @property
    def client(self) -> httpx.Client:
        """The service user in the client scope of API v3."""
        return self.v3(self.standin.client_base, *SERVICE_USER)

    @property
    def owner(self) -> httpx.Client:
        """The owner of the first organization in the client scope of API v3."""
        return self.v3(self.standin.client_base, "lindenhof-eg", "owner-of-lindenhof-eg")

    @property
    def v2(self) -> httpx.Client:
        """API v2 with the system key."""
        key = self.standin.sessions.system_key
        return self._kept(self.standin.v2_base, "", {"X-Vsaas-Api-Key": key})

    def v3(self, base: str, name: str, password: str) -> httpx.Client:
        """Return a client of API v3 that a user has signed in."""
        if (base, name) in self._known:
            return self._known[base, name]
        token = tokens(base, name, password)["access_token"]
        return self._kept(base, name, {"Authorization": f"Bearer {token}"})

    def _kept(self, base: str, name: str, headers: dict[str, str]) -> httpx.Client:
        if (base, name) not in self._known:
            client = httpx.Client(base_url=base, headers=headers, timeout=_PATIENCE)
            self._known[base, name] = self._stack.enter_context(client)
        return self._known[base, name]

    def __enter__(self) -> "Callers":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()


def pages(client: httpx.Client, path: str, **query: Any) -> list[dict[str, Any]]:
    """Return the answers to a list call and to those that follow it by cursor."""
    answers: list[dict[str, Any]] = []
    while not answers or answers[-1].get("next"):
        cursor = {"cursor": answers[-1]["next"]} if answers else {}
        answer = client.get(path, params={**query, **cursor})
        assert answer.status_code == 200, answer.text
        answers.append(answer.json())
    return answers


def names(answers: list[dict[str, Any]], field: str = "streams", key: str = "name") -> list[Any]:
    """Return the keys of all rows of some pages."""
    return [row[key] for answer in answers for row in answer.get(field, ())]
