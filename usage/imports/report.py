"""What an import did, would do, or was refused for."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from billing_admin.settled import Settled

# A file of the wrong kind is wrong in every line; nobody reads more of them than this.
MAX_KEPT = 10_000


class Stage(enum.Enum):
    """What an import is at; progress in reading is counted in bytes, in writing in intervals."""

    READING = "reading"
    CHECKING = "checking"
    WRITING = "writing"


# Called with the stage, how far it has come since the last call, and how far it has to go, where
# known: the size of the file is the caller's to know.
Progress = Callable[[Stage, int, int | None], None]


def no_progress(stage: Stage, advance: int, total: int | None) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, order=True)
class WrongLine:
    """A reason for refusing the file.

    `line` is that in the file where the record begins, the header being 1; 0: the file as a whole.
    """

    line: int
    reason: str


class Report(Protocol):
    """What an import did, or was refused for."""

    @property
    def is_refused(self) -> bool:
        """Whether it did nothing, because something is wrong."""

    @property
    def errors(self) -> Sequence[WrongLine]:
        """The first wrong lines."""

    @property
    def error_count(self) -> int:
        """How many there are."""


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
    def settled(self) -> Settled:
        """The documents for time that changes; they stay as they are."""
        return Settled.by_usage({pk: (at, None) for pk, at in self.changed_since.items()})


@dataclass(slots=True)
class WrongLines:
    """Collect wrong lines: the first 10,000 are kept, all are counted."""

    kept: list[WrongLine] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, reason: str) -> None:
        """Add one that comes after those already added."""
        self.count += 1
        if len(self.kept) < MAX_KEPT:
            self.kept.append(WrongLine(line, reason))

    def merge(self, found: Iterable[WrongLine], count: int) -> None:
        """Add those of another check: `count` of them, of which `found` are the first 10,000.

        A line already kept is not added again: one reason at a time is enough to mend it.
        """
        known = {wrong.line for wrong in self.kept}
        found = list(found)
        new = [wrong for wrong in found if wrong.line not in known]
        self.count += count - (len(found) - len(new))
        self.kept = sorted([*self.kept, *new])[:MAX_KEPT]
