"""Create and change organizations and users of Watcher, in both versions of the API alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from secrets import token_urlsafe
from time import monotonic
from typing import Any, TypeVar

from watcher.clients.transport import Answer, Transport
from watcher.clients.values import Object, needed_id
from watcher.clients.writing import made, read_until
from watcher.errors import AlreadyThereError, LimitTooLowError, NotThereError
from watcher.platform import NewUser, PlatformUser, Tenant, TenantChange, UserChange

_BYTES_OF_PASSWORD = 32
KEPT_SECONDS = 60.0
"""How long a client looks for users in one list of them: as long as readings are apart."""
Found = TypeVar("Found")


class ManagesPeople:
    """Looks before it writes, and afterwards; subclasses know the calls and the names of fields."""

    transport: Transport
    _called: dict[str, set[str]] | None = None
    """The ids of users by login and address; None if they were not listed yet."""
    _listed_at = 0.0

    def list_tenants(self) -> Iterator[Sequence[Tenant]]:
        raise NotImplementedError

    def list_users(self) -> Iterator[Sequence[PlatformUser]]:
        raise NotImplementedError

    def _create(self, path: str, body: Mapping[str, Any]) -> Object:
        """Send a POST that makes an object, and return that."""
        raise NotImplementedError

    def _tenant_call(self, tenant_id: str, method: str, body: Any = None) -> Answer:
        raise NotImplementedError

    def _user_call(self, user_id: str, method: str, body: Any = None) -> Answer:
        raise NotImplementedError

    def _tenant(self, row: Object) -> Tenant:
        raise NotImplementedError

    def _person(self, row: Object) -> PlatformUser:
        raise NotImplementedError

    def _tenant_fields(self, wanted: Tenant, change: TenantChange) -> dict[str, Any]:
        """Return what is sent to make an organization so; the title goes with every change."""
        raise NotImplementedError

    def _new_user_fields(self, new: NewUser) -> dict[str, Any]:
        """Return what is sent to make a user, without the password."""
        raise NotImplementedError

    def _user_fields(self, change: UserChange) -> dict[str, Any]:
        raise NotImplementedError

    # --- Organizations ---------------------------------------------------------------------------

    def tenant(self, tenant_id: str) -> Tenant | None:
        """Return an organization, or None if the service user sees none with this id."""
        return _unless_missing(lambda: self._tenant(self._tenant_call(tenant_id, "GET").object))

    def tenants_titled(self, title: str) -> Sequence[Tenant]:
        """Return the organizations with exactly this title."""
        return [one for page in self.list_tenants() for one in page if one.title == title]

    def create_tenant(self, title: str, owner_id: str = "") -> Tenant:
        """Create an organization; the service user may not see it afterwards."""
        if same := self.tenants_titled(title):
            raise AlreadyThereError(ids=[each.id for each in same])
        change = TenantChange(title=title, owner_id=owner_id or None)
        body = self._tenant_fields(Tenant("", title), change)
        created = made(
            lambda: self._tenant(self._create("/organizations", body)),
            look=lambda: next(iter(self.tenants_titled(title)), None),
            wait=self.transport.sleep,
        )
        return self.tenant(created.id) or created

    def change_tenant(self, tenant_id: str, change: TenantChange) -> Tenant:
        """Change an organization, and return it as it is afterwards."""
        before = self._needed_tenant(tenant_id)
        if _is_so(before, change):
            return before
        _check_limit(before, change)
        wanted = replace(before, title=change.title or before.title)
        self._tenant_call(tenant_id, "PUT", self._tenant_fields(wanted, change))
        return read_until(
            lambda: self._needed_tenant(tenant_id),
            lambda found: _is_so(found, change),
            wait=self.transport.sleep,
        )

    def _needed_tenant(self, tenant_id: str) -> Tenant:
        found = self.tenant(tenant_id)
        if found is None:
            raise NotThereError
        return found

    # --- Users -----------------------------------------------------------------------------------

    def user(self, user_id: str) -> PlatformUser | None:
        """Return a user, or None if the service user sees none with this id."""
        return _unless_missing(lambda: self._needed_user(user_id))

    def users_called(self, text: str) -> Sequence[PlatformUser]:
        """Return the users whose login or address is exactly this, whatever its case.

        Watcher has no filter that could be relied on, so all users are listed. Who is called what
        is kept for `KEPT_SECONDS`; each user is read again, as they may be called otherwise by now.
        """
        name = text.casefold()
        if self._called is None or monotonic() - self._listed_at > KEPT_SECONDS:
            self._called, self._listed_at = {}, monotonic()
            for page in self.list_users():
                for user in page:
                    self._note(user)
        read = (self.user(pk) for pk in sorted(self._called.get(name, ())))
        return [user for user in read if user and name in _names_of(user)]

    def _note(self, user: PlatformUser) -> None:
        """Remember what a user is called, if that is kept."""
        if self._called is not None:
            for name in _names_of(user):
                self._called.setdefault(name, set()).add(user.id)

    def _list_again(self) -> None:
        """Have users listed the next time that somebody is looked for."""
        self._called = None

    def create_user(self, new: NewUser) -> PlatformUser:
        """Create a user with a password that nobody knows."""
        if same := self.users_called(new.email):
            raise AlreadyThereError(ids=[each.id for each in same])
        # It is neither kept nor shown: the user chooses one by a mail of Watcher's.
        body = {**self._new_user_fields(new), "password": token_urlsafe(_BYTES_OF_PASSWORD)}
        created = made(
            lambda: needed_id(self._create("/users", body)),
            look=lambda: self._created(new.email),
            wait=self.transport.sleep,
        )
        user = self._needed_user(created)
        self._note(user)
        return user

    def _created(self, email: str) -> str | None:
        """Return the id of the user with an address who was not there before; None if none is."""
        self._list_again()
        return next((each.id for each in self.users_called(email)), None)

    def change_user(self, user_id: str, change: UserChange) -> PlatformUser:
        """Change a user, and return them as they are afterwards."""
        before = self._needed_user(user_id)
        if _is_so(before, change):
            return before
        self._user_call(user_id, "PUT", self._user_fields(change))
        user = read_until(
            lambda: self._needed_user(user_id),
            lambda found: _is_so(found, change),
            wait=self.transport.sleep,
        )
        self._note(user)
        return user

    def _needed_user(self, user_id: str) -> PlatformUser:
        return self._person(self._user_call(user_id, "GET").object)


def given(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that have a value: what is to stay as it is, is not sent."""
    return {name: value for name, value in fields.items() if value not in (None, "")}


def _names_of(user: PlatformUser) -> set[str]:
    return {name.casefold() for name in (user.login, user.email) if name}


def _is_so(found: Tenant | PlatformUser, change: TenantChange | UserChange) -> bool:
    """Return whether something reads as a change wants it."""
    names = (name for name in change.__dataclass_fields__ if getattr(change, name) is not None)
    return all(getattr(found, name) == getattr(change, name) for name in names)


def _check_limit(before: Tenant, change: TenantChange) -> None:
    """Refuse a limit that would stop what is there.

    Raises:
        LimitTooLowError: it is 0, or lower than the number of cameras. If Watcher does not say how
            many these are, nothing can be lowered.
    """
    limit, present = change.most_cameras, before.most_cameras
    if limit is None:
        return
    lowers = not present or limit < present
    if limit < 1 or (lowers and (before.cameras is None or limit < before.cameras)):
        raise LimitTooLowError(cameras="?" if before.cameras is None else before.cameras)


def _unless_missing(find: Callable[[], Found]) -> Found | None:
    try:
        return find()
    except NotThereError:
        return None
