"""Users and the messages to them."""

import re
from secrets import token_hex
from typing import Any, Unpack

from watcher.standin.state.records import Message, User, UserFields
from watcher.standin.state.refusals import RefusedError, invalid, missing
from watcher.standin.state.state import State

_LEVELS = {25: {"generic", "admin"}, 26: {"generic", "admin", "domain_admin"}}
_PHONE = re.compile(r"\+?[0-9]*")


class Users:
    """What can be done with users. `by` is the login of who does it."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, *, by: str = "admin", **fields: Unpack[UserFields]) -> User:
        """Make a user with a name and a password of 5 to 128 characters.

        Raises:
            RefusedError: if one of them is missing or something does not fit.
        """
        state = self._state
        with state.lock:
            if "name" not in fields or "password" not in fields:
                pointer = "/password" if "name" in fields else "/name"
                raise invalid("A user needs a name and a password", pointer)
            self._check(fields)
            values: dict[str, Any] = {**fields}
            now = state.clock.now_ms()
            user = User(id=state.next_id(), created_at=now, apikey=token_hex(16), **values)
            state.users[user.id] = user
            state.logins[user.name] = user.id
            self._note("create", user, by, values)
            return user

    def change(self, pk: int, *, by: str = "admin", **fields: Unpack[UserFields]) -> User:
        """Change a user; `disabled` stops signing in, and cameras record on.

        Raises:
            RefusedError: if there is no such user, or something does not fit.
        """
        state = self._state
        with state.lock:
            user = state.user(pk)
            self._check(fields, known=user)
            changes = {k: v for k, v in fields.items() if getattr(user, k) != v}
            if changes:
                state.leave_stale("user", pk, user)
                del state.logins[user.name]
                for name, value in changes.items():
                    setattr(user, name, value)
                state.logins[user.name] = pk
                self._note("update", user, by, changes)
            return user

    def remove(self, pk: int, *, by: str = "admin") -> None:
        """Delete a user; a switch says whether the owner of an organization can go.

        Raises:
            RefusedError: if there is no such user, or it owns an organization and may not go.
        """
        state = self._state
        with state.lock:
            user = state.user(pk)
            joined = [state.organizations[one] for one in state.organizations_of.get(pk, ())]
            owned = [one for one in joined if one.owner_id == pk]
            if owned and state.switches.delete_owner == "refused":
                raise RefusedError(400, "owner", "The user owns an organization")
            for organization in joined:
                organization.members.pop(pk, None)
            for organization in owned:
                organization.owner_id = None
            state.organizations_of.pop(pk, None)
            del state.logins[user.name]
            del state.users[pk]
            self._note("delete", user, by, {})

    def send(
        self, *, user_id: int, sender_id: int, title: str, body: str, **fields: Any
    ) -> Message:
        """Send a message to a user.

        Raises:
            RefusedError: if there is no such user or the type is unknown.
        """
        state = self._state
        with state.lock:
            if user_id not in state.users:
                raise invalid("No such user", "/user_id")
            if fields.get("type", "info") not in {"info", "warning", "danger"}:
                raise invalid("The type is info, warning or danger", "/type")
            message = Message(state.next_id(), user_id, sender_id, title, body, **fields)
            state.messages[message.id] = message
            return message

    def recover_password(self, email: str) -> None:
        """Send a mail to an address, if a user has it: `recovery_mails` of the state has it."""
        state = self._state
        with state.lock:
            if any(one.email == email for one in state.users.values()):
                state.recovery_mails.append(email)

    def message(self, pk: int) -> Message:
        """Return a message, or raise a RefusedError."""
        if pk not in self._state.messages:
            raise missing("No such message")
        return self._state.messages[pk]

    def _check(self, fields: UserFields, known: User | None = None) -> None:
        state = self._state
        name = fields.get("name")
        if name == "":
            raise invalid("A name is needed", "/name")
        if name is not None and state.logins.get(name, known and known.id) != (known and known.id):
            status = state.switches.taken_login
            raise RefusedError(status, "taken", "The name is taken", "/name")
        if not 5 <= len(fields.get("password", "12345")) <= 128:
            raise invalid("A password has 5 to 128 characters", "/password")
        if not _PHONE.fullmatch(fields.get("phone", "")):
            raise invalid("A phone number has digits after a plus", "/phone")
        level = fields.get("access_level", "generic")
        if level not in _LEVELS[state.switches.version]:
            raise invalid("No such access level", "/access_level")

    def _note(self, action: str, user: User, by: str, data: dict[str, Any]) -> None:
        shown = {name: value for name, value in data.items() if name != "password"}
        self._state.note(action, "User", user.id, user.name, by=by, data=shown)
