"""All that the stand-in knows, in memory."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable
from copy import copy
from threading import RLock
from typing import Any, TypeVar

from watcher.standin.state.clock import Clock
from watcher.standin.state.records import (
    Camera,
    Folder,
    LogEntry,
    Message,
    Organization,
    Preset,
    Span,
    User,
)
from watcher.standin.state.refusals import missing
from watcher.standin.state.switches import Switches

Key = TypeVar("Key")
Found = TypeVar("Found")


class State:
    """Cameras, organizations, users and presets, with what they were before.

    Hold `lock` to read or change it. `names` has the names of all cameras, sorted.
    """

    def __init__(self, clock: Clock, switches: Switches) -> None:
        self.clock = clock
        self.switches = switches
        self.lock = RLock()
        self.cameras: dict[str, Camera] = {}
        self.names: list[str] = []
        self.organizations: dict[int, Organization] = {}
        self.users: dict[int, User] = {}
        self.logins: dict[str, int] = {}
        self.presets: dict[int, Preset] = {}
        self.folders: dict[int, Folder] = {}
        self.messages: dict[int, Message] = {}
        self.invites: dict[str, tuple[int, frozenset[str]]] = {}
        self.activations: dict[str, dict[str, Any]] = {}
        self.organizations_of: dict[int, set[int]] = {}
        self.streams_in: Counter[int] = Counter()
        self.streams_with: Counter[int] = Counter()
        self.log: list[LogEntry] = []
        self.revision = 0
        self._past: dict[str, list[Span]] = {}
        self._stale: dict[tuple[str, object], tuple[Any, int]] = {}
        self.recovery_mails: list[str] = []
        self._last_id = 0

    def next_id(self) -> int:
        """Return an id that nothing has had."""
        self._last_id += 1
        return self._last_id

    def keep_ids(self, last: int) -> None:
        """Let new ids come after `last`: something has that one from elsewhere."""
        self._last_id = max(self._last_id, last)

    # --- Finding ---------------------------------------------------------------------------------

    def camera(self, name: str) -> Camera:
        """Return a camera, or raise a RefusedError."""
        if name not in self.cameras:
            raise missing("No such stream")
        return self.cameras[name]

    def organization(self, pk: int) -> Organization:
        """Return an organization, or raise a RefusedError."""
        if pk not in self.organizations:
            raise missing("No such organization")
        return self.organizations[pk]

    def user(self, pk: int) -> User:
        """Return a user, or raise a RefusedError."""
        if pk not in self.users:
            raise missing("No such user")
        return self.users[pk]

    def preset(self, pk: int) -> Preset:
        """Return a preset, a deleted one too, or raise a RefusedError."""
        if pk not in self.presets:
            raise missing("No such preset")
        return self.presets[pk]

    def user_called(self, login: str) -> User:
        """Return the user with this login, or raise a RefusedError."""
        if login not in self.logins:
            raise missing("No such user")
        return self.users[self.logins[login]]

    # --- Cameras and their past ------------------------------------------------------------------

    def add_camera(self, camera: Camera) -> None:
        """Add a camera whose name is free."""
        self.leave_stale("stream", camera.name, None)
        self.cameras[camera.name] = camera
        insort(self.names, camera.name)
        self._count(camera, 1)
        self.revision += 1

    def add_cameras(self, cameras: Iterable[Camera]) -> None:
        """Add many cameras whose names are free."""
        for camera in cameras:
            self.cameras[camera.name] = camera
            self._count(camera, 1)
        self.names = sorted(self.cameras)
        self.revision += 1

    def remove_camera(self, name: str) -> Camera:
        """Remove a camera and keep its past."""
        self.leave_stale("stream", name, self.cameras.get(name))
        camera = self.cameras.pop(name)
        del self.names[bisect_left(self.names, name)]
        self._count(camera, -1)
        self._end_span(camera, self.clock.now_ms())
        self.revision += 1
        return camera

    def change_camera(self, camera: Camera, changes: dict[str, Any], *, now: int) -> None:
        """Set attributes of a camera; a change of what it costs begins a new span."""
        self.leave_stale("stream", camera.name, camera)
        if {"organization_id", "preset_id", "disabled"} & changes.keys():
            self._end_span(camera, now)
            camera.since = now
        self._count(camera, -1)
        for name, value in changes.items():
            setattr(camera, name, value)
        self._count(camera, 1)
        self.revision += 1

    def _count(self, camera: Camera, by: int) -> None:
        self.streams_in[camera.organization_id] += by
        self.streams_with[camera.preset_id] += by

    def _end_span(self, camera: Camera, now: int) -> None:
        if now > camera.since:
            self._past.setdefault(camera.name, []).append(_span(camera, until=now))

    def spans(self, name: str) -> list[Span]:
        """Return what a camera of this name was and is, oldest first."""
        past = list(self._past.get(name, ()))
        camera = self.cameras.get(name)
        if camera:
            past.append(_span(camera, until=None))
        return past

    def names_with_past(self) -> list[str]:
        """Return the names of all cameras that ever were, sorted."""
        gone = self._past.keys() - self.cameras.keys()
        return sorted([*self.names, *gone]) if gone else self.names

    # --- Reads that come too early ---------------------------------------------------------------

    def leave_stale(self, kind: str, key: object, before: Any) -> None:
        """Remember what something was, or None if it was not there, before it changes."""
        if self.switches.stale_reads and (kind, key) not in self._stale:
            self._stale[kind, key] = (copy(before), self.switches.stale_reads)

    def read_camera(self, name: str) -> Camera:
        """Return a camera as a call that reads it sees it; `stale_reads` calls see the old one."""
        return self._read("stream", name, self.camera)

    def read_organization(self, pk: int) -> Organization:
        """Return an organization as a call that reads it alone sees it."""
        return self._read("organization", pk, self.organization)

    def read_user(self, pk: int) -> User:
        """Return a user as a call that reads it alone sees it."""
        return self._read("user", pk, self.user)

    def _read(self, kind: str, key: Key, find: Callable[[Key], Found]) -> Found:
        if (kind, key) not in self._stale:
            return find(key)
        before, reads = self._stale.pop((kind, key))
        if reads > 1:
            self._stale[kind, key] = (before, reads - 1)
        if before is None:
            raise missing(f"No such {kind}")
        found: Found = before
        return found

    # --- The log ---------------------------------------------------------------------------------

    def note(
        self,
        action: str,
        object_type: str,
        object_id: object,
        representation: str,
        *,
        by: str,
        organization_id: int | None = None,
        data: dict[str, Any] | None = None,
    ) -> None:
        """Write an entry of the log of actions."""
        self.revision += 1
        entry = LogEntry(
            len(self.log) + 1,
            self.clock.now_ms(),
            action,
            object_type,
            str(object_id),
            representation,
            organization_id,
            by,
            data or {},
        )
        self.log.append(entry)


def _span(camera: Camera, *, until: int | None) -> Span:
    return Span(
        camera.since,
        until,
        camera.organization_id,
        camera.preset_id,
        camera.disabled,
        camera.created_at,
    )
