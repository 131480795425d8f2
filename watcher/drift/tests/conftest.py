"""Provide a Watcher that is alike on both sides."""

from collections.abc import Iterator

import pytest

from watcher.drift.tests.worlds import LATER, a_world_alike
from watcher.reading.tests.worlds import World


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """A Watcher with six cameras that was read once, with everything linked and in use alike."""
    with a_world_alike(LATER) as world:
        yield world
