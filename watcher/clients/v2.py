"""Flussonic Watcher by API v2."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any
from urllib.parse import quote

from watcher.clients.credentials import Credentials
from watcher.clients.lists import Value, read_offsets
from watcher.clients.people import ManagesPeople, given
from watcher.clients.sessions import InMemory, TokenStore
from watcher.clients.suspending import Suspends, users_to_block
from watcher.clients.testing import Findings
from watcher.clients.transport import Answer, Transport
from watcher.clients.v2_session import V2Session
from watcher.clients.values import Object, id_of, needed_id, number_of, sent_id, text_of
from watcher.clients.writing import CameraPaths
from watcher.connection.models import V2_BASE, ApiScope, SignInKind
from watcher.errors import NotSupportedError, NotThereError, UnexpectedAnswerError
from watcher.platform import (
    Capability,
    Lack,
    LogEntry,
    NewUser,
    PlatformCamera,
    PlatformPlan,
    PlatformUser,
    SignOn,
    SuspendBy,
    Suspended,
    Tenant,
    TenantChange,
    TestReport,
    UsageDay,
    UserChange,
    UserMessage,
)

_SECONDS_TO_SIGN_ON = 900


@dataclass
class WatcherV2(ManagesPeople, Suspends):
    """A `watcher.platform.Platform`. It knows presets by their ids on cameras only."""

    switched = ("enabled", False)

    transport: Transport
    credentials: Credentials
    base: str = V2_BASE
    store_of: Callable[[ApiScope], TokenStore] = lambda _scope: InMemory()
    _paths: CameraPaths = field(default_factory=CameraPaths)

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What API v2 can do; a user who is no administrator does not see all cameras."""
        return (
            frozenset({Capability.LIST_CAMERAS}) if self._sees_all else frozenset()
        ) | frozenset(
            {
                Capability.LIST_TENANTS,
                Capability.LIST_USERS,
                Capability.PUSH_TENANTS,
                Capability.PUSH_USERS,
                Capability.PUSH_CAMERAS,
                Capability.SUSPEND,
                Capability.SIGN_ON,
            }
        )

    @cached_property
    def _sees_all(self) -> bool:
        if self.credentials.kind == SignInKind.SYSTEM_KEY:
            return True
        return self.call("GET", "/auth/whoami").object.get("is_admin") is True

    # --- Reading ---------------------------------------------------------------------------------

    def list_cameras(self) -> Iterator[Sequence[PlatformCamera]]:
        """Yield all cameras that the service user sees."""
        return self._list("/cameras", _camera_of, lambda each: each.name, sort="name")

    def list_tenants(self) -> Iterator[Sequence[Tenant]]:
        """Yield all organizations that the service user sees."""
        users = {user.id: user for page in self.list_users() for user in page}
        return self._list("/organizations", partial(_tenant_of, users), lambda each: each.id)

    def list_users(self) -> Iterator[Sequence[PlatformUser]]:
        """Yield all users. Their organizations are not among what the list says."""
        return self._list("/users", _user_of, lambda each: each.id)

    def list_plans(self) -> Iterator[Sequence[PlatformPlan]]:
        """Yield nothing."""
        return iter(())

    def camera(self, name: str) -> PlatformCamera | None:
        """Return a camera, or None if there is none of this name."""
        try:
            return _camera_of(self._camera_call(name, "GET").object)
        except NotThereError:
            return None

    def plan(self, plan_id: str) -> PlatformPlan | None:
        """Return None: API v2 has no presets."""
        return None

    def test(self) -> TestReport:
        """Find out what the service user can see and do."""
        findings = Findings(version="v2", lacks=[Lack.PRESETS, Lack.DATES])
        answer = self.call("GET", "/auth/whoami").object
        findings.login = text_of(answer, "login") or self.credentials.login
        findings.is_administrator = answer.get("is_admin") is True
        if not findings.is_administrator:
            findings.lacks.append(Lack.ADMINISTRATOR)
        for name, lack in (
            ("cameras", Lack.CAMERAS),
            ("users", Lack.USERS),
            ("organizations", Lack.ORGANIZATIONS),
        ):
            findings.reach(partial(self.call, "GET", f"/{name}", query={"limit": "1"}), lack)
        return findings.report

    def now(self) -> datetime | None:
        """Return None: API v2 does not say."""
        return None

    def log_since(self, since: datetime) -> Iterator[Sequence[LogEntry]]:
        """Yield nothing."""
        return iter(())

    def usage_days(self, first_on: date, last_on: date) -> Iterator[Sequence[UsageDay]]:
        """Refuse: API v2 has no usage report.

        Raises:
            NotSupportedError: always.
        """
        raise NotSupportedError

    # --- Writing ---------------------------------------------------------------------------------

    def push_plan(self, plan: PlatformPlan) -> PlatformPlan:
        """Refuse: API v2 has no presets.

        Raises:
            NotSupportedError: always.
        """
        raise NotSupportedError

    def push_camera(
        self,
        name: str,
        *,
        plan_id: str | None = None,
        tenant_id: str | None = None,
        is_disabled: bool | None = None,
    ) -> None:
        """Change a camera as far as values are given."""
        ids = {"organization_id": tenant_id, "preset_id": plan_id}
        body: dict[str, Any] = {name: sent_id(pk) for name, pk in ids.items() if pk is not None}
        if is_disabled is not None:
            body["enabled"] = not is_disabled
        self._camera_call(name, "PUT", body)

    def assign_plan(self, tenant_id: str, plan_id: str) -> None:
        """Refuse: API v2 has no presets.

        Raises:
            NotSupportedError: always.
        """
        raise NotSupportedError

    def plans_of(self, tenant_id: str) -> list[str]:
        """Return nothing."""
        return []

    def to_suspend(
        self, tenant_id: str, by: SuspendBy, camera_names: Iterable[str] = ()
    ) -> Suspended:
        """Return what suspending an organization would change now."""
        if by is SuspendBy.LIMITING_CAMERAS:
            return self._limit_to_lower(tenant_id)
        if by is SuspendBy.BLOCKING_USERS:
            members = self._list(
                f"/organizations/{quote(tenant_id, safe='')}/users", _member_id, lambda each: each
            )
            users = (self._needed_user(each) for page in members for each in page)
            return users_to_block(users, tenant_id, self.credentials.login)
        return self._cameras_to_disable(camera_names, tenant_id)

    # --- People ----------------------------------------------------------------------------------

    def send_recovery_mail(self, email: str) -> None:
        """Refuse: API v2 has no such call.

        Raises:
            NotSupportedError: always.
        """
        raise NotSupportedError

    def sign_on(self, user: PlatformUser) -> SignOn:
        """Return where a browser posts a token that signs this user in."""
        body = {"login": user.login, "lifetime": _SECONDS_TO_SIGN_ON}
        token = text_of(
            self.call("POST", "/auth/generate-autologin-token", body=body).object, "autologin_token"
        )
        if not token:
            raise UnexpectedAnswerError
        pages = self.base.removesuffix("/api/v2")
        return SignOn(f"{self.transport.address}{pages}/autologin", {"autologin_token": token})

    def messages_like(self, message: UserMessage) -> Sequence[UserMessage]:
        """Return nothing: API v2 has no messages."""
        return ()

    def send_message(self, message: UserMessage, known_ids: Collection[str] = ()) -> UserMessage:
        """Refuse: API v2 has no messages.

        Raises:
            NotSupportedError: always.
        """
        raise NotSupportedError

    def _create(self, path: str, body: Mapping[str, Any]) -> Object:
        return self.call("POST", path, body=body).object

    def _tenant(self, row: Object) -> Tenant:
        return _tenant_of({}, row)

    def _person(self, row: Object) -> PlatformUser:
        return _user_of(row)

    def _tenant_fields(self, wanted: Tenant, change: TenantChange) -> dict[str, Any]:
        owner_id = sent_id(change.owner_id) if change.owner_id else None
        return given(
            {"title": wanted.title, "owner_id": owner_id, "camera_limit": change.most_cameras}
        )

    def _new_user_fields(self, new: NewUser) -> dict[str, Any]:
        return given(
            {
                "login": new.email,
                "notification_email": new.email,
                "name": new.name,
                "external_id": new.external_id,
                "organization_id": sent_id(new.tenant_id),
            }
        )

    def _user_fields(self, change: UserChange) -> dict[str, Any]:
        is_enabled = None if change.is_blocked is None else not change.is_blocked
        return given(
            {
                "notification_email": change.email,
                "external_id": change.external_id,
                "enabled": is_enabled,
            }
        )

    # --- Calls -----------------------------------------------------------------------------------

    def call(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Any = None
    ) -> Answer:
        """Call the API, signed in."""
        return self._session.signed_in(
            lambda headers: self.transport.call(
                method, f"{self.base}{path}", query=query, body=body, headers=headers
            )
        )

    @cached_property
    def _session(self) -> V2Session:
        return V2Session(self.transport, self.base, self.credentials, self.store_of(ApiScope.V2))

    def _list(
        self,
        path: str,
        parse: Callable[[Object], Value],
        identify: Callable[[Value], str],
        sort: str = "id",
    ) -> Iterator[list[Value]]:
        return read_offsets(
            lambda query: self.call("GET", path, query=query).json,
            parse=parse,
            identify=identify,
            sort=sort,
        )

    def _tenant_call(self, tenant_id: str, method: str, body: Any = None) -> Answer:
        return self.call(method, f"/organizations/{quote(tenant_id, safe='')}", body=body)

    def _user_call(self, user_id: str, method: str, body: Any = None) -> Answer:
        return self.call(method, f"/users/{quote(user_id, safe='')}", body=body)

    def _camera_call(self, name: str, method: str, body: Any = None) -> Answer:
        return self._paths.call(name, lambda path: self.call(method, f"/cameras/{path}", body=body))


