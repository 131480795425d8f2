"""Record imports, so that they can be undone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.db.models import Max

from accounts.models import User
from foundation.audit.recording import audit_note
from foundation.fast_sql import take_ids
from rating.periods import Period
from usage.imports.changes import ImportReport
from usage.models import Camera, UsageImport, UsageInterval

NOTE = "usage_import"
"""The name of an import's id in the context of the events of its changes."""


class HashedFile:
    """A file of lines and the SHA-256 of what has been read so far."""

    def __init__(self, file: IO[bytes], name: str | None = None) -> None:
        self._file = file
        self._name = str(getattr(file, "name", "")) if name is None else name
        self._hash = hashlib.sha256()

    def readline(self, size: int = -1) -> bytes:
        """Return the next line, or at most `size` bytes of it."""
        line = self._file.readline(size)
        self._hash.update(line)
        return line

    @property
    def name(self) -> str:
        """The name of the file without its folders, or an empty text."""
        return Path(self._name).name[:255]

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


@contextmanager
def recorded(
    report: ImportReport,
    file: HashedFile,
    *,
    by: User | None,
    now: datetime,
    replaced: Period | None,
) -> Iterator[None]:
    """Record an import with the changes that the block makes, in the transaction around it."""
    (pk,) = take_ids(UsageImport, 1)
    after, camera_after = _newest(UsageInterval), _newest(Camera)
    with audit_note(**{NOTE: pk}):
        yield
    UsageImport.objects.create(
        pk=pk,
        imported_at=now,
        imported_by=by,
        file_name=file.name,
        sha256=file.sha256,
        replaced_from=replaced and replaced.start,
        replaced_until=replaced and replaced.end,
        lines=report.lines,
        intervals_added=report.intervals_added,
        intervals_changed=report.intervals_changed + report.intervals_ended,
        intervals_removed=report.intervals_removed,
        cameras_created=report.cameras_created,
        events_after=after,
        events_until=_newest(UsageInterval),
        camera_events_after=camera_after,
        camera_events_until=_newest(Camera),
    )


def _newest(model: Any) -> int:
    """Return the id of the newest event of a model; later changes have greater ones."""
    newest: int | None = model.pgh_event_model.objects.aggregate(newest=Max("pgh_id"))["newest"]
    return newest or 0
