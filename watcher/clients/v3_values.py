"""What the objects of API v3 mean to billing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from watcher.clients.people import given
from watcher.clients.values import (
    Object,
    id_of,
    instant_of,
    needed_id,
    number_of,
    object_of,
    sent_id,
    text_of,
    whole_text_of,
)
from watcher.errors import UnexpectedAnswerError
from watcher.platform import (
    LogEntry,
    LoggedKind,
    NewUser,
    PlatformCamera,
    PlatformPlan,
    PlatformUser,
    Tenant,
    TenantChange,
    UsageDay,
    UserChange,
    UserMessage,
)

CAMERA_FIELDS = (
    "name,title,organization,preset,organization_id,preset_id,disabled,created_at,"
    "last_change.created_at,nvr_id"
)
"""What is asked for of a camera: `inputs` has the passwords of cameras, so it is left out."""


def camera_of(row: Object) -> PlatformCamera:
    """Return a camera. The objects `organization` and `preset` come before their former fields.

    Raises:
        UnexpectedAnswerError: it has no name.
    """
    name = row.get("name")
    if not isinstance(name, str) or not name:
        raise UnexpectedAnswerError
    organization, preset = object_of(row, "organization"), object_of(row, "preset")
    return PlatformCamera(
        name=name,
        title=text_of(row, "title"),
        tenant_id=id_of(organization.get("id")) or id_of(row.get("organization_id")),
        tenant_title=text_of(organization, "title"),
        plan_id=id_of(preset.get("id")) or id_of(row.get("preset_id")),
        plan_title=text_of(preset, "title"),
        is_disabled=row.get("disabled") is True,
        created_at=instant_of(row, "created_at"),
        changed_at=instant_of(object_of(row, "last_change"), "created_at"),
        is_of_recorder=row.get("nvr_id") is not None,
    )


class Logged(NamedTuple):
    """A row of the log; `entry` is None if it is not about a camera."""

    id: str
    at: datetime | None
    entry: LogEntry | None


# The kinds of actions are open; `create` is the only one that is documented.
_LOGGED = {
    "create": LoggedKind.CREATED,
    "delete": LoggedKind.REMOVED,
    "destroy": LoggedKind.REMOVED,
    "remove": LoggedKind.REMOVED,
}
_FIRST_SECOND, _LAST_SECOND = 315_532_800, 7_258_118_400


def logged(row: Object) -> Logged:
    """Return a row of the log, whose instants are in seconds.

    Raises:
        UnexpectedAnswerError: it has no id.
    """
    seconds, about = number_of(row, "created_at"), object_of(row, "object")
    at = None
    if seconds is not None and _FIRST_SECOND <= seconds < _LAST_SECOND:
        at = datetime.fromtimestamp(seconds, UTC)
    name = text_of(about, "id")
    if at is None or about.get("type") != "Stream" or not name:
        return Logged(needed_id(row), at, None)
    kind = _LOGGED.get(text_of(object_of(row, "action"), "type"), LoggedKind.CHANGED)
    return Logged(needed_id(row), at, LogEntry(name, kind, at))


def tenant_of(row: Object, users: dict[str, PlatformUser]) -> Tenant:
    """Return an organization, with what `users` say of its owner.

    Raises:
        UnexpectedAnswerError: it has no id.
    """
    owner, limits = object_of(row, "owner"), object_of(row, "limits")
    user = users.get(id_of(owner.get("id")))
    return Tenant(
        id=needed_id(row),
        title=text_of(row, "title"),
        owner_id=id_of(owner.get("id")),
        owner_login=user.login if user else text_of(owner, "name"),
        owner_email=user.email if user else "",
        external_id=user.external_id if user else "",
        most_cameras=number_of(limits, "streams"),
        most_users=number_of(limits, "users"),
        owner_is_blocked=user.is_blocked if user else None,
        cameras=number_of(object_of(row, "stats"), "streams"),
    )


def user_of(row: Object) -> PlatformUser:
    """Return a user.

    Raises:
        UnexpectedAnswerError: it has no id.
    """
    return PlatformUser(
        id=needed_id(row),
        login=text_of(row, "name"),
        email=text_of(row, "email"),
        name=text_of(row, "fullname"),
        external_id=text_of(row, "external_id"),
        is_blocked=row.get("disabled") is True,
        is_administrator=row.get("access_level") in ("admin", "domain_admin"),
        tenant_ids=tuple(needed_id(each) for each in organizations_of(row)),
    )


def organizations_of(row: Object) -> list[Object]:
    """Return the organizations that a user names."""
    found = row.get("organizations")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def plan_of(row: Object) -> PlatformPlan:
    """Return a preset. Only `plates` is a service of ours.

    Raises:
        UnexpectedAnswerError: it has no id.
    """
    dvr, vision = object_of(row, "dvr"), object_of(row, "vision")
    adjustable = row.get("is_adjustable")
    kind = vision.get("detector_type")
    return PlatformPlan(
        id=needed_id(row),
        title=text_of(row, "title"),
        is_adjustable=adjustable if isinstance(adjustable, bool) else None,
        dvr_seconds=number_of(dvr, "expiration"),
        dvr_is_null="expiration" in dvr and dvr["expiration"] is None,
        dvr_bytes=number_of(dvr, "storage_limit"),
        has_anpr=vision.get("alg") == "plates" or kind == "plates",
        external_id=text_of(row, "billing_external_id"),
        is_deleted=row.get("deleted_at") is not None,
    )


def usage_day_of(row: Object) -> UsageDay:
    """Return a row of the usage report.

    Raises:
        UnexpectedAnswerError: it has no camera, no organization, or no days in order.
    """
    name, tenant_id = row.get("stream_name"), id_of(row.get("account_id"))
    try:
        days = [date.fromisoformat(text_of(row, each)) for each in ("from", "to")]
    except ValueError:
        raise UnexpectedAnswerError from None
    if not isinstance(name, str) or not name or not tenant_id or days[1] < days[0]:
        raise UnexpectedAnswerError
    return UsageDay(name, tenant_id, text_of(row, "billing_plan_id"), *days)


def preset_body(plan: PlatformPlan, *, has_external_ids: bool) -> dict[str, Any]:
    """Return what is sent to create or change a preset: only fields with a value."""
    dvr = {"expiration": plan.dvr_seconds, "storage_limit": plan.dvr_bytes}
    body: dict[str, Any] = {"title": plan.title, "is_adjustable": bool(plan.is_adjustable)}
    if known := {name: value for name, value in dvr.items() if value is not None}:
        body["dvr"] = known
    if plan.has_anpr:
        body["vision"] = {"alg": "plates"}
    if has_external_ids and plan.external_id:
        body["billing_external_id"] = plan.external_id
    return body


def tenant_body(wanted: Tenant, change: TenantChange) -> dict[str, Any]:
    """Return what is sent to create or change an organization; `wanted` has its title."""
    body: dict[str, Any] = {"title": wanted.title}
    if change.owner_id:
        body["owner"] = {"id": sent_id(change.owner_id)}
    if change.most_cameras is not None:
        # Whether an object that is sent replaces the other limits is not documented.
        body["limits"] = given({"streams": change.most_cameras, "users": wanted.most_users})
    return body


def new_user_body(new: NewUser, *, has_external_ids: bool) -> dict[str, Any]:
    """Return what is sent to create a user, without the password."""
    return given(
        {
            "name": new.email,
            "email": new.email,
            "fullname": new.name,
            "locale": new.locale,
            "external_id": new.external_id if has_external_ids else "",
            "organization_id": sent_id(new.tenant_id),
        }
    )


def user_body(change: UserChange) -> dict[str, Any]:
    """Return what is sent to change a user."""
    return given(
        {"email": change.email, "external_id": change.external_id, "disabled": change.is_blocked}
    )


def message_of(row: Object) -> UserMessage:
    """Return a message.

    Raises:
        UnexpectedAnswerError: it has no id.
    """
    return UserMessage(
        id=needed_id(row),
        user_id=id_of(object_of(row, "user").get("id")),
        title=text_of(row, "title"),
        body=whole_text_of(row, "body"),
        devices=number_of(row, "devices"),
    )


def message_body(message: UserMessage) -> dict[str, Any]:
    """Return what is sent to send a message to pages and phones."""
    return {
        "user_id": sent_id(message.user_id),
        "title": message.title,
        "body": message.body,
        "type": "warning",
        "is_dashboard": True,
        "is_push": True,
    }
