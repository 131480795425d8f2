"""Let higher layers follow changes of a lower one, which knows nothing of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")


class Followers(Generic[P]):
    """Functions that are called with a change, in its transaction, in the order of registration."""

    def __init__(self) -> None:
        """Begin with none."""
        self._followers: list[Callable[P, object]] = []

    def register(self, follower: Callable[P, object]) -> None:
        """Have a function called after each change; once, however often it is registered."""
        if follower not in self._followers:
            self._followers.append(follower)

    def tell(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Call all of them."""
        for follower in self._followers:
            follower(*args, **kwargs)
