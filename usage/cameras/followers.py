"""Tell higher layers that the use of cameras was changed, in the transaction of the change.

A platform's app calls `register`, to change the cameras there as well. Changes that the platform
has made itself are told to nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from enum import Enum

from foundation.followers import Followers


class Change(Enum):
    """What was done to the use of cameras."""

    CONNECTED = "connected"
    CHANGED = "changed"
    """They are in use as before, on another tariff or by another organization."""
    DISCONNECTED = "disconnected"


_followers = Followers[[Collection[int], Change, datetime]]()
register = _followers.register
_tells = ContextVar("_tells", default=True)


def tell(camera_ids: Collection[int], change: Change, now: datetime) -> None:
    """Pass on what was done to cameras, by id, and when; unless it comes from a platform."""
    if _tells.get():
        _followers.tell(camera_ids, change, now)


@contextmanager
def untold() -> Iterator[None]:
    """Tell nobody of the changes that the block makes."""
    token = _tells.set(False)
    try:
        yield
    finally:
        _tells.reset(token)
