"""Presets: made, changed and deleted."""

from typing import Any, Unpack

from watcher.standin.state.records import Preset, PresetFields
from watcher.standin.state.refusals import invalid, missing
from watcher.standin.state.state import State


class Presets:
    """What can be done with presets. `by` is the login of who does it."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, *, by: str = "admin", **fields: Unpack[PresetFields]) -> Preset:
        """Make a preset.

        Raises:
            RefusedError: if it has no title.
        """
        state = self._state
        with state.lock:
            if not fields.get("title"):
                raise invalid("A title is needed", "/title")
            values: dict[str, Any] = {**fields}
            preset = Preset(
                id=state.next_id(), changed_at=state.clock.now_ms(), changed_by=by, **values
            )
            state.presets[preset.id] = preset
            state.note("create", "Preset", preset.id, preset.title, by=by, data=values)
            return preset

    def change(self, pk: int, *, by: str = "admin", **fields: Unpack[PresetFields]) -> Preset:
        """Change a preset and so what its cameras record; a switch moves their last change.

        Raises:
            RefusedError: if there is no such preset, or it has no title any more.
        """
        state = self._state
        with state.lock:
            preset = self.get(pk)
            if fields.get("title") == "":
                raise invalid("A title is needed", "/title")
            changes = {k: v for k, v in fields.items() if getattr(preset, k) != v}
            if not changes:
                return preset
            now = state.clock.now_ms()
            for name, value in changes.items():
                setattr(preset, name, value)
            preset.changed_at, preset.changed_by = now, by
            records = {"dvr", "vision_alg", "is_adjustable"} & changes.keys()
            if records and state.switches.last_change_by_preset == "moves":
                for camera in state.cameras.values():
                    if camera.preset_id == pk:
                        state.change_camera(camera, {"changed_at": now, "changed_by": by}, now=now)
            state.note("update", "Preset", pk, preset.title, by=by, data=changes)
            return preset

    def remove(self, pk: int, *, by: str = "admin") -> None:
        """Delete a preset: it leaves the lists, and stays on cameras and organizations.

        Raises:
            RefusedError: if there is no such preset.
        """
        with self._state.lock:
            preset = self.get(pk)
            preset.deleted_at = self._state.clock.now_ms()
            self._state.note("delete", "Preset", pk, preset.title, by=by)

    def get(self, pk: int) -> Preset:
        """Return a preset that is not deleted, or raise a RefusedError."""
        preset = self._state.preset(pk)
        if preset.deleted_at is not None:
            raise missing("No such preset")
        return preset
