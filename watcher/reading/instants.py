"""Say when a change happened that was seen between two readings. Pure: no database, no clock.

All instants are those of the platform's clock, in whole seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

EXACT = 0
_A_SECOND = timedelta(seconds=1)


class Instant(NamedTuple):
    """When a change happened; `within_seconds` as in `usage.models.UsageInterval`."""

    at: datetime
    within_seconds: int


@dataclass(frozen=True, slots=True)
class Window:
    """From when one whole reading began (`after`) to when the next ended (`until`).

    Milliseconds are cut, so a change in the second of `after` that was not seen came after it.
    """

    after: datetime
    until: datetime

    def __contains__(self, instant: datetime | None) -> bool:
        return instant is not None and self.after <= instant <= self.until

    @property
    def seconds(self) -> int:
        """Its length."""
        return int((self.until - self.after).total_seconds())

    def dated(self, instant: datetime | None) -> Instant:
        """Return the platform's date if it can be right, or else the end.

        Until the end nobody saw the new state, so nobody is charged for it before.
        """
        if instant not in self:
            return Instant(self.until, -self.seconds)
        assert instant is not None
        return Instant(instant, EXACT)

    def begun(self, created: datetime | None, changed: datetime | None) -> Instant:
        """Return when a new camera became as it is.

        If it was changed after it was created, nobody saw what it was before, so nobody is charged
        for that time.
        """
        found = self.dated(created)
        if found.within_seconds == EXACT and changed is not None and changed > found.at + _A_SECOND:
            return self.at_the_latest(changed, found.at)
        return found

    def at_the_latest(self, changed: datetime | None, earliest: datetime | None) -> Instant:
        """Return the last change of a camera, or else the end, with what it can be too late by.

        It was not as it is at `earliest`.
        """
        if changed not in self:
            return Instant(self.until, -self.seconds)
        assert changed is not None
        since = self.after if earliest is None else max(self.after, earliest)
        return Instant(changed, -max(int((changed - since).total_seconds()), EXACT))

    def gone(self, logged: datetime | None, since: datetime | None) -> Instant:
        """Return when a camera that is no longer there was removed: by the log, or else the start.

        After the start nobody saw it. It was there at `since`, so it goes a second later at the
        earliest.
        """
        if logged in self:
            assert logged is not None
            found = Instant(logged, EXACT)
        else:
            found = Instant(self.after, self.seconds)
        if since is None or found.at > since:
            return found
        at = since + _A_SECOND
        return Instant(at, max(int((self.until - at).total_seconds()), EXACT))


def after_instant(instant: Instant, before: datetime | None) -> Instant:
    """Return an instant, a second after the change before it at the earliest."""
    if before is None or instant.at > before:
        return instant
    return Instant(before + _A_SECOND, instant.within_seconds)
