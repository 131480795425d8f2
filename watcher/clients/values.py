"""Read the values of Watcher's objects. Absent, null and a value of another type mean the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from watcher.errors import UnexpectedAnswerError

Object = Mapping[str, Any]

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""What PostgreSQL cannot store: NUL, and halves of UTF-16 pairs, which JSON can have."""
LONGEST_ID = 100

# Milliseconds before 1980 or after 2200 are seconds, or nonsense.
_FIRST_MS, _LAST_MS = 315_532_800_000, 7_258_118_400_000


def text_of(row: Object, name: str) -> str:
    """Return a text, without what PostgreSQL cannot store, or "". Long texts are cut."""
    return whole_text_of(row, name)[:255]


def whole_text_of(row: Object, name: str) -> str:
    """Return a text of any length, without what PostgreSQL cannot store, or ""."""
    value = row.get(name)
    return storable(value) if isinstance(value, str) else ""


def storable(text: str) -> str:
    """Return a text without what PostgreSQL cannot store."""
    return _UNSTORABLE.sub("", text)


def is_storable(text: str) -> bool:
    """Return whether PostgreSQL can store a text as it is."""
    return not _UNSTORABLE.search(text)


def id_of(value: Any) -> str:
    """Return an id as text, or "" if it is none, or none that can be stored."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    fits = isinstance(value, str) and len(value) <= LONGEST_ID and is_storable(value)
    return value if fits else ""


def sent_id(text: str) -> int | str:
    """Return an id as it is sent: a number, if it is one."""
    return int(text) if text.isascii() and text.isdecimal() else text


def needed_id(row: Object) -> str:
    """Return the id of an object.

    Raises:
        UnexpectedAnswerError: it has none.
    """
    found = id_of(row.get("id"))
    if not found:
        raise UnexpectedAnswerError
    return found


def object_of(row: Object, name: str) -> Object:
    """Return an object inside another one, or an empty one."""
    value = row.get(name)
    return value if isinstance(value, dict) else {}


def number_of(row: Object, name: str) -> int | None:
    """Return a whole number that is not negative, or None."""
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value < 2**63 else None


def instant_of(row: Object, name: str) -> datetime | None:
    """Return an instant in milliseconds since 1970, cut to whole seconds, or None."""
    value = row.get(name)
    if not isinstance(value, int | float) or not _FIRST_MS <= value < _LAST_MS:
        return None
    return datetime.fromtimestamp(value // 1000, UTC)


def camera_paths(name: str) -> tuple[str, ...]:
    """Return how a camera's name can stand in a path: encoded as a whole, then with its slashes.

    A name with a part that is empty, `.` or `..` has only the first form: the second could be the
    path of another camera.
    """
    whole = quote(name, safe="")
    parts = name.split("/")
    if len(parts) == 1 or {"", ".", ".."} & set(parts):
        return (whole,)
    return whole, quote(name, safe="/")


def is_addressable(name: str) -> bool:
    """Return whether a name can stand in a path at all."""
    return name not in ("", ".", "..")
