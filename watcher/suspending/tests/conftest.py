"""Provide a Watcher in which organizations can be suspended."""

from collections.abc import Iterator

import pytest

from watcher.clients import transport
from watcher.reading.tests.worlds import World, a_world, link_all


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Repeat no call, and forget that a host wanted no calls."""
    monkeypatch.setattr("watcher.connection.clients.WAITS", ())
    transport._gates.clear()
    yield
    transport._gates.clear()


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """A Watcher with twelve cameras, of which no one is off, read once and linked."""
    with a_world(cameras=12) as world:
        for camera in world.standin.state.cameras.values():
            camera.disabled = False
        link_all(world)
        world.connection.suspends = True
        world.connection.save()
        yield world
