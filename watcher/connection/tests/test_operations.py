"""The stored connection: its secret, its sessions, and what it may do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from accounts.tests.factories import OperatorFactory
from foundation.encryption import EncryptionKeyMissingError, decrypt, encrypt
from foundation.encryption_keys import new_encryption_key
from foundation.web.versions import EditedByOthers, version_of
from organizations.tests.factories import OrganizationFactory
from watcher.clients.credentials import Tokens
from watcher.connection import operations
from watcher.connection.models import DIRECTIONS, ApiScope, ApiSession, Connection, ConnectionState
from watcher.connection.operations import stored_details
from watcher.connection.stores import StoredTokens
from watcher.tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def change(*, secret: str = "", is_same_watcher: bool = False, **changes: Any) -> None:
    """Change the connection as somebody does who has just opened its form."""
    stored = stored_details(operations.stored_connection())
    operations.change_connection(
        shown=version_of(stored),
        secret=secret,
        is_same_watcher=is_same_watcher,
        now=NOW,
        **(stored | changes),
    )


def enable(*names: str) -> None:
    stored = Connection.objects.get()
    shown = version_of(operations.stored_directions(stored))
    wanted = {name: name in names for name in DIRECTIONS}
    operations.change_directions(shown=shown, directions=wanted)


def ready_connection(**fields: Any) -> Connection:
    ConnectionState.objects.create(report={"version": "26.02"}, tested_at=NOW)
    return ConnectionFactory.create(**fields)


def test_the_secret_is_stored_encrypted_and_not_in_events() -> None:
    change(secret="pässword", address="https://watcher.example", login="billing")

    stored = Connection.objects.get()
    assert decrypt(stored.secret) == "pässword"
    assert not any(operations.stored_directions(stored).values())
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(e)::text FROM watcher_connectionevent e")
        events = " ".join(row[0] for row in cursor.fetchall())
    assert "watcher.example" in events
    assert "pässword" not in events
    assert stored.secret not in events


def test_the_database_refuses_a_secret_that_is_not_encrypted() -> None:
    with pytest.raises(IntegrityError, match="watcher_connection_encrypted"), transaction.atomic():
        ConnectionFactory.create(secret="swordfish")
    with pytest.raises(IntegrityError, match="watcher_session"), transaction.atomic():
        ApiSession.objects.create(scope=ApiScope.CLIENT, access_token="swordfish")


def test_there_is_one_connection() -> None:
    ConnectionFactory.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        ConnectionFactory.create(id=2)


def test_an_empty_secret_keeps_the_stored_one() -> None:
    ConnectionFactory.create()

    change(pause_ms=100)

    stored = Connection.objects.get()
    assert (decrypt(stored.secret), stored.pause_ms) == ("swordfish", 100)


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "https://evil.example"},
        {"address": "http://127.0.0.1:2"},
        {"login": "other"},
        {"sign_in": "system_key", "api_version": "v2", "login": ""},
    ],
)
def test_a_stored_secret_is_not_sent_to_another_address_or_with_another_login(
    changes: dict[str, Any],
) -> None:
    ConnectionFactory.create()

    with pytest.raises(operations.SecretNeeded):
        change(**changes)

    change(secret="another", **changes)
    assert decrypt(Connection.objects.get().secret) == "another"


def test_a_new_connection_needs_a_secret() -> None:
    with pytest.raises(operations.SecretNeeded):
        change(address="https://watcher.example", login="billing")


@pytest.mark.parametrize("changes", [{"address": "https://new.example"}, {"api_version": "v2"}])
def test_everything_is_switched_off_if_it_may_be_another_watcher(changes: dict[str, Any]) -> None:
    ready_connection(**dict.fromkeys(DIRECTIONS, True))
    StoredTokens(ApiScope.CLIENT).keep(Tokens("a", "b"))

    change(secret="swordfish", **changes)

    assert not any(operations.stored_directions(Connection.objects.get()).values())
    assert not ConnectionState.objects.exists()
    assert not ApiSession.objects.exists()


def test_links_are_not_carried_to_another_watcher_silently() -> None:
    ConnectionFactory.create()
    OrganizationFactory.create(watcher_id="31")

    with pytest.raises(operations.OtherWatcher):
        change(secret="x", address="https://new.example")

    change(secret="x", address="https://new.example", is_same_watcher=True)
    assert Connection.objects.get().address == "https://new.example"


def test_two_people_do_not_overwrite_each_other() -> None:
    ConnectionFactory.create()
    shown = stored_details(Connection.objects.get())
    change(pause_ms=100)

    with pytest.raises(EditedByOthers) as caught:
        operations.change_connection(
            shown=version_of(shown),
            secret="",
            is_same_watcher=False,
            now=NOW,
            **(shown | {"pause_ms": 200}),
        )
    assert caught.value.fields == ["pause_ms"]


def test_nothing_is_enabled_before_a_test_succeeds() -> None:
    ConnectionFactory.create()

    with pytest.raises(operations.NotTested):
        enable("reads")

    ConnectionState.objects.create(report={"version": "26.02"})
    enable("reads")
    stored = operations.stored_directions(Connection.objects.get())
    assert stored == {name: name == "reads" for name in DIRECTIONS}


def test_what_is_enabled_can_be_switched_off_without_a_test() -> None:
    ConnectionFactory.create(reads=True)

    enable()

    assert not Connection.objects.get().reads


@pytest.mark.parametrize(
    "fields", [{"api_version": "v2"}, {"api_version": "v3-25", "admin_base": ""}]
)
def test_a_version_without_presets_cannot_write_them(fields: dict[str, str]) -> None:
    ready_connection(**fields)

    with pytest.raises(operations.NotPossible):
        enable("writes_presets")


def test_a_failed_test_is_stored_and_says_why() -> None:
    ConnectionFactory.create()

    operations.test_connection(now=NOW, by=OperatorFactory.create())

    state = ConnectionState.objects.get()
    assert (state.report, state.failure["error"]) == ({}, "UnreachableError")
    assert "swordfish" not in str(state.failure)


def test_a_test_without_the_key_says_so(settings: Settings) -> None:
    ConnectionFactory.create()
    settings.ENCRYPTION_KEYS = [new_encryption_key()]

    operations.test_connection(now=NOW, by=OperatorFactory.create())

    assert ConnectionState.objects.get().failure["error"] == "NoKeyError"


def test_without_a_key_nothing_is_stored(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = []

    with pytest.raises(EncryptionKeyMissingError):
        change(secret="x", address="https://watcher.example", login="billing")

    assert not Connection.objects.exists()


def test_tokens_are_shared_encrypted() -> None:
    store = StoredTokens(ApiScope.ADMIN)
    with store.renewing() as tokens:
        assert tokens == Tokens()
        store.keep(Tokens("access-1", "refresh-1"))

    assert StoredTokens(ApiScope.ADMIN).read() == Tokens("access-1", "refresh-1")
    assert "access-1" not in ApiSession.objects.get().access_token
    assert StoredTokens(ApiScope.CLIENT).read() == Tokens()


def test_tokens_of_another_key_count_as_none(settings: Settings) -> None:
    store = StoredTokens(ApiScope.ADMIN)
    with store.renewing():
        store.keep(Tokens("access-1", "refresh-1"))
    settings.ENCRYPTION_KEYS = [new_encryption_key()]

    assert store.read() == Tokens()


def test_a_refused_password_is_remembered_until_it_is_entered_again() -> None:
    ConnectionFactory.create()
    store = StoredTokens(ApiScope.CLIENT)
    store.refuse()
    change(pause_ms=0)
    assert store.is_refused()

    change(secret="right")

    assert not store.is_refused()


def test_secrets_are_encrypted_again_with_the_newest_key(settings: Settings) -> None:
    ConnectionFactory.create()
    ApiSession.objects.create(scope=ApiScope.CLIENT, access_token=encrypt("a"))
    new = new_encryption_key()
    settings.ENCRYPTION_KEYS = [new, *settings.ENCRYPTION_KEYS]

    call_command("encrypt_again")

    settings.ENCRYPTION_KEYS = [new]
    assert decrypt(Connection.objects.get().secret) == "swordfish"
    assert decrypt(ApiSession.objects.get().access_token) == "a"


def test_encrypting_again_without_the_old_key_changes_nothing(settings: Settings) -> None:
    ConnectionFactory.create()
    before = Connection.objects.get().secret
    settings.ENCRYPTION_KEYS = [new_encryption_key()]

    with pytest.raises(CommandError, match="Add that key"):
        call_command("encrypt_again")

    assert Connection.objects.get().secret == before
