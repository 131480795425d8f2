"""The record of what was asked and answered."""

import json
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MASKED = "***"

_SECRET_HEADERS = {"authorization", "x-vsaas-api-key", "x-vsaas-apikey", "x-vsaas-session"}
_SECRET_FIELDS = {
    "password",
    "apikey",
    "access_token",
    "refresh_token",
    "autologin_token",
    "session",
    "token",
    "invite_key",
}
_USER_IN_URL = re.compile(r"(?<=://)[^/@\s\"]+@")
# Longer bodies, such as pages of lists, are counted only.
_LONGEST = 20_000


@dataclass(frozen=True)
class Call:
    """A call and its answer, with credentials masked.

    `path` is as sent, with the base. A body is JSON where it can be read, otherwise text; it is
    None if it is empty or longer than 20,000 bytes. `status` is 0 if no answer was sent.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    status: int
    answer: Any
    answer_bytes: int
    fault: str
    page: int


class Calls:
    """The last 10,000 calls, oldest first."""

    def __init__(self) -> None:
        self.all: deque[Call] = deque(maxlen=10_000)

    def clear(self) -> None:
        """Forget the calls so far."""
        self.all.clear()

    def to(self, path: str, method: str = "") -> list[Call]:
        """Return the calls whose path contains a text, of one method if it is given."""
        return [one for one in list(self.all) if path in one.path and method in {"", one.method}]


def masked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers; of credentials only the kind is left."""
    shown = dict(headers)
    for name in _SECRET_HEADERS & shown.keys():
        scheme, space, _value = shown[name].partition(" ")
        shown[name] = f"{scheme} {MASKED}" if space else MASKED
    return shown


def masked_query(query: Mapping[str, str]) -> dict[str, str]:
    """Return the query without credentials."""
    return {k: MASKED if k in _SECRET_FIELDS else v for k, v in query.items()}


def masked_body(content: bytes) -> Any:
    """Return a body without credentials, or None."""
    if not content or len(content) > _LONGEST:
        return None
    text = content.decode("utf-8", "replace")
    try:
        return _masked(json.loads(text))
    except ValueError:
        return _without_passwords(text)


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: MASKED if k in _SECRET_FIELDS and v else _masked(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_masked(one) for one in value]
    return _USER_IN_URL.sub(f"{MASKED}@", value) if isinstance(value, str) else value


def _without_passwords(text: str) -> str:
    """Mask the column of passwords of a CSV file, and passwords in addresses."""
    lines = text.splitlines()
    columns = lines[0].split(",") if lines else []
    if "password" in columns:
        at = columns.index("password")
        for number, line in enumerate(lines[1:], 1):
            cells = line.split(",")
            cells[at : at + 1] = [MASKED]
            lines[number] = ",".join(cells)
        text = "\n".join(lines)
    return _USER_IN_URL.sub(f"{MASKED}@", text)
