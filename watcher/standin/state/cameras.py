"""Cameras: made, changed, moved, disabled and deleted, as people, agents and recorders do it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Unpack

from watcher.standin.state.organizations import Organizations
from watcher.standin.state.records import Camera, CameraFields, Dvr, Preset, Status
from watcher.standin.state.refusals import RefusedError, invalid
from watcher.standin.state.state import State

LONGEST_NAME = 500
"""Nowhere stated. It is longer than what the ledger takes, which has to be noticed there."""

# What a camera has unless it is set.
DEFAULTS = CameraFields(
    title="",
    disabled=False,
    static=True,
    comment="",
    postal_address="",
    folder_id=None,
    dvr=None,
    vision_alg=None,
    inputs=(),
    nvr_id=None,
)


@dataclass(frozen=True)
class ImportedRow:
    """A row to import: a camera's name and what to set on it."""

    name: str
    fields: CameraFields


class Cameras:
    """What can be done with cameras. `by` is the login of who does it."""

    def __init__(self, state: State, organizations: Organizations) -> None:
        self._state = state
        self._organizations = organizations

    def add(self, name: str, *, by: str = "admin", **fields: Unpack[CameraFields]) -> Camera:
        """Make a camera; without an organization or a preset it gets the default one.

        Raises:
            RefusedError: if the name is taken, or something does not fit.
        """
        state = self._state
        with state.lock:
            if name in state.cameras:
                raise invalid("The name is taken", "/name")
            if not name or len(name) > LONGEST_NAME:
                raise invalid(f"A name has 1 to {LONGEST_NAME} characters", "/name")
            fields = self._with_owner_and_preset(fields)
            self._check(fields, adds=True)
            now = state.clock.now_ms()
            values: dict[str, Any] = {**DEFAULTS, **fields}
            camera = Camera(
                name=name, created_at=now, changed_at=now, changed_by=by, since=now, **values
            )
            state.add_camera(camera)
            self._note("create", camera, by, dict(fields))
            return camera

    def change(self, name: str, *, by: str = "admin", **fields: Unpack[CameraFields]) -> Camera:
        """Change a camera; its last change moves if anything differs.

        Under a preset that is not adjustable, the archive and analytics stay without a word.

        Raises:
            RefusedError: if there is no such camera, or something does not fit.
        """
        state = self._state
        with state.lock:
            camera = state.camera(name)
            self._check(fields, camera=camera)
            self._apply(camera, fields, by=by)
            return camera

    def rename(self, name: str, *, title: str, by: str = "admin") -> Camera:
        """Change the title; the name never changes."""
        return self.change(name, title=title, by=by)

    def move(self, name: str, *, organization_id: int, by: str = "admin") -> Camera:
        """Move a camera to another organization."""
        return self.change(name, organization_id=organization_id, by=by)

    def change_preset(self, name: str, *, preset_id: int, by: str = "admin") -> Camera:
        """Give a camera another preset."""
        return self.change(name, preset_id=preset_id, by=by)

    def disable(self, name: str, *, by: str = "admin") -> Camera:
        """Stop a camera and its recording."""
        return self.change(name, disabled=True, by=by)

    def enable(self, name: str, *, by: str = "admin") -> Camera:
        """Let a disabled camera run."""
        return self.change(name, disabled=False, by=by)

    def set_status(self, name: str, *, status: Status) -> Camera:
        """Say whether a camera runs, waits or fails; that is not a change of configuration."""
        with self._state.lock:
            camera = self._state.camera(name)
            camera.status = status
            return camera

    def remove(self, name: str, *, by: str = "admin") -> None:
        """Delete a camera."""
        with self._state.lock:
            self._state.camera(name)
            self._note("delete", self._state.remove_camera(name), by, {})

    def make_again(self, name: str, *, by: str = "admin") -> Camera:
        """Delete a camera and make it again under the same name."""
        with self._state.lock:
            old = self._state.camera(name)
            self.remove(name, by=by)
            return self.add(
                name,
                by=by,
                title=old.title,
                organization_id=old.organization_id,
                preset_id=old.preset_id,
            )

    def edit_many(self, rows: Sequence[ImportedRow], *, by: str = "admin") -> None:
        """Change several cameras, all or none.

        Raises:
            RefusedError: with a pointer to the first bad row.
        """
        state = self._state
        with state.lock:
            for number, row in enumerate(rows):
                with _pointing(f"/streams/{number}"):
                    if row.name not in state.cameras:
                        raise invalid("No such stream", "/name")
                    self._check(row.fields, camera=state.cameras[row.name])
            moves = state.switches.last_change_by_multiedit == "moves"
            for row in rows:
                self._apply(state.cameras[row.name], row.fields, by=by, moves_last_change=moves)

    def import_rows(self, rows: Sequence[ImportedRow], *, by: str = "admin") -> tuple[int, int]:
        """Make and change cameras, all or none; return how many were made and how many known.

        Raises:
            RefusedError: with a pointer to the first bad row.
        """
        state = self._state
        with state.lock:
            self._check_import(rows)
            created = 0
            for row in rows:
                if row.name in state.cameras:
                    self._apply(state.cameras[row.name], row.fields, by=by)
                else:
                    self.add(row.name, by=by, **row.fields)
                    created += 1
            return created, len(rows) - created

    def _check_import(self, rows: Sequence[ImportedRow]) -> None:
        state = self._state
        room = dict(state.streams_in)
        names = set()
        for number, row in enumerate(rows):
            with _pointing(f"/{number}"):
                if not row.name or row.name in names:
                    raise invalid("A name is missing or there twice", "/name")
                names.add(row.name)
                camera = state.cameras.get(row.name)
                fields = row.fields if camera else self._with_owner_and_preset(row.fields)
                self._check(fields, camera=camera)
                owner = fields.get("organization_id", camera.organization_id if camera else 0)
                if camera is None or camera.organization_id != owner:
                    self._organizations.check_room(owner, room.get(owner, 0))
                    room[owner] = room.get(owner, 0) + 1

    def prepare_agent(self, *, by: str = "admin", **fields: Unpack[CameraFields]) -> str:
        """Return a token with which a phone's QR code makes a camera."""
        with self._state.lock:
            fields = self._with_owner_and_preset(fields)
            self._check(fields, adds=True)
            token = token_hex(16)
            self._state.activations[token] = {"by": by, **fields}
            return token

    def activate_agent(self, token: str) -> Camera:
        """Do what the camera does that was shown the QR code: appear, once."""
        with self._state.lock:
            if token not in self._state.activations:
                raise invalid("The token is not valid", "/token")
            fields = self._state.activations[token]
            camera = self.add(f"agent-{token_hex(4)}", **fields)
            del self._state.activations[token]
            return camera

    def effective_dvr(self, camera: Camera) -> Dvr:
        """Return the archive settings that count: the preset's, or a camera's own over them."""
        preset = self._state.presets[camera.preset_id]
        if preset.is_adjustable and camera.dvr:
            return Dvr(**{**preset.dvr, **camera.dvr})
        return preset.dvr

    # --- Checks ----------------------------------------------------------------------------------

    def _with_owner_and_preset(self, fields: CameraFields) -> CameraFields:
        """Fill in the default organization and preset."""
        state = self._state
        filled = CameraFields(**fields)
        if "organization_id" not in filled:
            default = [one.id for one in state.organizations.values() if one.is_default]
            if not default:
                raise invalid("An organization is needed", "/organization/id")
            filled["organization_id"] = default[0]
        if "preset_id" not in filled:
            organization = state.organizations.get(filled["organization_id"])
            own = organization.preset_ids if organization else set()
            usable = [one.id for one in state.presets.values() if self._usable(one, own)]
            if not usable:
                raise invalid("A preset is needed", "/preset/id")
            filled["preset_id"] = usable[0]
        return filled

    def _usable(self, preset: Preset, own: set[int]) -> bool:
        return preset.deleted_at is None and (preset.is_default or preset.id in own)

    def _check(
        self, fields: CameraFields, *, camera: Camera | None = None, adds: bool = False
    ) -> None:
        """Refuse what does not fit; `adds` counts the camera to the organization's limit."""
        state = self._state
        owner = fields.get("organization_id", camera.organization_id if camera else 0)
        preset_id = fields.get("preset_id", camera.preset_id if camera else 0)
        if owner not in state.organizations:
            raise invalid("No such organization", "/organization/id")
        preset = state.presets.get(preset_id)
        if preset is None:
            raise invalid("No such preset", "/preset/id")
        if (camera is None or preset_id != camera.preset_id) and not self._usable(
            preset, state.organizations[owner].preset_ids
        ):
            raise invalid("The organization may not use this preset", "/preset/id")
        if adds or (camera and owner != camera.organization_id):
            self._organizations.check_room(owner, state.streams_in[owner])
        folder_id = fields.get("folder_id")
        folder = state.folders.get(folder_id) if folder_id is not None else None
        if folder_id is not None and (folder is None or folder.organization_id != owner):
            raise invalid("No such folder in this organization", "/folder_id")

    def _apply(
        self, camera: Camera, fields: CameraFields, *, by: str, moves_last_change: bool = True
    ) -> None:
        state = self._state
        changes = {name: value for name, value in fields.items() if getattr(camera, name) != value}
        preset = state.presets[fields.get("preset_id", camera.preset_id)]
        if not preset.is_adjustable:
            changes.pop("dvr", None)
            changes.pop("vision_alg", None)
        if not changes:
            return
        seen = dict(changes)
        now = state.clock.now_ms()
        if moves_last_change:
            changes |= {"changed_at": now, "changed_by": by}
        state.change_camera(camera, changes, now=now)
        self._note("update", camera, by, seen)

    def _note(self, action: str, camera: Camera, by: str, data: dict[str, Any]) -> None:
        shown = {name: value for name, value in data.items() if name != "inputs"}
        self._state.note(
            action,
            "Stream",
            camera.name,
            camera.title,
            by=by,
            organization_id=camera.organization_id,
            data=shown,
        )


@contextmanager
def _pointing(prefix: str) -> Iterator[None]:
    """Put a prefix before the pointer of a refusal, and make it a 400."""
    try:
        yield
    except RefusedError as error:
        raise invalid(error.title, prefix + error.pointer) from error
