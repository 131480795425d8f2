"""Keep the tokens of sessions in the database, encrypted, for all processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from foundation.encryption import UndecryptableError, decrypt, encrypt
from watcher.clients.credentials import Tokens
from watcher.connection.models import ApiScope, ApiSession, ConnectionState


@dataclass(frozen=True)
class StoredTokens:
    """The `watcher.clients.sessions.TokenStore` of a part of the API."""

    scope: ApiScope

    def read(self) -> Tokens:
        """Return the tokens; those that cannot be decrypted count as none."""
        return _tokens(ApiSession.objects.filter(pk=self.scope).first())

    @contextmanager
    def renewing(self) -> Iterator[Tokens]:
        """Lock the session: other processes wait and then find the new tokens."""
        with transaction.atomic():
            ApiSession.objects.get_or_create(pk=self.scope)
            yield _tokens(ApiSession.objects.select_for_update(no_key=True).get(pk=self.scope))

    def keep(self, tokens: Tokens) -> None:
        """Store new tokens."""
        ApiSession.objects.filter(pk=self.scope).update(
            access_token=encrypt(tokens.access),
            refresh_token=encrypt(tokens.refresh) if tokens.refresh else "",
            renewed_at=timezone.now(),
        )

    def is_refused(self) -> bool:
        """Return whether the password was refused and has not been entered again since."""
        return ConnectionState.objects.filter(sign_in_refused_at__isnull=False).exists()

    def refuse(self) -> None:
        """Remember that the password was refused."""
        ConnectionState.objects.update_or_create(
            pk=1, defaults={"sign_in_refused_at": timezone.now()}
        )


def _tokens(session: ApiSession | None) -> Tokens:
    if session is None:
        return Tokens()
    try:
        refresh = session.refresh_token and decrypt(session.refresh_token)
        return Tokens(session.access_token and decrypt(session.access_token), refresh)
    except UndecryptableError:
        return Tokens()
