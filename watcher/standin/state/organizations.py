"""Organizations, their members, presets, folders and invitations."""

from secrets import token_hex
from typing import Any, Unpack

from watcher.standin.state.records import RIGHTS, Folder, Organization, OrganizationFields
from watcher.standin.state.refusals import RefusedError, invalid, missing, over_limit
from watcher.standin.state.state import State

ALL_RIGHTS = frozenset(RIGHTS)


class Organizations:
    """What can be done with organizations. `by` is the login of who does it."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, *, by: str = "admin", **fields: Unpack[OrganizationFields]) -> Organization:
        """Make an organization; its owner, by default who makes it, becomes a member.

        Raises:
            RefusedError: if there is no title or something does not fit.
        """
        state = self._state
        with state.lock:
            if not fields.get("title"):
                raise invalid("A title is needed", "/title")
            self._check(fields)
            owner_id = fields.get("owner_id", state.logins.get(by))
            now = state.clock.now_ms()
            organization = Organization(state.next_id(), fields["title"], None, now)
            values = OrganizationFields(**fields)
            if owner_id is not None:
                values["owner_id"] = owner_id
            self._apply(organization, values)
            state.organizations[organization.id] = organization
            self._note("create", organization, by, dict(values))
            return organization

    def change(
        self, pk: int, *, by: str = "admin", **fields: Unpack[OrganizationFields]
    ) -> Organization:
        """Rename an organization, give it another owner, or set its limits.

        Limits may be lower than what is there; they stop additions only.

        Raises:
            RefusedError: if there is no such organization, or something does not fit.
        """
        with self._state.lock:
            organization = self._state.organization(pk)
            if fields.get("title") == "":
                raise invalid("A title is needed", "/title")
            self._check(fields, known=organization)
            changes = {k: v for k, v in fields.items() if getattr(organization, k) != v}
            if changes:
                self._state.leave_stale("organization", pk, organization)
                self._apply(organization, fields)
                self._note("update", organization, by, changes)
            return organization

    def remove(self, pk: int, *, by: str = "admin", force: bool = False) -> None:
        """Delete an organization; a switch says what becomes of its cameras.

        Raises:
            RefusedError: if there is no such organization, or it has cameras and may not go.
        """
        state = self._state
        with state.lock:
            organization = state.organization(pk)
            deletes = force or state.switches.delete_organization_with_cameras == "deletes them"
            if state.streams_in[pk] and not deletes:
                raise RefusedError(400, "not_empty", "The organization has streams")
            inside = [one.name for one in state.cameras.values() if one.organization_id == pk]
            for name in inside if state.streams_in[pk] else ():
                camera = state.remove_camera(name)
                state.note("delete", "Stream", name, camera.title, by=by, organization_id=pk)
            for user_id in organization.members:
                state.organizations_of[user_id].discard(pk)
            for folder in [one for one in state.folders.values() if one.organization_id == pk]:
                del state.folders[folder.id]
            del state.organizations[pk]
            self._note("delete", organization, by, {})

    def check_room(self, pk: int, streams: int) -> None:
        """Refuse one more camera beside `streams`, if the organization's limit is reached."""
        limit = self._state.organizations[pk].stream_limit
        if limit == 0 and self._state.switches.zero_limit == "no limit":
            return
        if limit is not None and streams >= limit:
            raise over_limit("The limit of streams is reached")

    # --- Members ---------------------------------------------------------------------------------

    def add_member(
        self, pk: int, *, user_id: int, rights: frozenset[str] = ALL_RIGHTS, by: str = "admin"
    ) -> Organization:
        """Add a member, or change the rights of one.

        Raises:
            RefusedError: if either is unknown, or the organization has all the users it may have.
        """
        state = self._state
        with state.lock:
            organization = state.organization(pk)
            state.user(user_id)
            limit = organization.user_limit
            if user_id not in organization.members and limit is not None:
                zero_is_open = limit == 0 and state.switches.zero_limit == "no limit"
                if len(organization.members) >= limit and not zero_is_open:
                    raise over_limit("The limit of users is reached")
            organization.members[user_id] = rights
            state.organizations_of.setdefault(user_id, set()).add(pk)
            self._note("update", organization, by, {"member": user_id})
            return organization

    def remove_member(self, pk: int, *, user_id: int, by: str = "admin") -> None:
        """Remove a member.

        Raises:
            RefusedError: if there is no such member, or it is the owner.
        """
        with self._state.lock:
            organization = self._state.organization(pk)
            if user_id not in organization.members:
                raise missing("No such user in this organization")
            if user_id == organization.owner_id:
                raise invalid("The owner stays a member", "/user_id")
            del organization.members[user_id]
            self._state.organizations_of[user_id].discard(pk)
            self._note("update", organization, by, {"left": user_id})

    def invite(self, pk: int, *, rights: frozenset[str]) -> str:
        """Return a key with which a user can join."""
        with self._state.lock:
            self._state.organization(pk)
            key = token_hex(16)
            self._state.invites[key] = (pk, rights)
            return key

    def accept(self, key: str, *, user_id: int, by: str) -> None:
        """Let a user join by an invitation, once."""
        with self._state.lock:
            pk, rights = self.invited_to(key)
            self.add_member(pk, user_id=user_id, rights=rights, by=by)
            del self._state.invites[key]

    def invited_to(self, key: str) -> tuple[int, frozenset[str]]:
        """Return the organization and the rights of an invitation."""
        if key not in self._state.invites:
            raise missing("No such invitation")
        return self._state.invites[key]

    # --- Presets ---------------------------------------------------------------------------------

    def assign_preset(self, pk: int, *, preset_id: int, by: str = "admin") -> None:
        """Let an organization use a preset.

        Raises:
            RefusedError: if either is unknown or the preset is deleted.
        """
        with self._state.lock:
            organization = self._state.organization(pk)
            preset = self._state.presets.get(preset_id)
            if preset is None or preset.deleted_at is not None:
                raise invalid("No such preset", "/preset_id")
            organization.preset_ids.add(preset_id)
            self._note("update", organization, by, {"preset": preset_id})

    def unassign_preset(self, pk: int, *, preset_id: int, by: str = "admin") -> None:
        """Take a preset from an organization; cameras that use it keep it.

        Raises:
            RefusedError: if it is not assigned, or is in use or the default and a switch says no.
        """
        state = self._state
        with state.lock:
            organization = state.organization(pk)
            preset = state.preset(preset_id)
            if preset.is_default and state.switches.unassign_default_preset == "refused":
                raise RefusedError(400, "is_default", "The default preset is open to all")
            if preset_id not in organization.preset_ids and not preset.is_default:
                raise missing("The preset is not assigned")
            if state.switches.unassign_used_preset == "refused" and any(
                one.organization_id == pk and one.preset_id == preset_id
                for one in state.cameras.values()
            ):
                raise RefusedError(400, "in_use", "The preset is in use")
            organization.preset_ids.discard(preset_id)
            self._note("update", organization, by, {"preset_removed": preset_id})

    # --- Folders ---------------------------------------------------------------------------------

    def add_folder(
        self, pk: int, *, title: str, parent_id: int | None = None, by: str = "admin"
    ) -> Folder:
        """Make a folder.

        Raises:
            RefusedError: if the organization or the folder above it is unknown.
        """
        state = self._state
        with state.lock:
            state.organization(pk)
            if parent_id is not None:
                self.folder(pk, parent_id)
            folder = Folder(state.next_id(), title, pk, parent_id)
            state.folders[folder.id] = folder
            state.note("create", "Folder", folder.id, title, by=by, organization_id=pk)
            return folder

    def folder(self, pk: int, folder_id: int) -> Folder:
        """Return a folder of an organization, or raise a RefusedError."""
        folder = self._state.folders.get(folder_id)
        if folder is None or folder.organization_id != pk:
            raise missing("No such folder")
        return folder

    def remove_folder(self, pk: int, *, folder_id: int, by: str = "admin") -> None:
        """Delete a folder; its cameras and folders move up to its parent."""
        state = self._state
        with state.lock:
            folder = self.folder(pk, folder_id)
            for camera in state.cameras.values():
                if camera.folder_id == folder_id:
                    camera.folder_id = folder.parent_id
            for other in state.folders.values():
                if other.parent_id == folder_id:
                    other.parent_id = folder.parent_id
            del state.folders[folder_id]
            state.note("delete", "Folder", folder_id, folder.title, by=by, organization_id=pk)

    # ---------------------------------------------------------------------------------------------

    def _check(self, fields: OrganizationFields, known: Organization | None = None) -> None:
        state = self._state
        if "owner_id" in fields and fields["owner_id"] not in state.users:
            raise invalid("No such user", "/owner/id")
        for name, pointer in (("stream_limit", "streams"), ("user_limit", "users")):
            limit = fields.get(name)
            if isinstance(limit, int) and limit < 0:
                raise invalid("A limit is not negative", f"/limits/{pointer}")
        if state.switches.titles == "unique" and any(
            other.title == fields.get("title") and other is not known
            for other in state.organizations.values()
        ):
            raise invalid("The title is taken", "/title")

    def _apply(self, organization: Organization, fields: OrganizationFields) -> None:
        for name, value in fields.items():
            setattr(organization, name, value)
        owner_id = fields.get("owner_id")
        if owner_id is not None:
            organization.members[owner_id] = ALL_RIGHTS
            self._state.organizations_of.setdefault(owner_id, set()).add(organization.id)

    def _note(self, action: str, organization: Organization, by: str, data: dict[str, Any]) -> None:
        self._state.note(
            action,
            "Organization",
            organization.id,
            organization.title,
            by=by,
            organization_id=organization.id,
            data=data,
        )
