"""A stand-in for each test."""

from collections.abc import Iterator

import pytest

from watcher.standin.standin import Size, StandIn
from watcher.standin.tests.callers import Callers


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """A stand-in with three organizations and twelve cameras, at noon of 1 November 2026."""
    running = StandIn()
    running.clock.stop_at("2026-11-01T12:00:00Z")
    running.fill(Size(organizations=3, cameras=12))
    with running:
        yield running


@pytest.fixture
def callers(standin: StandIn) -> Iterator[Callers]:
    """Who calls the stand-in."""
    with Callers(standin) as callers:
        yield callers
