"""What billing needs of a platform for video surveillance, and the values that both exchange.

`Platform` is implemented for each kind of platform: `watcher/clients/` has Flussonic Watcher's.
Ids are texts, because platforms number differently. An empty id or text means that the platform
does not say, as does None for everything else. Instants are aware, in UTC.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _


class Capability(Enum):
    """Something that a platform may be able to do."""

    LIST_CAMERAS = "list_cameras"
    """Lists all cameras, including those of organizations that the service user is not in."""
    LIST_TENANTS = "list_tenants"
    LIST_USERS = "list_users"
    LIST_PLANS = "list_plans"
    """Lists presets with their services; otherwise only their ids are known, from cameras."""
    DATES_CHANGES = "dates_changes"
    """States when a camera was created and last changed."""
    PUSH_PLANS = "push_plans"
    PUSH_TENANTS = "push_tenants"
    PUSH_USERS = "push_users"
    INVITE_USERS = "invite_users"
    """Sends a mail by which a new user chooses a password."""
    PUSH_CAMERAS = "push_cameras"
    SUSPEND = "suspend"
    REPORT_USAGE = "report_usage"
    """Has its own report of which camera was in which organization on which day."""
    LOG_ACCESS = "log_access"
    SIGN_ON = "sign_on"
    """Signs a user in by a link."""
    SEND_MESSAGES = "send_messages"


@dataclass(frozen=True, slots=True)
class PlatformUser:
    """A person who signs in on the platform."""

    id: str
    login: str
    email: str = ""
    name: str = ""
    external_id: str = ""
    """The subscriber's id in billing, as the platform has stored it."""
    is_blocked: bool = False
    is_administrator: bool = False
    tenant_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tenant:
    """A subscriber's organization on the platform."""

    id: str
    title: str
    owner_id: str = ""
    owner_login: str = ""
    owner_email: str = ""
    external_id: str = ""
    """The id that billing has given to the owner."""
    most_cameras: int | None = None
    most_users: int | None = None
    owner_is_blocked: bool | None = None
    cameras: int | None = None
    """How many cameras it has, as the platform counts them."""


@dataclass(frozen=True, slots=True)
class TenantChange:
    """What is to be changed of an organization on the platform; None leaves it as it is."""

    title: str | None = None
    owner_id: str | None = None
    most_cameras: int | None = None


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user who is to be made in an organization of the platform. The login is the address."""

    email: str
    tenant_id: str
    name: str = ""
    external_id: str = ""
    locale: str = ""
    """Two letters, or empty for the platform's own."""


@dataclass(frozen=True, slots=True)
class UserChange:
    """What is to be changed of a user on the platform; None leaves it as it is."""

    email: str | None = None
    external_id: str | None = None
    is_blocked: bool | None = None


@dataclass(frozen=True, slots=True)
class SignOn:
    """Where a browser is sent so that a user is signed in on the platform, once and soon.

    What it holds is as good as a password, so it is neither stored nor logged.
    """

    address: str = field(repr=False)
    form: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What is posted to the address; empty if it is opened."""


@dataclass(frozen=True, slots=True)
class UserMessage:
    """A message to a user that the platform shows."""

    id: str
    user_id: str
    title: str
    body: str
    devices: int | None = None
    """How many phones it was pushed to; known only when it is sent."""


@dataclass(frozen=True, slots=True)
class PlatformPlan:
    """A preset: the services that a camera gets. `id` is empty for one that does not exist yet."""

    id: str
    title: str
    is_adjustable: bool | None = None
    """Whether cameras may have other services than the preset's."""
    dvr_seconds: int | None = None
    dvr_is_null: bool = False
    """Whether the depth is stated as null, which may differ from not being stated, and from 0."""
    dvr_bytes: int | None = None
    has_anpr: bool = False
    external_id: str = ""
    """The id that billing has given to it."""
    is_deleted: bool = False


# The reader of a million cameras makes one of these for each.
@dataclass(frozen=True, slots=True)
class PlatformCamera:
    """A camera as the platform has it now. `name` identifies it and never changes."""

    name: str
    title: str
    tenant_id: str
    tenant_title: str
    plan_id: str
    plan_title: str
    is_disabled: bool
    created_at: datetime | None = None
    changed_at: datetime | None = None
    """When anything about the camera was changed last, cut to whole seconds."""
    is_of_recorder: bool = False
    """Whether it comes and goes with a connected recorder."""


class SuspendBy(Enum):
    """How a platform keeps a suspended subscriber from using it."""

    LIMITING_CAMERAS = "limit"
    BLOCKING_USERS = "users"
    DISABLING_CAMERAS = "cameras"


@dataclass(frozen=True, slots=True)
class LowerLimit:
    """A limit of cameras that is lowered to as many as there are: both are 1 or more."""

    tenant_id: str
    before: int
    meanwhile: int


