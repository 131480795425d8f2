"""How API v3 shows what Watcher has."""

from typing import Any

from watcher.standin.state.records import (
    RIGHTS,
    Camera,
    Dvr,
    Folder,
    Message,
    Organization,
    Preset,
    User,
)
from watcher.standin.state.watcher import Watcher


class Streams:
    """How cameras are shown in one call: instants in ms, archive in seconds and bytes.

    `wanted` limits the costly parts to those that the caller has selected.
    """

    def __init__(
        self, watcher: Watcher, *, admin: bool, wanted: frozenset[str] | None = None
    ) -> None:
        self._watcher = watcher
        self._admin = admin
        self._wanted = wanted
        self._now = watcher.clock.now_ms()
        self._owners: dict[int, dict[str, Any]] = {}
        self._presets: dict[int, dict[str, Any]] = {}

    def show(self, camera: Camera) -> dict[str, Any]:
        """Return a camera."""
        shown: dict[str, Any] = {
            "name": camera.name,
            "title": camera.title,
            "comment": camera.comment,
            "postal_address": camera.postal_address,
            "disabled": camera.disabled,
            "static": camera.static,
            "folder_id": camera.folder_id,
            "created_at": camera.created_at,
            "last_change": {"created_at": camera.changed_at, "user": camera.changed_by},
        }
        if camera.inputs or self._wants("inputs"):
            shown["inputs"] = [{"url": url} for url in camera.inputs]
        self._add_references(shown, camera)
        if self._wants("stats"):
            shown["stats"] = self._stats(camera)
        if self._wants("dvr") or self._wants("vision"):
            dvr = self._watcher.cameras.effective_dvr(camera)
            _add_recording(shown, self._watcher, dvr, self._vision(camera))
        if self._watcher.switches.version >= 26 and camera.nvr_id is not None:
            shown["nvr_id"] = camera.nvr_id
        if self._admin:
            shown["domain"] = {"id": 1, "title": "Default"}
        return shown

    def _wants(self, part: str) -> bool:
        return self._wanted is None or part in self._wanted

    def _add_references(self, shown: dict[str, Any], camera: Camera) -> None:
        """Show organization and preset; cameras of one call share them."""
        references = self._watcher.switches.references
        if references != "fields":
            owner_id, preset_id = camera.organization_id, camera.preset_id
            if owner_id not in self._owners:
                owner = self._watcher.state.organizations[owner_id]
                self._owners[owner_id] = {"id": owner_id, "title": owner.title}
            if preset_id not in self._presets:
                preset = self._watcher.state.presets[preset_id]
                self._presets[preset_id] = {
                    "id": preset_id,
                    "title": preset.title,
                    "is_adjustable": preset.is_adjustable,
                }
            shown["organization"] = self._owners[owner_id]
            shown["preset"] = self._presets[preset_id]
        if references != "objects":
            shown["organization_id"] = camera.organization_id
            shown["preset_id"] = camera.preset_id

    def _vision(self, camera: Camera) -> str | None:
        preset = self._watcher.state.presets[camera.preset_id]
        return (preset.is_adjustable and camera.vision_alg) or preset.vision_alg

    def _stats(self, camera: Camera) -> dict[str, Any]:
        now = self._now
        alive = camera.status == "running" and not camera.disabled
        stats: dict[str, Any] = {
            "status": "waiting" if camera.disabled else camera.status,
            "alive": alive,
            "bitrate": 2048 if alive else 0,
            "lifetime": max(0, now - camera.since) if alive else 0,
        }
        if alive:
            stats["last_dts_at"] = now
        depth = min(
            self._watcher.cameras.effective_dvr(camera).get("expiration", 0),
            max(0, now - camera.created_at) // 1000,
        )
        if depth and not (camera.disabled and self._watcher.switches.archive_of_disabled == "lost"):
            stats["dvr_info"] = {
                "from": now // 1000 - depth,
                "depth": depth,
                "duration": depth,
                "bytes": depth * 256_000,
                "ranges": [],
            }
        return stats


def _add_recording(shown: dict[str, Any], watcher: Watcher, dvr: Dvr, vision: str | None) -> None:
    settings: dict[str, Any] = dict(dvr)
    if not settings.get("expiration"):
        settings.pop("expiration", None)
        if watcher.switches.no_archive != "absent":
            settings["expiration"] = None if watcher.switches.no_archive == "null" else 0
    if settings:
        shown["dvr"] = settings
    if vision:
        shown["vision"] = {watcher.switches.vision: vision}


def organization(watcher: Watcher, one: Organization, caller: User | None) -> dict[str, Any]:
    """Return an organization as a caller sees it."""
    shown: dict[str, Any] = {
        "id": one.id,
        "title": one.title,
        "stats": {
            "streams": watcher.state.streams_in[one.id],
            "users": len(one.members),
            "mosaics": 0,
        },
        "is_default": one.is_default,
        "created_at": one.created_at,
        "user_permissions": permissions(watcher, one, caller),
    }
    limits = {"streams": one.stream_limit, "users": one.user_limit}
    if any(limit is not None for limit in limits.values()):
        shown["limits"] = {name: limit for name, limit in limits.items() if limit is not None}
    owner = _owner(watcher, one)
    if owner:
        shown["owner"] = owner
    return shown


