"""Undo imports in jobs: one plans what changes, and after a confirmation another one does it.

What is to be undone is stored as a file without content, so it goes the same way as an import.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from django.utils import timezone

from accounts.models import User
from foundation.imports.columns import Columns
from foundation.imports.models import UploadedFile
from foundation.imports.report import Progress, WrongLine
from foundation.imports.work import Kind
from usage.cameras.operations import UsageRefusal
from usage.imports.difference import Difference
from usage.imports.undoing import Contradiction, plan_undo, undo_import
from usage.imports.uploads import converter
from usage.models import UsageImport

UNDONE = "undone_import"
"""The option with the id of the import."""


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What undoing an import changes or has changed, or why it cannot be undone.

    `named` are the first of `count` cameras that contradict it. `was_undone` says that the import
    has been undone before, and `has_changed` that the difference is not the one that was shown.
    """

    difference: Difference | None = None
    named: tuple[Contradiction, ...] = ()
    count: int = 0
    was_undone: bool = False
    has_changed: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether nothing was undone."""
        return self.count > 0 or self.was_undone or self.has_changed

    @property
    def lines(self) -> int:
        """The number of lines read: none."""
        return 0

    @property
    def errors(self) -> tuple[WrongLine, ...]:
        """The wrong lines: none."""
        return ()

    @property
    def error_count(self) -> int:
        """The number of wrong lines: none."""
        return 0

    @property
    def is_cut_short(self) -> bool:
        """Whether reading stopped: nothing is read."""
        return False


def begun_undo(import_id: int) -> UploadedFile | None:
    """Return what a job is undoing of an import now, if there is one."""
    importing = UploadedFile.objects.filter(kind=KIND.name, state=UploadedFile.State.IMPORTING)
    return importing.filter(options={UNDONE: import_id}).first()


def _undo(
    file: IO[bytes], *, upload: UploadedFile, user_id: int, dry_run: bool, progress: Progress
) -> UndoReport:
    import_id, now = upload.options[UNDONE], timezone.now()
    if UsageImport.objects.get(pk=import_id).undone_at is not None:
        return UndoReport(was_undone=True)
    if not dry_run:
        try:
            undo_import(
                import_id=import_id,
                shown=upload.shown,
                by=User.objects.get(pk=user_id),
                now=now,
                progress=progress,
            )
        except UsageRefusal:
            # It is planned again, which says why.
            return UndoReport(has_changed=True)
        return UndoReport()
    planned = plan_undo(import_id=import_id, now=now, progress=progress)
    if planned.refusal is not None:
        return UndoReport(named=tuple(planned.refusal.named), count=planned.refusal.count)
    return UndoReport(difference=planned.difference)


KIND = Kind("usage_undo", Columns({}, ()), _undo, UndoReport, converter())
