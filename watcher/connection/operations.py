"""Change the connection, test it, and enable what it may do."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict, Unpack
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from accounts.models import User
from foundation.encryption import encrypt, encrypted_again
from foundation.web.versions import EditedByOthers, refuse_overwriting
from organizations.models import Organization
from watcher.connection.clients import connected
from watcher.connection.models import (
    DIRECTIONS,
    ApiSession,
    ApiVersion,
    Connection,
    ConnectionState,
)
from watcher.errors import PlatformError, stored_error
from watcher.models import PlatformOrganization, PlatformPreset


class ConnectionDetails(TypedDict):
    """What a person enters of a connection, other than its password or key."""

    address: str
    api_version: str
    client_base: str
    admin_base: str
    v2_base: str
    sign_in: str
    login: str
    pause_ms: int


class SecretNeeded(Exception):
    """The password or key has to be entered: it was never, or belongs to something else.

    The stored one is sent to the address and with the login for which it was entered only. Nobody
    can have it sent elsewhere without knowing it.
    """


class OtherWatcher(Exception):
    """The address changes, and it was not said that the same Watcher is there."""


class NotTested(Exception):
    """A connection can be used once a test of it has succeeded."""


class NotPossible(Exception):
    """The version of the API cannot do what is to be enabled; `direction` names the field."""

    def __init__(self, direction: str) -> None:
        super().__init__(direction)
        self.direction = direction


def stored_connection() -> Connection | None:
    """Return the connection, if there is one."""
    return Connection.objects.first()


def connection_state() -> ConnectionState:
    """Return what was found out about the connection, or an empty state."""
    return ConnectionState.objects.select_related("tested_by").first() or ConnectionState()


def stored_details(connection: Connection | None) -> dict[str, Any]:
    """Return what a person has entered, by field name; the defaults if nothing was entered."""
    stored = connection or Connection()
    return {name: getattr(stored, name) for name in ConnectionDetails.__annotations__}


def is_used() -> bool:
    """Return whether anything here refers to what the connected Watcher has."""
    return (
        Organization.objects.order_by().filter(watcher_id__isnull=False).exists()
        or PlatformOrganization.objects.order_by().exists()
        or PlatformPreset.objects.order_by().exists()
    )


@transaction.atomic
def change_connection(
    *,
    shown: str,
    secret: str,
    is_same_watcher: bool,
    now: datetime,
    **details: Unpack[ConnectionDetails],
) -> None:
    """Store a connection. An empty `secret` keeps the one that is stored.

    Sessions end, and what a test found out is forgotten. All directions are switched off if the
    address or the version changes. `shown` is the version of the `stored_details` that the person
    saw.

    Raises:
        EditedByOthers: a detail differs both from the shown value and from the new value.
        SecretNeeded: there is no password or key yet, or it is for another address or login.
        OtherWatcher: the address changes, and `is_same_watcher` does not say that links still hold.
        EncryptionKeyMissingError: secrets cannot be encrypted.
    """
    stored = _locked()
    if stored is not None:
        refuse_overwriting(shown=shown, stored=stored_details(stored), given=details)
    before = stored_details(stored)
    moves = stored is not None and origin_of(before["address"]) != origin_of(details["address"])
    if not secret and (
        stored is None or moves or any(before[name] != details[name] for name in _OF_SECRET)  # type: ignore[literal-required]
    ):
        raise SecretNeeded
    if moves and not is_same_watcher and is_used():
        raise OtherWatcher
    connection = stored or Connection()
    for name, value in details.items():
        setattr(connection, name, value)
    if secret:
        connection.secret, connection.secret_changed_at = encrypt(secret), now
    if moves or before["api_version"] != details["api_version"]:
        for name in DIRECTIONS:
            setattr(connection, name, False)
    try:
        connection.save(force_insert=stored is None)
    except IntegrityError:  # Somebody else has just stored the first one.
        raise EditedByOthers(list(details), before) from None
    ApiSession.objects.all().delete()
    if secret or stored_details(connection) != before:
        ConnectionState.objects.all().delete()


_OF_SECRET = ("sign_in", "login")


def origin_of(address: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of an address."""
    parts = urlsplit(address)
    return parts.scheme, parts.hostname or "", parts.port


def test_connection(*, now: datetime, by: User) -> None:
    """Test the connection, and store what was found out; nothing is changed in Watcher.

    Not in a transaction: it waits for Watcher.
    """
    connection = stored_connection()
    report: dict[str, Any] = {}
    failure: dict[str, Any] = {}
    try:
        with connected(connection, on_a_page=True) as platform:
            report = dataclasses.asdict(platform.test())
    except PlatformError as error:
        failure = stored_error(error)
    found = {"report": report, "failure": failure, "tested_at": now, "tested_by": by}
    with transaction.atomic():
        current = _locked()
        if connection is None or current is None or not _is_same(connection, current):
            return
        ConnectionState.objects.update_or_create(pk=1, defaults=found)


test_connection.__test__ = False  # type: ignore[attr-defined]


def _is_same(tested: Connection, current: Connection) -> bool:
    """Return whether what was tested is still stored."""
    return tested.secret == current.secret and stored_details(tested) == stored_details(current)


@transaction.atomic
def change_directions(*, shown: str, directions: Mapping[str, bool]) -> None:
    """Enable what the connection may do. `directions` has all of `DIRECTIONS`.

    Raises:
        EditedByOthers: a direction differs both from the shown value and from the new value.
        NotTested: something is to be enabled, and no test has succeeded since the last change.
        NotPossible: the version cannot do it.
    """
    connection = _locked()
    if connection is None:
        raise NotTested
    stored = stored_directions(connection)
    refuse_overwriting(shown=shown, stored=stored, given=directions)
    added = [name for name in DIRECTIONS if directions[name] and not stored[name]]
    if added and not connection_state().report:
        raise NotTested
    for name in added:
        if name not in possible_directions(connection):
            raise NotPossible(name)
    for name in DIRECTIONS:
        setattr(connection, name, directions[name])
    connection.save(update_fields=DIRECTIONS)


def stored_directions(connection: Connection) -> dict[str, bool]:
    """Return what the connection may do, by field name."""
    return {name: getattr(connection, name) for name in DIRECTIONS}


def possible_directions(connection: Connection) -> tuple[str, ...]:
    """Return what can be enabled.

    API v2 has neither presets nor messages. v3 of Watcher 25 writes presets as administrator only,
    and signs nobody in.
    """
    version = connection.api_version
    has_presets = version == ApiVersion.V3_26 or (
        version == ApiVersion.V3_25 and connection.admin_base != ""
    )
    lacking = {
        "writes_presets": not has_presets,
        "signs_on": version == ApiVersion.V3_25,
        "sends_messages": version == ApiVersion.V2,
    }
    return tuple(name for name in DIRECTIONS if not lacking.get(name))


@transaction.atomic
def encrypt_again() -> None:
    """Encrypt all secrets with the newest key.

    Raises:
        EncryptionKeyMissingError: there is no key.
        UndecryptableError: one was encrypted with another key.
    """
    if connection := _locked():
        connection.secret = encrypted_again(connection.secret)
        connection.save(update_fields=("secret",))
    # Another process may be renewing a session, so each is locked.
    for session in ApiSession.objects.select_for_update(no_key=True):
        for name in ("access_token", "refresh_token"):
            if token := getattr(session, name):
                setattr(session, name, encrypted_again(token))
        session.save(update_fields=("access_token", "refresh_token"))


def _locked() -> Connection | None:
    return Connection.objects.select_for_update(no_key=True).first()
