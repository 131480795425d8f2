"""Stay signed in on Watcher: one session for all processes, and never a second wrong password.

Each sign-in with a password makes a session in Watcher, of which a user may have few, and several
wrong passwords block the user. So tokens are kept in a `TokenStore`, are renewed by one process
while the others wait, and a refused password is not tried again until somebody enters it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from threading import RLock
from typing import Protocol, TypeVar

from watcher.clients.credentials import Credentials, Tokens
from watcher.clients.transport import Transport
from watcher.errors import (
    PlatformError,
    SessionEndedError,
    UnexpectedAnswerError,
    WrongCredentialsError,
)

SIGN_IN_REFUSED = (401, 403)
Result = TypeVar("Result")


class TokenStore(Protocol):
    """Where the tokens of a session are kept, and that a password was refused."""

    def read(self) -> Tokens:
        """Return the tokens, which are empty before the first sign-in."""

    def renewing(self) -> AbstractContextManager[Tokens]:
        """Return a block that only one process is in, with the tokens as they are then."""

    def keep(self, tokens: Tokens) -> None:
        """Keep new tokens."""

    def is_refused(self) -> bool:
        """Return whether the password was refused and has not been entered again since."""

    def refuse(self) -> None:
        """Remember that the password was refused."""


@dataclass
class InMemory:
    """Tokens of a client that is used once, as in a test of the connection."""

    tokens: Tokens = field(default_factory=Tokens)
    refused: bool = False
    _lock: RLock = field(default_factory=RLock, repr=False)

    def read(self) -> Tokens:
        """Return the tokens."""
        return self.tokens

    @contextmanager
    def renewing(self) -> Iterator[Tokens]:
        """Keep other threads out."""
        with self._lock:
            yield self.tokens

    def keep(self, tokens: Tokens) -> None:
        """Keep new tokens."""
        self.tokens = tokens

    def is_refused(self) -> bool:
        """Return whether the password was refused."""
        return self.refused

    def refuse(self) -> None:
        """Remember that the password was refused."""
        self.refused = True


@dataclass
class BearerSession:
    """A session of v3: an access token for calls, and a refresh token to renew it."""

    transport: Transport
    base: str
    credentials: Credentials
    store: TokenStore = field(default_factory=InMemory)
    _tokens: Tokens | None = field(default=None, repr=False)

    def signed_in(self, call: Callable[[dict[str, str]], Result]) -> Result:
        """Return what `call` does with the header of a session; renew it once after a 401.

        Raises:
            WrongCredentialsError: the password is refused, now or before.
            NoRightError: the user has no right to this part of the API.
            SessionEndedError: a new session is refused as well.
        """
        tokens = self._tokens or self.store.read()
        if not tokens.access:
            tokens = self._renewed(tokens)
        self._tokens = tokens
        try:
            return call(_bearer(tokens))
        except PlatformError as error:
            if error.status != 401:
                raise
        self._tokens = self._renewed(tokens)
        try:
            return call(_bearer(self._tokens))
        except PlatformError as error:
            if error.status == 401:
                raise SessionEndedError(error.said) from None
            raise

    def _renewed(self, refused: Tokens) -> Tokens:
        """Return other tokens than those refused: of another process, refreshed, or new ones."""
        with self.store.renewing() as stored:
            if stored.access and stored.access != refused.access:
                return stored
            try:
                tokens = self._refreshed(stored) or self._new()
            except WrongCredentialsError as error:
                # What is stored of it must outlive the block, so it is raised after that.
                refusal = error
            else:
                self.store.keep(tokens)
                return tokens
        raise refusal

    def _refreshed(self, tokens: Tokens) -> Tokens | None:
        """Return refreshed tokens, or None if there are none or the session has ended."""
        if not tokens.refresh:
            return None
        try:
            return self._login(f"Bearer {tokens.refresh}", tokens.refresh)
        except PlatformError as error:
            if error.status in SIGN_IN_REFUSED:
                return None
            raise

    def _new(self) -> Tokens:
        if self.store.is_refused():
            raise WrongCredentialsError
        try:
            return self._login(self.credentials.basic, "")
        except PlatformError as error:
            # A 403 means that the password is right, and the user has no right to this part.
            if error.status == 401:
                self.store.refuse()
                raise WrongCredentialsError(error.said) from None
            raise

    def _login(self, authorization: str, refresh: str) -> Tokens:
        """Call `/login`. It is not repeated: each call may make a session."""
        answer = self.transport.call(
            "POST", f"{self.base}/login", headers={"Authorization": authorization}
        ).object
        access, new = answer.get("access_token"), answer.get("refresh_token")
        if not (isinstance(access, str) and access):
            raise UnexpectedAnswerError
        return Tokens(access, new if isinstance(new, str) and new else refresh)


def _bearer(tokens: Tokens) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.access}"}