@dataclass(frozen=True, slots=True)
class Suspended:
    """What a suspension has changed on the platform, so that exactly this is restored."""

    by: SuspendBy
    user_ids: tuple[str, ...] = ()
    camera_names: tuple[str, ...] = ()
    limit: LowerLimit | None = None


@dataclass(frozen=True, slots=True)
class UsageDay:
    """A row of the platform's own report: a camera was in an organization on these days, in UTC."""

    camera_name: str
    tenant_id: str
    plan_external_id: str
    first_on: date
    last_on: date
    """Both inclusive."""


class LoggedKind(Enum):
    """What the platform's log says was done to a camera."""

    CREATED = "created"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An entry of the platform's log about a camera, in whole seconds of its clock."""

    camera_name: str
    kind: LoggedKind
    at: datetime


class Lack(models.TextChoices):
    """What a test of a connection found to be missing, and what does not work without it."""

    ADMINISTRATOR = (
        "administrator",
        _(
            "The service user is not an administrator. Make it one, or empty the path of the "
            "administrator API. Then only cameras of organizations that it is a member of are "
            "read, and cameras that move out of sight cannot be told from deleted ones."
        ),
    )
    CAMERAS = "cameras", _("The service user may not list cameras. Nothing can be read.")
    USERS = (
        "users",
        _(
            "The service user may not list users. Owners are not known, and organizations without "
            "cameras only if the service user is a member of them."
        ),
    )
    ORGANIZATIONS = (
        "organizations",
        _(
            "The service user is not a member of any organization. Titles and limits of "
            "organizations are not known completely, and cannot be written."
        ),
    )
    PRESETS = (
        "presets",
        _(
            "Presets cannot be listed. Only their IDs are known, from cameras, and they cannot be "
            "written."
        ),
    )
    USAGE = (
        "usage",
        _("Watcher's own usage report cannot be read, so nothing can be compared with it."),
    )
    LOG = (
        "log",
        _(
            "Watcher's log cannot be read. Some changes are only known to have happened between "
            "two readings."
        ),
    )
    DATES = (
        "dates",
        _(
            "API v2 does not say when cameras were created or changed. All changes are only known "
            "to have happened between two readings."
        ),
    )
    CLOCK = (
        "clock",
        _(
            "The clocks of Watcher and of this server differ by more than a minute. Set both by "
            "the same time servers. If they differ by more than an hour, nothing is read."
        ),
    )
    VERSION = (
        "version",
        _("Watcher is of another version than the one chosen for the connection. Choose it."),
    )


@dataclass(frozen=True, slots=True)
class TestReport:
    """What a test of a connection found out, without changing anything on the platform."""

    __test__ = False  # pytest takes a class whose name begins with Test for tests.

    version: str = ""
    login: str = ""
    is_administrator: bool | None = None
    clock_ahead_seconds: float | None = None
    """How far the platform's clock is ahead of ours; negative if it is behind."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many organizations, users, presets and cameras there are, as the platform estimates."""
    lacks: Sequence[Lack] = ()


