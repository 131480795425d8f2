"""Test a connection: what the service user can see and do. Nothing is changed in Watcher."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from watcher.errors import (
    NoRightError,
    NotSupportedError,
    NotThereError,
    PlatformError,
    UnexpectedAnswerError,
)
from watcher.platform import Lack, TestReport

MOST_CLOCK_SECONDS = 60
REFUSALS = (NoRightError, NotThereError, NotSupportedError)


@dataclass
class Findings:
    """What is found out step by step."""

    version: str = ""
    login: str = ""
    is_administrator: bool | None = None
    clock_ahead_seconds: float | None = None
    counts: dict[str, int] = field(default_factory=dict)
    lacks: list[Lack] = field(default_factory=list)

    def count(self, name: str, call: Callable[[], int], lack: Lack) -> None:
        """Note how many there are, or what is lacking if the call is refused."""
        try:
            self.counts[name] = call()
        except REFUSALS:
            self.lacks.append(lack)

    def reach(self, call: Callable[[], object], lack: Lack) -> None:
        """Note what is lacking if the call is refused."""
        try:
            call()
        except REFUSALS:
            self.lacks.append(lack)

    def compare_clock(self, milliseconds: Any, before: datetime, after: datetime) -> None:
        """Note how far Watcher's clock is ahead of ours, half-way through the call."""
        if not isinstance(milliseconds, int | float):
            return
        ours = before + (after - before) / 2
        ahead = milliseconds / 1000 - ours.timestamp()
        self.clock_ahead_seconds = round(ahead, 1)
        if abs(ahead) > MOST_CLOCK_SECONDS:
            self.lacks.append(Lack.CLOCK)

    @property
    def report(self) -> TestReport:
        """All of it."""
        return TestReport(
            version=self.version,
            login=self.login,
            is_administrator=self.is_administrator,
            clock_ahead_seconds=self.clock_ahead_seconds,
            counts=self.counts,
            lacks=tuple(dict.fromkeys(self.lacks)),
        )


def utc_now() -> datetime:
    """Return the present instant, to compare with another clock."""
    return datetime.now(UTC)


def unless_refused(call: Callable[[], Any]) -> Any:
    """Return what a call returns, or None if Watcher lacks it or forbids it."""
    try:
        return call()
    except (*REFUSALS, UnexpectedAnswerError):
        return None
    except PlatformError as error:
        if error.status == 401:
            return None
        raise
