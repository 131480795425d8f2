"""Make the client that a stored connection describes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from foundation.encryption import EncryptionKeyMissingError, UndecryptableError, decrypt
from watcher.clients.credentials import Credentials
from watcher.clients.transport import TIMEOUTS, WAITS, Transport
from watcher.clients.v2 import WatcherV2
from watcher.clients.v3 import WatcherV3
from watcher.connection.models import ApiVersion, Connection
from watcher.connection.stores import StoredTokens
from watcher.errors import NoKeyError, NotConnectedError
from watcher.platform import Platform

ON_A_PAGE = httpx.Timeout(connect=5, read=10, write=10, pool=10)
"""Somebody waits for the page, so its calls wait less, and are not repeated."""


@contextmanager
def connected(connection: Connection | None, *, on_a_page: bool = False) -> Iterator[Platform]:
    """Yield the client of a connection, and close its connections afterwards.

    Raises:
        NotConnectedError: there is no connection.
        NoKeyError: its password cannot be decrypted.
    """
    if connection is None:
        raise NotConnectedError
    transport = Transport(
        connection.address,
        pause_seconds=connection.pause_ms / 1000,
        timeouts=ON_A_PAGE if on_a_page else TIMEOUTS,
        waits=() if on_a_page else WAITS,
    )
    try:
        yield _client(connection, transport)
    finally:
        transport.close()


def _client(connection: Connection, transport: Transport) -> Platform:
    try:
        secret = decrypt(connection.secret)
    except (EncryptionKeyMissingError, UndecryptableError):
        raise NoKeyError from None
    credentials = Credentials(connection.sign_in, connection.login, secret)
    if connection.api_version == ApiVersion.V2:
        return WatcherV2(transport, credentials, base=connection.v2_base, store_of=StoredTokens)
    return WatcherV3(
        transport,
        credentials,
        is_26=connection.api_version == ApiVersion.V3_26,
        client_base=connection.client_base,
        admin_base=connection.admin_base,
        store_of=StoredTokens,
    )
