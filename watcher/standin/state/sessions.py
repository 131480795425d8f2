"""Sign-in: passwords, sessions and tokens."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from secrets import token_bytes, token_hex
from uuid import uuid4

from watcher.standin.state.records import User
from watcher.standin.state.refusals import RefusedError, missing, unauthorized
from watcher.standin.state.state import State


@dataclass(slots=True)
class Session:
    """A sign-in; tokens issued before `valid_from` (ms) do not count any more."""

    id: str
    user_id: int
    refresh_token: str
    refresh_until: int | None
    valid_from: int = 0


class Sessions:
    """Who is signed in. Lives are seconds, and can be set at any time."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._key = token_bytes(32)
        self._sessions: dict[str, Session] = {}
        self._wrong: dict[str, int] = {}
        self._blocked: dict[str, int] = {}
        self._autologins: dict[str, tuple[int, int]] = {}
        self._issued = 0
        self.system_key = token_hex(16)
        self.access_life_seconds: float = 3600
        self.refresh_life_seconds: float | None = None
        self.wrong_passwords_allowed = 5
        self.block_seconds = 300

    # --- Passwords -------------------------------------------------------------------------------

    def check_password(self, name: str, password: str) -> User:
        """Return the user, or raise a RefusedError; too many wrong passwords block the user."""
        now = self._state.clock.now_ms()
        if self._blocked.get(name, 0) > now:
            raise unauthorized("The user is blocked after wrong passwords")
        pk = self._state.logins.get(name)
        user = self._state.users[pk] if pk is not None else None
        if user is None or not hmac.compare_digest(user.password.encode(), password.encode()):
            self._wrong[name] = self._wrong.get(name, 0) + 1
            if self._wrong[name] >= self.wrong_passwords_allowed:
                self._blocked[name] = now + self.block_seconds * 1000
                self._wrong[name] = 0
            raise unauthorized("Wrong name or password")
        if user.disabled:
            raise unauthorized("The user is disabled")
        self._wrong.pop(name, None)
        return user

    # --- Sessions --------------------------------------------------------------------------------

    def open(self, user: User) -> Session:
        """Open a session; above the user's `max_sessions` it pushes out the oldest."""
        session = Session(token_hex(16), user.id, str(uuid4()), self._refresh_until())
        own = [one.id for one in self._sessions.values() if one.user_id == user.id]
        if user.max_sessions is not None:
            for pushed in own[: max(0, len(own) + 1 - user.max_sessions)]:
                del self._sessions[pushed]
        self._sessions[session.id] = session
        return session

    def count(self, login: str) -> int:
        """Return how many sessions a user has."""
        pk = self._state.user_called(login).id
        return sum(one.user_id == pk for one in self._sessions.values())

    def user_of_session(self, session_id: str) -> User:
        """Return the user of a session of API v2, or raise a RefusedError."""
        session = self._sessions.get(session_id)
        user = self._state.users.get(session.user_id) if session else None
        if user is None or user.disabled:
            raise unauthorized("The session has ended")
        return user

    def revoke_all(self) -> None:
        """End all sessions: no token counts any more."""
        self._sessions.clear()

    def expire_access_tokens(self) -> None:
        """Let all access tokens expire that were issued so far; they can be refreshed."""
        for session in self._sessions.values():
            session.valid_from = self._issued + 1

    # --- Tokens of API v3 ------------------------------------------------------------------------

    def tokens(self, session: Session, *, refresh_token: bool = True) -> dict[str, str]:
        """Return an access token, and the refresh token if asked."""
        answer = {"access_token": self._access_token(session)}
        if refresh_token:
            answer["refresh_token"] = session.refresh_token
        return answer

    def refresh(self, refresh_token: str) -> dict[str, str]:
        """Return a new access token, and a refresh token as the switch says.

        Raises:
            RefusedError: if the refresh token does not count, or any more.
        """
        now = self._state.clock.now_ms()
        found = [one for one in self._sessions.values() if one.refresh_token == refresh_token]
        until = found[0].refresh_until if found else 0
        if until is not None and until <= now:
            raise unauthorized("The refresh token has expired")
        session = found[0]
        self.user_of_session(session.id)
        kind = self._state.switches.refresh_token
        if kind == "new":
            session.refresh_token, session.refresh_until = str(uuid4()), self._refresh_until()
        return self.tokens(session, refresh_token=kind != "absent")

    def user_of_token(self, token: str) -> User:
        """Return the user of an access token, or raise a RefusedError."""
        parts = token.split(".")
        signed = ".".join(parts[:2])
        if len(parts) != 3 or not hmac.compare_digest(self._sign(signed), parts[2]):
            raise unauthorized("The token is not valid")
        claims = json.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        session = self._sessions.get(claims["session_id"])
        expired = claims["exp"] * 1000 <= self._state.clock.now_ms()
        if session is None or expired or claims["number"] < session.valid_from:
            raise unauthorized("The token has expired")
        return self.user_of_session(session.id)

    def _access_token(self, session: Session) -> str:
        self._issued += 1
        expires = self._state.clock.now_ms() / 1000 + self.access_life_seconds
        claims = {"exp": int(expires), "session_id": session.id, "number": self._issued}
        signed = f"{_encoded({'alg': 'RS256', 'typ': 'JWT'})}.{_encoded(claims)}"
        return f"{signed}.{self._sign(signed)}"

    def _sign(self, text: str) -> str:
        """Return a signature; nobody but the stand-in can check it, as with a key of Watcher's."""
        digest = hmac.digest(self._key, text.encode(), "sha256")
        return urlsafe_b64encode(digest).decode().rstrip("=")

    def _refresh_until(self) -> int | None:
        if self.refresh_life_seconds is None:
            return None
        return self._state.clock.now_ms() + int(self.refresh_life_seconds * 1000)

    # --- Keys and auto-login ---------------------------------------------------------------------

    def user_of_key(self, key: str) -> User:
        """Return the user whose API key this is, or raise a RefusedError."""
        for user in self._state.users.values():
            if user.apikey and hmac.compare_digest(user.apikey, key):
                if user.disabled:
                    break
                return user
        raise unauthorized("Wrong API key")

    def new_key(self, pk: int) -> str:
        """Give a user a new API key."""
        user = self._state.user(pk)
        user.apikey = token_hex(16)
        return user.apikey

    def autologin_token(self, login: str, *, seconds: float = 900) -> str:
        """Return a token with which a browser signs a user in, once."""
        user = self._state.user_called(login)
        token = token_hex(16)
        until = self._state.clock.now_ms() + int(seconds * 1000)
        self._autologins[token] = (user.id, until)
        return token

    def autologin(self, token: str) -> User:
        """Return the user of an auto-login token and use it up."""
        pk, until = self._autologins.pop(token, (0, 0))
        if until <= self._state.clock.now_ms():
            raise RefusedError(401, "unauthorized", "The token has expired", "/autologin_token")
        user = self._state.users.get(pk)
        if user is None:
            raise missing("No such user")
        return user


def _encoded(value: dict[str, object]) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
