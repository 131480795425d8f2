"""What Watcher keeps. Instants are milliseconds since 1970 in UTC."""

from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

Status = Literal["running", "waiting", "error"]

# Rights of a member of an organization.
RIGHTS = (
    "can_view_streams",
    "can_edit_streams",
    "can_view_stats",
    "can_edit_users",
    "can_view_persons_lists",
    "can_edit_persons_lists",
)


class Dvr(TypedDict, total=False):
    """Archive settings: seconds, bytes, copies, and percent of a disk."""

    expiration: int
    episodes_expiration: int
    storage_limit: int
    redundancy_factor: int
    disk_usage_limit: int


class CameraFields(TypedDict, total=False):
    """What can be set on a camera."""

    title: str
    organization_id: int
    preset_id: int
    disabled: bool
    static: bool
    comment: str
    postal_address: str
    folder_id: int | None
    dvr: Dvr | None
    vision_alg: str | None
    inputs: tuple[str, ...]
    nvr_id: int | None


class OrganizationFields(TypedDict, total=False):
    """What can be set on an organization."""

    title: str
    owner_id: int
    stream_limit: int | None
    user_limit: int | None
    is_default: bool
    note: str
    dvr_limit: int | None


class UserFields(TypedDict, total=False):
    """What can be set on a user."""

    name: str
    password: str
    email: str
    fullname: str
    phone: str
    note: str
    locale: str
    disabled: bool
    access_level: str
    readonly: bool
    max_sessions: int | None
    external_id: str


class PresetFields(TypedDict, total=False):
    """What can be set on a preset."""

    title: str
    is_adjustable: bool
    is_default: bool
    dvr: Dvr
    vision_alg: str | None
    billing_external_id: str
    external_id: str


@dataclass(slots=True)
class Camera:
    """A camera; Watcher calls it a stream.

    `since` is when organization, preset or `disabled` last changed. `dvr` and `vision_alg` are
    its own settings, which count under an adjustable preset only.
    """

    name: str
    title: str
    organization_id: int
    preset_id: int
    created_at: int
    changed_at: int
    changed_by: str
    since: int
    disabled: bool = False
    static: bool = True
    comment: str = ""
    postal_address: str = ""
    folder_id: int | None = None
    dvr: Dvr | None = None
    vision_alg: str | None = None
    inputs: tuple[str, ...] = ()
    status: Status = "running"
    nvr_id: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which a camera had one organization and preset; `ended_at` is exclusive.

    `made_at` tells cameras apart that had the same name one after another.
    """

    started_at: int
    ended_at: int | None
    organization_id: int
    preset_id: int
    disabled: bool
    made_at: int


@dataclass(slots=True)
class Organization:
    """An organization; `members` has the rights of each user, the owner's included."""

    id: int
    title: str
    owner_id: int | None
    created_at: int
    stream_limit: int | None = None
    user_limit: int | None = None
    is_default: bool = False
    note: str = ""
    dvr_limit: int | None = None
    preset_ids: set[int] = field(default_factory=set)
    members: dict[int, frozenset[str]] = field(default_factory=dict)


@dataclass(slots=True)
class User:
    """A user; `access_level` is generic, admin or domain_admin."""

    id: int
    name: str
    password: str
    created_at: int
    email: str = ""
    fullname: str = ""
    phone: str = ""
    note: str = ""
    locale: str = "en"
    disabled: bool = False
    access_level: str = "generic"
    readonly: bool = False
    max_sessions: int | None = None
    external_id: str = ""
    apikey: str = ""

    @property
    def administers(self) -> bool:
        """Tell whether all organizations of Watcher are open to this user."""
        return self.access_level in {"admin", "domain_admin"}


@dataclass(slots=True)
class Preset:
    """A preset, the tariff as Watcher knows it."""

    id: int
    title: str
    changed_at: int
    changed_by: str
    is_adjustable: bool = False
    is_default: bool = False
    dvr: Dvr = field(default_factory=Dvr)
    vision_alg: str | None = None
    billing_external_id: str = ""
    external_id: str = ""
    deleted_at: int | None = None


@dataclass(slots=True)
class Folder:
    """A folder of an organization."""

    id: int
    title: str
    organization_id: int
    parent_id: int | None = None
    rights: dict[int, dict[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Message:
    """A message to a user, shown in Watcher."""

    id: int
    user_id: int
    sender_id: int
    title: str
    body: str
    type: str = "info"
    is_dashboard: bool = False
    is_push: bool = False
    was_read: bool = False


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An entry of Watcher's log of actions."""

    id: int
    at: int
    action: str
    object_type: str
    object_id: str
    representation: str
    organization_id: int | None
    login: str
    data: dict[str, Any]
