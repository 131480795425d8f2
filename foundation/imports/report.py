"""What an import did or would do, or why it was refused."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

# In a file of the wrong kind every line is wrong; nobody reads more of them than this.
MAX_KEPT = 1_000


class Stage(enum.Enum):
    """A stage of an import; reading progress is counted in bytes, writing progress in intervals."""

    READING = "reading"
    CHECKING = "checking"
    WRITING = "writing"


# Called with the stage, the progress since the last call, and the total if it is known. While a
# file is read the total is None, because the caller knows the size of the file.
Progress = Callable[[Stage, int, int | None], None]


def no_progress(stage: Stage, advance: int, total: int | None) -> None:
    """Ignore progress."""


@dataclass(frozen=True, slots=True, order=True)
class WrongLine:
    """A reason for refusing the file.

    `line` is the line where the record begins; the header is line 1, and 0 means the whole file.
    """

    line: int
    reason: str


class TooManyWrongLines(Exception):
    """So many lines are wrong that the rest of the file is not read."""


class Report(Protocol):
    """What an import did, or why it was refused."""

    @property
    def lines(self) -> int:
        """The number of lines read, right or wrong, without the header."""

    @property
    def is_refused(self) -> bool:
        """Whether nothing was imported because something is wrong."""

    @property
    def errors(self) -> Sequence[WrongLine]:
        """The first wrong lines, in the order of the file."""

    @property
    def error_count(self) -> int:
        """The number of all wrong lines that were found."""

    @property
    def is_cut_short(self) -> bool:
        """Whether reading stopped at the last wrong line, because there were too many."""


@dataclass(slots=True)
class WrongLines:
    """Collect wrong lines: keep the first 1,000, count all that are found.

    `is_cut_short` says that so many were found while reading that the rest was not read.
    """

    kept: list[WrongLine] = field(default_factory=list)
    count: int = 0
    is_cut_short: bool = False

    def add(self, line: int, reason: str) -> None:
        """Add a line that comes after all lines added so far, while a file is read.

        Raises:
            TooManyWrongLines: this is the 1,000th wrong line.
        """
        self.count += 1
        self.kept.append(WrongLine(line, reason))
        if self.count >= MAX_KEPT:
            self.is_cut_short = True
            raise TooManyWrongLines

    def merge(self, found: Iterable[WrongLine], count: int) -> None:
        """Add the wrong lines of another check: `count` in all, `found` being the first 1,000.

        A line already kept is not added again: one reason at a time is enough to fix it.
        """
        known = {wrong.line for wrong in self.kept}
        found = list(found)
        new = [wrong for wrong in found if wrong.line not in known]
        self.count += count - (len(found) - len(new))
        self.kept = sorted([*self.kept, *new])[:MAX_KEPT]