def _owner(watcher: Watcher, one: Organization) -> dict[str, Any] | None:
    if one.owner_id is None:
        return None
    return {"id": one.owner_id, "name": watcher.state.users[one.owner_id].name}


def permissions(watcher: Watcher, one: Organization, caller: User | None) -> dict[str, Any]:
    """Return what a user may in an organization."""
    rights = one.members.get(caller.id) if caller else None
    shown: dict[str, Any] = {"is_member": rights is not None}
    for right in RIGHTS:
        shown[right] = right in (rights or ())
    if watcher.switches.version >= 26:
        can_edit = shown["can_edit_streams"]
        shown["nvrs"] = {"can_view": shown["can_view_streams"], "can_edit": can_edit}
    return shown


def member(watcher: Watcher, one: Organization, user: User) -> dict[str, Any]:
    """Return a member of an organization."""
    return {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "permissions": {"organization": permissions(watcher, one, user), "folders": []},
    }


def user(watcher: Watcher, one: User) -> dict[str, Any]:
    """Return a user with the organizations; never the password."""
    state = watcher.state
    joined = [state.organizations[pk] for pk in sorted(state.organizations_of.get(one.id, ()))]
    return {
        **_person(watcher, one),
        "id": one.id,
        "disabled": one.disabled,
        "access_level": one.access_level,
        "readonly": one.readonly,
        "created_at": one.created_at,
        "organizations": [
            {
                "id": other.id,
                "title": other.title,
                "owner": _owner(watcher, other),
                "permissions": permissions(watcher, other, one),
            }
            for other in joined
        ],
    }


def profile(watcher: Watcher, one: User) -> dict[str, Any]:
    """Return the caller."""
    shown = {
        **_person(watcher, one),
        "access_level": one.access_level,
        "created_at": one.created_at,
        "apikey": one.apikey,
        "is_admin": one.access_level == "admin",
        "is_domain_admin": one.access_level == "domain_admin",
        "is_readonly": one.readonly,
    }
    if watcher.switches.version >= 26:
        shown |= {"domain_id": 1, "must_change_password": False}
    return shown


def _person(watcher: Watcher, one: User) -> dict[str, Any]:
    shown: dict[str, Any] = {
        name: getattr(one, name)
        for name in ("name", "email", "fullname", "phone", "note", "locale")
    }
    if one.max_sessions is not None:
        shown["max_sessions"] = one.max_sessions
    if watcher.switches.version >= 26:
        shown["external_id"] = one.external_id
    return shown


def preset(watcher: Watcher, one: Preset, *, admin: bool) -> dict[str, Any]:
    """Return a preset; the log of its last change differs from a camera's."""
    state = watcher.state
    shown: dict[str, Any] = {
        "id": one.id,
        "title": one.title,
        "is_adjustable": one.is_adjustable,
        "is_default": one.is_default,
        "stats": {
            "organizations_count": sum(
                one.id in other.preset_ids for other in state.organizations.values()
            ),
            "streams_count": state.streams_with[one.id],
        },
        "last_change": {
            "updated_at": one.changed_at,
            "user": {"id": state.logins.get(one.changed_by, 0), "name": one.changed_by},
        },
    }
    dvr = one.dvr
    if not admin:
        dvr = Dvr(**{**dvr})
        dvr.pop("disk_usage_limit", None)
    _add_recording(shown, watcher, dvr, one.vision_alg)
    if watcher.switches.version >= 26:
        shown["billing_external_id"] = one.billing_external_id
        if admin:
            shown["external_id"] = one.external_id
    if admin and one.deleted_at is not None:
        shown["deleted_at"] = one.deleted_at
    return shown


def folder(watcher: Watcher, one: Folder) -> dict[str, Any]:
    """Return a folder."""
    return {
        "id": one.id,
        "title": one.title,
        "parent_id": one.parent_id,
        "organization_id": one.organization_id,
        "streams_count": sum(
            camera.folder_id == one.id for camera in watcher.state.cameras.values()
        ),
    }


def message(watcher: Watcher, one: Message) -> dict[str, Any]:
    """Return a message."""
    users = watcher.state.users
    people = {"user": one.user_id, "sender": one.sender_id}
    return {
        "id": one.id,
        "title": one.title,
        "body": one.body,
        "type": one.type,
        "is_dashboard": one.is_dashboard,
        "is_push": one.is_push,
        "was_read": one.was_read,
        "is_deleted": False,
        **{
            role: {"id": pk, "name": users[pk].name if pk in users else ""}
            for role, pk in people.items()
        },
    }
