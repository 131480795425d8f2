"""Provide a Watcher to read."""

from collections.abc import Iterator

import pytest

from watcher.reading.tests.worlds import World, a_world, link_all


@pytest.fixture
def unlinked(db: None) -> Iterator[World]:
    """A Watcher with six cameras that was never read, with nothing linked."""
    with a_world() as world:
        yield world


@pytest.fixture
def world(unlinked: World) -> World:
    """A Watcher with six cameras that was read once, with everything linked."""
    link_all(unlinked)
    return unlinked
