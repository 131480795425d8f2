"""What the readers of CSV and XLSX files have in common."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class UnreadableFileError(Exception):
    """The file cannot be read from `line` on, for `reason`."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


class LinesFile(Protocol):
    """What is read of a file."""

    def readline(self, size: int = -1, /) -> bytes:
        """Return the next line, or at most `size` bytes of it."""


class Row(NamedTuple):
    """The number of a record's first line, its fields, and why they cannot be used, or "".

    A record that cannot be split into fields has one, with all its text.
    """

    line: int
    fields: list[str]
    fault: str = ""
