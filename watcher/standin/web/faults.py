"""Errors on order: which calls go wrong, and how."""

import random
from dataclasses import dataclass, field
from threading import RLock
from typing import Literal, get_args

Kind = Literal[
    "expired",
    "forbidden",
    "missing",
    "conflict",
    "refused",
    "too_many",
    "broken",
    "bad_gateway",
    "unavailable",
    "redirected",
    "cut",
    "not_json",
    "closed",
    "silent",
    "late",
]

STATUSES = {
    "expired": 401,
    "forbidden": 403,
    "missing": 404,
    "conflict": 409,
    "refused": 400,
    "too_many": 429,
    "broken": 500,
    "bad_gateway": 502,
    "unavailable": 503,
    "redirected": 301,
}
# These concern an answer, so the call has taken effect.
_AFTER = {"cut", "not_json"}
_SIGN_IN = ("/login", "/auth/login", "/autologin")


@dataclass
class Fault:
    """An error on order.

    It meets calls whose path, below the base, begins with `path`, and the `method` and the `page`
    of a list (from 1), if they are given; sign-in only if `path` names it. It meets the next
    `calls` of them, or without a number all, each with the chance `share`, drawn with `seed`.

    `kind` is an HTTP status by name; `cut` (the body ends early), `not_json`, `closed` (the
    connection is closed without an answer), `silent` (no answer comes), or `late` (the answer
    comes after `seconds`). With `after`, the call has taken effect before. `retry_after` and
    `location` are headers.
    """

    kind: Kind
    calls: int | None = 1
    path: str = ""
    method: str = ""
    page: int | None = None
    share: float = 1
    seed: int = 1
    after: bool = False
    seconds: float = 0
    retry_after: str = ""
    location: str = ""
    happened: int = 0
    _chance: random.Random = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"kind is one of {', '.join(get_args(Kind))}, not {self.kind!r}.")
        self.after = self.after or self.kind in _AFTER
        self._chance = random.Random(self.seed)

    def meets(self, method: str, path: str, page: int) -> bool:
        """Tell whether a call goes wrong, and count it."""
        if self.calls is not None and self.happened >= self.calls:
            return False
        if self.path and not path.startswith(self.path):
            return False
        if not self.path and path in _SIGN_IN:
            return False
        if self.method not in {"", method} or self.page not in {None, page}:
            return False
        if self.share < 1 and self._chance.random() >= self.share:
            return False
        self.happened += 1
        return True


class Faults:
    """The errors that are on order; the first that meets a call counts."""

    def __init__(self) -> None:
        self.ordered: list[Fault] = []
        self._lock = RLock()

    def order(self, kind: Kind, **how: object) -> Fault:
        """Order errors as `Fault` describes, and return the order, which counts them.

        Raises:
            ValueError, TypeError: for an unknown kind or option.
        """
        fault = Fault(kind, **how)  # type: ignore[arg-type]
        with self._lock:
            self.ordered.append(fault)
        return fault

    def clear(self) -> None:
        """Let everything go right again."""
        with self._lock:
            self.ordered.clear()

    def meeting(self, method: str, path: str, page: int) -> Fault | None:
        """Return the error that a call meets, if any."""
        with self._lock:
            return next((one for one in self.ordered if one.meets(method, path, page)), None)