def _camera_of(row: Object) -> PlatformCamera:
    name = row.get("name")
    if not isinstance(name, str) or not name:
        raise UnexpectedAnswerError
    return PlatformCamera(
        name=name,
        title=text_of(row, "title"),
        tenant_id=id_of(row.get("organization_id")),
        tenant_title="",
        plan_id=id_of(row.get("preset_id")),
        plan_title="",
        is_disabled=row.get("enabled") is False,
    )


def _tenant_of(users: Mapping[str, PlatformUser], row: Object) -> Tenant:
    owner_id = id_of(row.get("owner_id"))
    owner = users.get(owner_id)
    return Tenant(
        id=needed_id(row),
        title=text_of(row, "title"),
        owner_id=owner_id,
        owner_login=owner.login if owner else "",
        owner_email=owner.email if owner else "",
        external_id=owner.external_id if owner else "",
        most_cameras=number_of(row, "camera_limit"),
        most_users=number_of(row, "user_limit"),
        owner_is_blocked=owner.is_blocked if owner else None,
        cameras=number_of(row, "camera_count"),
    )


def _user_of(row: Object) -> PlatformUser:
    organizations = row.get("organizations")
    found = organizations if isinstance(organizations, list) else []
    return PlatformUser(
        id=needed_id(row),
        login=text_of(row, "login"),
        email=text_of(row, "notification_email"),
        name=text_of(row, "name"),
        external_id=text_of(row, "external_id"),
        is_blocked=row.get("enabled") is False,
        is_administrator=row.get("is_admin") is True,
        tenant_ids=tuple(id_of(each.get("id")) for each in found if isinstance(each, dict)),
    )


def _member_id(row: Object) -> str:
    return id_of(row.get("user_id"))
