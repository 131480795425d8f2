"""Clients of both versions, and the stand-in that they call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from watcher.clients import transport as transport_module
from watcher.clients.credentials import Credentials
from watcher.clients.sessions import InMemory
from watcher.clients.transport import Transport
from watcher.clients.v2 import WatcherV2
from watcher.clients.v3 import WatcherV3
from watcher.standin.seed import SERVICE_USER
from watcher.standin.standin import Size, StandIn

FILLED = Size(organizations=3, cameras=23)


@pytest.fixture(autouse=True)
def direct_and_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Call no proxy, and forget that a host wanted no calls."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    transport_module._gates.clear()
    yield
    transport_module._gates.clear()


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn(FILLED) as running:
        yield running


@pytest.fixture
def waited() -> list[float]:
    return []


@pytest.fixture
def calls(standin: StandIn, waited: list[float]) -> Iterator[Transport]:
    """A transport that waits for nothing."""
    with closing(Transport(standin.url, sleep=waited.append)) as transport:
        yield transport


@pytest.fixture
def v3(standin: StandIn, calls: Transport) -> WatcherV3:
    store = InMemory()
    return WatcherV3(calls, Credentials("password", *SERVICE_USER), store_of=lambda _scope: store)


@pytest.fixture
def v2(standin: StandIn, calls: Transport) -> WatcherV2:
    return WatcherV2(calls, Credentials("system_key", "", standin.sessions.system_key))
