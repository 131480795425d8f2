"""Sign in to API v2: with a key in each call, or with a login and password for a session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from watcher.clients.credentials import Credentials, Tokens
from watcher.clients.sessions import SIGN_IN_REFUSED, InMemory, Result, TokenStore
from watcher.clients.transport import Transport
from watcher.connection.models import SignInKind
from watcher.errors import (
    PlatformError,
    SessionEndedError,
    UnexpectedAnswerError,
    WrongCredentialsError,
    WrongKeyError,
)


@dataclass
class V2Session:
    """A session of API v2, which answers 403 both to what is forbidden and to a wrong key."""

    transport: Transport
    base: str
    credentials: Credentials
    store: TokenStore = field(default_factory=InMemory)
    _tokens: Tokens | None = field(default=None, repr=False)

    def signed_in(self, call: Callable[[dict[str, str]], Result]) -> Result:
        """Return what `call` does with the headers of a session; renew it once if it has ended.

        Raises:
            WrongCredentialsError: the password or key is refused, now or before.
            SessionEndedError: a new session is refused as well.
        """
        headers = self._headers()
        try:
            return call(headers)
        except PlatformError as error:
            if error.status not in SIGN_IN_REFUSED or self._is_signed_in(headers):
                raise
        if self.credentials.kind != SignInKind.PASSWORD:
            raise WrongKeyError
        headers = self._headers(refused=headers)
        try:
            return call(headers)
        except PlatformError as error:
            if error.status in SIGN_IN_REFUSED and not self._is_signed_in(headers):
                raise SessionEndedError(error.said) from None
            raise

    def _headers(self, refused: dict[str, str] | None = None) -> dict[str, str]:
        kind, login, secret = (
            self.credentials.kind,
            self.credentials.login,
            self.credentials.secret,
        )
        if kind == SignInKind.SYSTEM_KEY:
            return {"X-Vsaas-Api-Key": secret}
        if kind == SignInKind.USER_KEY:
            return {"X-Vsaas-Api-Key": secret, "X-Vsaas-User": login}
        tokens = self._tokens or self.store.read()
        if not tokens.access or (refused is not None and _of(tokens) == refused):
            tokens = self._new(tokens)
        self._tokens = tokens
        return _of(tokens)

    def _is_signed_in(self, headers: dict[str, str]) -> bool:
        try:
            self.transport.call("GET", f"{self.base}/auth/whoami", headers=headers)
        except PlatformError as error:
            if error.status in SIGN_IN_REFUSED:
                return False
            raise
        return True

    def _new(self, refused: Tokens) -> Tokens:
        with self.store.renewing() as stored:
            if stored.access and stored.access != refused.access:
                return stored
            try:
                tokens = self._login()
            except WrongCredentialsError as error:
                # What is stored of it must outlive the block, so it is raised after that.
                refusal = error
            else:
                self.store.keep(tokens)
                return tokens
        raise refusal

    def _login(self) -> Tokens:
        if self.store.is_refused():
            raise WrongCredentialsError
        body = {"login": self.credentials.login, "password": self.credentials.secret}
        try:
            answer = self.transport.call("POST", f"{self.base}/auth/login", body=body).object
        except PlatformError as error:
            if error.status in SIGN_IN_REFUSED:
                self.store.refuse()
                raise WrongCredentialsError(error.said) from None
            raise
        session = answer.get("session") or answer.get("id")
        if not isinstance(session, str):
            raise UnexpectedAnswerError
        return Tokens(session)


def _of(tokens: Tokens) -> dict[str, str]:
    return {"X-Vsaas-Session": tokens.access}