class Platform(Protocol):
    """A platform for video surveillance that billing reads, and changes as far as that is enabled.

    Calls wait for the platform, so they are not made within a transaction. Each may raise a
    `watcher.errors.PlatformError`. A list is complete when its iterator ends; one that breaks off
    raises, so nothing may be concluded from the pages before that.
    """

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What this version of the platform can do for the service user."""

    def test(self) -> TestReport:
        """Find out what the service user can see and do. Nothing is changed."""

    def list_cameras(self) -> Iterator[Sequence[PlatformCamera]]:
        """Yield all cameras, each once, page by page."""

    def list_tenants(self) -> Iterator[Sequence[Tenant]]:
        """Yield the organizations that are known without reading the cameras, each once."""

    def list_users(self) -> Iterator[Sequence[PlatformUser]]:
        """Yield all users, each once."""

    def list_plans(self) -> Iterator[Sequence[PlatformPlan]]:
        """Yield all presets, each once; nothing without `Capability.LIST_PLANS`."""

    def camera(self, name: str) -> PlatformCamera | None:
        """Return a camera, or None if there is none of this name."""

    def plan(self, plan_id: str) -> PlatformPlan | None:
        """Return a preset, or None if there is none with this id, or it is deleted."""

    def now(self) -> datetime | None:
        """Return the instant by the platform's clock, in whole seconds; None if it does not say."""

    def log_since(self, since: datetime) -> Iterator[Sequence[LogEntry]]:
        """Yield what the log has of cameras since an instant, newest first.

        Nothing without `Capability.LOG_ACCESS`. The log may reach less far back.
        """

    def usage_days(self, first_on: date, last_on: date) -> Iterator[Sequence[UsageDay]]:
        """Yield what the platform's usage report has of cameras on days, both inclusive.

        Raises:
            NotSupportedError: without `Capability.REPORT_USAGE`.
        """

    def push_plan(self, plan: PlatformPlan) -> PlatformPlan:
        """Create a preset, or change the one with the id, and return it as it is afterwards.

        Raises:
            AlreadyThereError: it has no id, and there is a preset with its title.
        """

    def push_camera(
        self,
        name: str,
        *,
        plan_id: str | None = None,
        tenant_id: str | None = None,
        is_disabled: bool | None = None,
    ) -> None:
        """Change a camera as far as values are given.

        Look first that it exists: a platform may create one otherwise.
        """

    def assign_plan(self, tenant_id: str, plan_id: str) -> None:
        """Let an organization use a preset; nothing if it may already."""

    def plans_of(self, tenant_id: str) -> Sequence[str]:
        """Return the ids of the presets that an organization may use.

        Raises:
            NotThereError: there is no such organization.
        """

    def to_suspend(
        self, tenant_id: str, by: SuspendBy, camera_names: Iterable[str] = ()
    ) -> Suspended:
        """Return what suspending an organization would change now. Nothing is changed.

        What is off already is left out, and so are users who are also in other organizations, and
        administrators. An organization without a limit, or without cameras, is not limited:
        whether a limit can be taken away again, and what 0 means, is not known. `camera_names` are
        those to consider if cameras are to be disabled. Store the result before `suspend` is
        called, so that it can be restored whatever happens.
        """

    def suspend(self, suspended: Suspended) -> None:
        """Block the users, disable the cameras, or lower the limit.

        What is already so, gone, or a limit that is no longer what it was, is passed over.
        """

    def restore(self, suspended: Suspended) -> None:
        """Unblock the users, enable the cameras, or raise the limit, as far as they still exist.

        A limit that somebody has changed meanwhile stays.
        """

    # --- Organizations and users -----------------------------------------------------------------

    def tenant(self, tenant_id: str) -> Tenant | None:
        """Return an organization, or None if the service user sees none with this id."""

    def tenants_titled(self, title: str) -> Sequence[Tenant]:
        """Return the organizations with exactly this title."""

    def create_tenant(self, title: str, owner_id: str = "") -> Tenant:
        """Create an organization. Without an owner, the service user owns it.

        Raises:
            AlreadyThereError: there is one with its title.
            OutcomeUnknownError: the answer was lost, and none was found. It is not sent again.
        """

    def change_tenant(self, tenant_id: str, change: TenantChange) -> Tenant:
        """Change an organization, and return it as it is afterwards.

        Raises:
            NotThereError: the service user sees none with this id.
            LimitTooLowError: the limit is 0, or lower than the number of cameras.
            NotAppliedError: it reads otherwise afterwards.
        """

    def user(self, user_id: str) -> PlatformUser | None:
        """Return a user, or None if the service user sees none with this id."""

    def users_called(self, text: str) -> Sequence[PlatformUser]:
        """Return the users whose login or address is exactly this, whatever its case."""

    def create_user(self, new: NewUser) -> PlatformUser:
        """Create a user with a password that nobody knows.

        Raises:
            AlreadyThereError: there is one with this login or address.
            OutcomeUnknownError: the answer was lost, and none was found. It is not sent again.
        """

    def send_recovery_mail(self, email: str) -> None:
        """Have the platform send a mail by which a user chooses a password.

        It does not say whether there is such a user. A mail whose answer was lost may have been
        sent, so it is not repeated.

        Raises:
            OutcomeUnknownError: the answer was lost.
            NotSupportedError: without `Capability.INVITE_USERS`.
        """

    def change_user(self, user_id: str, change: UserChange) -> PlatformUser:
        """Change a user, and return them as they are afterwards.

        Raises:
            NotThereError: the service user sees none with this id.
            NotAppliedError: they read otherwise afterwards.
        """

    def sign_on(self, user: PlatformUser) -> SignOn:
        """Return where a browser signs this user in. It is valid once, for 15 minutes at most.

        Raises:
            NotSupportedError: without `Capability.SIGN_ON`.
        """

    def messages_like(self, message: UserMessage) -> Sequence[UserMessage]:
        """Return the latest messages to the same user with the same texts.

        The service user may not see what it has sent. Nothing without `Capability.SEND_MESSAGES`.
        """

    def send_message(self, message: UserMessage, known_ids: Collection[str] = ()) -> UserMessage:
        """Send a message, whose id is empty, to the pages and phones of a user.

        `known_ids` are those of `messages_like` it before. They tell it from the same message sent
        earlier if the answer is lost.

        Raises:
            OutcomeUnknownError: the answer was lost, and it was not found. It is not sent again.
            NotSupportedError: without `Capability.SEND_MESSAGES`.
        """
