"""Report what an import of usage changes, or would change."""

from __future__ import annotations

from dataclasses import dataclass, field

from foundation.imports.report import WrongLine
from tariffs.affected_invoices import AffectedInvoices
from usage.imports.difference import Difference


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do in a dry run: all of the file, or nothing if a line is wrong.

    `errors` are the first 1,000 wrong lines in the order of the file, one entry per line.
    `error_count` counts all of them; from 1,000 on, a line with two errors may count twice. If
    `is_cut_short`, the file was read only up to the last of them. If there are any, nothing is done
    and the numbers of changes are 0. `affected` are the invoices for the time that changes; the
    invoices themselves do not change. An import that replaces usage has its whole `difference`.
    `has_changed` says that this is not the one that was shown.
    """

    lines: int
    dry_run: bool
    cameras_created: int = 0
    cameras_retitled: int = 0
    cameras_moved: int = 0
    intervals_added: int = 0
    intervals_ended: int = 0
    lines_unchanged: int = 0
    intervals_changed: int = 0
    intervals_removed: int = 0
    errors: tuple[WrongLine, ...] = ()
    error_count: int = 0
    is_cut_short: bool = False
    affected: AffectedInvoices = field(default_factory=AffectedInvoices, compare=False)
    difference: Difference | None = field(default=None, compare=False)
    has_changed: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether anything is wrong, so that nothing is changed."""
        return self.error_count > 0 or self.has_changed

    @property
    def changes_nothing(self) -> bool:
        """Whether the database already contains everything in the file."""
        return not self.is_refused and not any(
            (
                self.cameras_created,
                self.cameras_retitled,
                self.cameras_moved,
                self.intervals_added,
                self.intervals_ended,
                self.intervals_changed,
                self.intervals_removed,
            )
        )
