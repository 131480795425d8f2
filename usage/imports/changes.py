"""What an import of usage changes, or would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from foundation.imports.report import WrongLine
from tariffs.affected_invoices import AffectedInvoices


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or in a dry run would do; all of it, or nothing where lines are wrong.

    `errors` are the first 10,000 wrong lines in the file's order, one entry a line;
    `error_count` counts them all (from 10,000 on, a line wrong in two ways may count twice).
    Where there are any, nothing is done and the numbers of changes are 0. `changed_since` has, by
    the id of each organization whose use changes, the first instant of the time that does.
    """

    lines: int
    dry_run: bool
    cameras_created: int = 0
    cameras_retitled: int = 0
    cameras_moved: int = 0
    intervals_added: int = 0
    intervals_ended: int = 0
    lines_unchanged: int = 0
    errors: tuple[WrongLine, ...] = ()
    error_count: int = 0
    changed_since: Mapping[int, datetime] = field(default_factory=dict, compare=False)

    @property
    def is_refused(self) -> bool:
        """Whether anything is wrong, so that nothing was or will be changed."""
        return self.error_count > 0

    @property
    def changes_nothing(self) -> bool:
        """Whether the file says only what the database has already."""
        return not self.is_refused and not any(
            (
                self.cameras_created,
                self.cameras_retitled,
                self.cameras_moved,
                self.intervals_added,
                self.intervals_ended,
            )
        )

    @property
    def affected(self) -> AffectedInvoices:
        """The documents for time that changes; they stay as they are."""
        return AffectedInvoices.by_usage({pk: (at, None) for pk, at in self.changed_since.items()})
