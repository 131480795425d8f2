"""Secrets of a connection as they are used: they never appear in a `repr`, a log or an error."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Credentials:
    """How to sign in. `kind` is one of `watcher.connection.models.SignInKind`."""

    kind: str
    login: str
    secret: str = field(repr=False)

    @property
    def basic(self) -> str:
        """The header `Authorization` with the login and password."""
        return f"Basic {b64encode(f'{self.login}:{self.secret}'.encode()).decode()}"


@dataclass(frozen=True)
class Tokens:
    """What a session is continued with."""

    access: str = field(default="", repr=False)
    refresh: str = field(default="", repr=False)
