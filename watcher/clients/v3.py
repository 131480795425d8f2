"""Flussonic Watcher by API v3, of Watcher 25 and 26."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any
from urllib.parse import quote

from watcher.clients.credentials import Credentials
from watcher.clients.lists import ListOf, Value, read_pages
from watcher.clients.people import ManagesPeople
from watcher.clients.sessions import BearerSession, InMemory, TokenStore
from watcher.clients.suspending import Suspends, users_to_block
from watcher.clients.testing import REFUSALS
from watcher.clients.transport import Answer, Transport
from watcher.clients.v3_testing import report_of
from watcher.clients.v3_values import (
    CAMERA_FIELDS,
    camera_of,
    logged,
    message_body,
    message_of,
    new_user_body,
    organizations_of,
    plan_of,
    preset_body,
    tenant_body,
    tenant_of,
    usage_day_of,
    user_body,
    user_of,
)
from watcher.clients.values import Object, instant_of, sent_id, text_of
from watcher.clients.writing import CameraPaths, made, sent_once
from watcher.connection.models import ADMIN_BASE, CLIENT_BASE, ApiScope
from watcher.errors import (
    AlreadyThereError,
    NotSupportedError,
    NotThereError,
    RefusedByPlatformError,
    UnexpectedAnswerError,
)
from watcher.platform import (
    Capability,
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

_EVERY_VERSION = frozenset(
    {
        Capability.LIST_TENANTS,
        Capability.LIST_USERS,
        Capability.LIST_PLANS,
        Capability.DATES_CHANGES,
        Capability.PUSH_TENANTS,
        Capability.PUSH_USERS,
        Capability.INVITE_USERS,
        Capability.PUSH_CAMERAS,
        Capability.SUSPEND,
        Capability.SEND_MESSAGES,
    }
)
_MOST_PAGES_OF_MESSAGES = 2
"""How far back a message is looked for that was just sent."""
_OF_26 = frozenset({Capability.REPORT_USAGE, Capability.LOG_ACCESS, Capability.SIGN_ON})


@dataclass
class WatcherV3(ManagesPeople, Suspends):
    """A `watcher.platform.Platform`. Without `admin_base`, it sees only its own organizations."""

    switched = ("disabled", True)

    transport: Transport
    credentials: Credentials
    is_26: bool = True
    client_base: str = CLIENT_BASE
    admin_base: str = ADMIN_BASE
    store_of: Callable[[ApiScope], TokenStore] = lambda _scope: InMemory()
    _sessions: dict[ApiScope, BearerSession] = field(default_factory=dict)
    _paths: CameraPaths = field(default_factory=CameraPaths)

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What this version can do."""
        known = _EVERY_VERSION | (_OF_26 if self.is_26 else frozenset())
        if self.admin_base:
            known |= {Capability.LIST_CAMERAS, Capability.PUSH_PLANS}
        elif self.is_26:
            known |= {Capability.PUSH_PLANS}
        return known

    @property
    def _widest(self) -> ApiScope:
        return ApiScope.ADMIN if self.admin_base else ApiScope.CLIENT

    # --- Reading ---------------------------------------------------------------------------------

    def list_cameras(self) -> Iterator[Sequence[PlatformCamera]]:
        """Yield all cameras by name; without `admin_base`, those of the user's organizations."""
        cameras = ListOf(
            "streams", camera_of, lambda each: each.name, sort="name", select=CAMERA_FIELDS
        )
        return self._list(self._widest, "/streams", cameras)

    def list_tenants(self) -> Iterator[Sequence[Tenant]]:
        """Yield the user's organizations, then those that users of Watcher are members of."""
        users: dict[str, PlatformUser] = {}
        named: dict[str, Object] = {}
        users_list = ListOf("users_list", _user_and_organizations, lambda each: each[0].id)
        for page in self._list(self._widest, "/users", users_list):
            for user, organizations in page:
                users[user.id] = user
                named |= {str(each["id"]): each for each in organizations if "id" in each}
        own = ListOf("organizations", lambda row: tenant_of(row, users), lambda each: each.id)
        for tenants in self._list(ApiScope.CLIENT, "/organizations", own):
            for tenant in tenants:
                named.pop(tenant.id, None)
            yield tenants
        if named:
            yield [tenant_of(each, users) for each in named.values()]

    def list_users(self) -> Iterator[Sequence[PlatformUser]]:
        """Yield all users."""
        return self._list(
            self._widest, "/users", ListOf("users_list", user_of, lambda each: each.id)
        )

    def list_plans(self) -> Iterator[Sequence[PlatformPlan]]:
        """Yield all presets."""
        return self._list(
            self._widest, "/presets", ListOf("presets", plan_of, lambda each: each.id)
        )

    def camera(self, name: str) -> PlatformCamera | None:
        """Return a camera, or None if there is none of this name."""
        try:
            return camera_of(self._camera_call(name, "GET").object)
        except NotThereError:
            return None

    def plan(self, plan_id: str) -> PlatformPlan | None:
        """Return a preset, or None if there is none with this id, or it is deleted."""
        try:
            found = self._plan(plan_id)
        except NotThereError:
            return None
        return None if found.is_deleted else found

    def test(self) -> TestReport:
        """Find out what the service user can see and do."""
        return report_of(self)

    def now(self) -> datetime | None:
        """Return the instant by Watcher's clock; without `admin_base` it does not say."""
        if not self.admin_base:
            return None
        try:
            answer = self.call(ApiScope.ADMIN, "GET", "/monitoring/liveness").object
        except REFUSALS:
            return None
        return instant_of(answer, "now")

    def log_since(self, since: datetime) -> Iterator[Sequence[LogEntry]]:
        """Yield what the log has of cameras since an instant, newest first."""
        if not self.is_26:
            return
        log = ListOf("access_log", logged, lambda each: each.id, sort="-id")
        for page in self._list(ApiScope.CLIENT, "/access_log", log):
            yield [each.entry for each in page if each.entry and each.entry.at >= since]
            if any(each.at is not None and each.at < since for each in page):
                return

    def usage_days(self, first_on: date, last_on: date) -> Iterator[Sequence[UsageDay]]:
        """Yield what the usage report of 26 has of cameras on days, both inclusive.

        Raises:
            NotSupportedError: Watcher 25 has no report.
        """
        if not self.is_26:
            raise NotSupportedError
        # Its rows have no id, so it is read until two readings agree.
        report = ListOf(
            "usage",
            usage_day_of,
            repr,
            sort="",
            filters=(("from", first_on.isoformat()), ("to", last_on.isoformat())),
        )
        return self._list(self._widest, "/usage/cameras", report)

    # --- Writing ---------------------------------------------------------------------------------

    def push_plan(self, plan: PlatformPlan) -> PlatformPlan:
        """Create a preset, or change the one with the id, and return it as it is afterwards.

        Raises:
            AlreadyThereError: it has no id, and there is a preset with its title.
        """
        body = preset_body(plan, has_external_ids=self.is_26)
        if plan.id:
            return self._change_plan(plan, body)
        if same := self._plans_of(plan.title):
            raise AlreadyThereError(ids=[each.id for each in same])
        created = made(
            lambda: plan_of(self.call(self._widest, "POST", "/presets", body=body).object).id,
            look=lambda: next((each.id for each in self._plans_of(plan.title)), None),
            wait=self.transport.sleep,
        )
        return self._plan(created)

    def _change_plan(self, plan: PlatformPlan, body: Mapping[str, Any]) -> PlatformPlan:
        """Change a preset; if recognition of plates stays although it is not wanted, take it off.

        How analytics are taken off is not documented. An empty object has no value that could be
        taken for another one, so it is tried before null. The caller reads back the result.
        """
        path = f"/presets/{quote(plan.id, safe='')}"
        self.call(self._widest, "PUT", path, body=body)
        found = self._plan(plan.id)
        nothings: tuple[dict[str, Any] | None, ...] = ({}, None)
        for nothing in nothings:
            if plan.has_anpr or not found.has_anpr:
                break
            self.call(self._widest, "PUT", path, body={**body, "vision": nothing})
            found = self._plan(plan.id)
        return found

    def push_camera(
        self,
        name: str,
        *,
        plan_id: str | None = None,
        tenant_id: str | None = None,
        is_disabled: bool | None = None,
    ) -> None:
        """Change a camera as far as values are given.

        Preset and organization are objects. A release that does not take these takes the fields
        that were there before.
        """
        ids = {"organization": tenant_id, "preset": plan_id}
        given = {key: sent_id(pk) for key, pk in ids.items() if pk is not None}
        body: dict[str, Any] = {key: {"id": pk} for key, pk in given.items()}
        if is_disabled is not None:
            body["disabled"] = is_disabled
        self._camera_call(name, "PUT", body)
        if not given:
            return
        row = self._camera_call(name, "GET").object
        camera = camera_of(row)
        has = {"organization": camera.tenant_id, "preset": camera.plan_id}
        left = {f"{key}_id": pk for key, pk in given.items() if has[key] != str(pk)}
        if left:
            self._camera_call(name, "PUT", left)

    def assign_plan(self, tenant_id: str, plan_id: str) -> None:
        """Let an organization use a preset."""
        path = f"/organizations/{quote(tenant_id, safe='')}/presets"
        self.call(self._widest, "PUT", path, body={"preset_id": sent_id(plan_id)})

    def plans_of(self, tenant_id: str) -> list[str]:
        """Return the ids of the presets that an organization may use."""
        asked = ListOf(
            "presets", plan_of, lambda each: each.id, filters=(("organization_id", tenant_id),)
        )
        return [plan.id for page in self._list(self._widest, "/presets", asked) for plan in page]

    def to_suspend(
        self, tenant_id: str, by: SuspendBy, camera_names: Iterable[str] = ()
    ) -> Suspended:
        """Return what suspending an organization would change now."""
        if by is SuspendBy.LIMITING_CAMERAS:
            return self._limit_to_lower(tenant_id)
        if by is SuspendBy.BLOCKING_USERS:
            asked = ListOf(
                "users_list",
                user_of,
                lambda each: each.id,
                filters=(("organization_id", tenant_id),),
            )
            users = (user for page in self._list(self._widest, "/users", asked) for user in page)
            return users_to_block(users, tenant_id, self.credentials.login)
        return self._cameras_to_disable(camera_names, tenant_id)

    def _plan(self, plan_id: str) -> PlatformPlan:
        return plan_of(self.call(self._widest, "GET", f"/presets/{quote(plan_id, safe='')}").object)

    def _plans_of(self, title: str) -> list[PlatformPlan]:
        return [
            plan
            for page in self.list_plans()
            for plan in page
            if plan.title == title and not plan.is_deleted
        ]

    # --- People ----------------------------------------------------------------------------------

    def send_recovery_mail(self, email: str) -> None:
        """Have Watcher send a mail by which a user chooses a password."""
        sent_once(
            lambda: self.call(ApiScope.CLIENT, "POST", "/password_recovery", body={"email": email})
        )

    def sign_on(self, user: PlatformUser) -> SignOn:
        """Return where a browser signs this user in; only Watcher 26 can."""
        if not self.is_26:
            raise NotSupportedError
        try:
            token = self._autologin_token(user.login)
        except (NotThereError, RefusedByPlatformError):
            # It is described as an address, which several users may have.
            if not user.email or len(self.users_called(user.email)) != 1:
                raise
            token = self._autologin_token(user.email)
        pages = self.client_base.removesuffix("/client-api/v3") + "/client/"
        return SignOn(
            f"{self.transport.address}{pages}#/auth/signin/auto?autologin_token={quote(token)}"
        )

    def _autologin_token(self, login: str) -> str:
        body = {"login": login}
        answer = self.call(ApiScope.CLIENT, "POST", "/autologin/generate", body=body).object
        if token := text_of(answer, "autologin_token"):
            return token
        raise UnexpectedAnswerError

    def messages_like(self, message: UserMessage) -> Sequence[UserMessage]:
        """Return the latest messages to the same user with the same texts."""
        newest_first = ListOf("messages", message_of, lambda each: each.id, sort="-id")
        pages = self._list(ApiScope.CLIENT, "/messages", newest_first)
        wanted = (message.user_id, message.title, message.body)
        return [
            each
            for page in islice(pages, _MOST_PAGES_OF_MESSAGES)
            for each in page
            if (each.user_id, each.title, each.body) == wanted
        ]

    def send_message(self, message: UserMessage, known_ids: Collection[str] = ()) -> UserMessage:
        """Send a message to the pages and phones of a user."""
        body = message_body(message)
        return made(
            lambda: message_of(self.call(ApiScope.CLIENT, "POST", "/messages", body=body).object),
            look=lambda: next(
                (each for each in self.messages_like(message) if each.id not in known_ids), None
            ),
            wait=self.transport.sleep,
        )

    def _create(self, path: str, body: Mapping[str, Any]) -> Object:
        scope = ApiScope.CLIENT if path == "/organizations" else self._widest
        return self.call(scope, "POST", path, body=body).object

    def _tenant(self, row: Object) -> Tenant:
        return tenant_of(row, {})

    def _person(self, row: Object) -> PlatformUser:
        return user_of(row)

    def _tenant_fields(self, wanted: Tenant, change: TenantChange) -> dict[str, Any]:
        return tenant_body(wanted, change)

    def _new_user_fields(self, new: NewUser) -> dict[str, Any]:
        return new_user_body(new, has_external_ids=self.is_26)

    def _user_fields(self, change: UserChange) -> dict[str, Any]:
        if change.external_id is not None and not self.is_26:
            raise NotSupportedError
        return user_body(change)

    # --- Calls -----------------------------------------------------------------------------------

    def _list(self, scope: ApiScope, path: str, asked: ListOf[Value]) -> Iterator[list[Value]]:
        return read_pages(lambda query: self.call(scope, "GET", path, query=query).object, asked)

    def _tenant_call(self, tenant_id: str, method: str, body: Any = None) -> Answer:
        path = f"/organizations/{quote(tenant_id, safe='')}"
        return self.call(ApiScope.CLIENT, method, path, body=body)

    def _user_call(self, user_id: str, method: str, body: Any = None) -> Answer:
        return self.call(self._widest, method, f"/users/{quote(user_id, safe='')}", body=body)

    def _camera_call(self, name: str, method: str, body: Any = None) -> Answer:
        def call(path: str) -> Answer:
            return self.call(self._widest, method, f"/streams/{path}", body=body)

        return self._paths.call(name, call)

    def call(
        self,
        scope: ApiScope,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
    ) -> Answer:
        """Call a part of the API, signed in."""
        base = self._base(scope)
        return self._session(scope).signed_in(
            lambda headers: self.transport.call(
                method, f"{base}{path}", query=query, body=body, headers=headers
            )
        )

    def _base(self, scope: ApiScope) -> str:
        return self.admin_base if scope is ApiScope.ADMIN else self.client_base

    def _session(self, scope: ApiScope) -> BearerSession:
        if scope not in self._sessions:
            self._sessions[scope] = BearerSession(
                self.transport, self._base(scope), self.credentials, self.store_of(scope)
            )
        return self._sessions[scope]


def _user_and_organizations(row: Object) -> tuple[PlatformUser, list[Object]]:
    return user_of(row), organizations_of(row)
