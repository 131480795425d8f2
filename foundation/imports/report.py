"""What an import did, would do, or was refused for."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

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
