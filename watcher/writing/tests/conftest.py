"""Provide a Watcher to write to."""

import pytest

from watcher.clients import transport
from watcher.reading.tests.conftest import unlinked, world
from watcher.reading.tests.worlds import World, live_by
from watcher.writing.tests.worlds import Writer

__all__ = ["unlinked", "world", "writer"]


@pytest.fixture
def writer(world: World, monkeypatch: pytest.MonkeyPatch) -> Writer:
    """A Watcher that was read once, with everything linked, whose clock is ours.

    Calls are not repeated by the client, so that faults reach the job.
    """
    live_by(world, monkeypatch)
    monkeypatch.setattr(transport, "WAITS", ())
    monkeypatch.setattr("watcher.connection.clients.WAITS", ())
    return Writer(world)
