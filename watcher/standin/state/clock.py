"""The clock of the stand-in."""

from datetime import UTC, datetime
from time import time


class Clock:
    """Tell Watcher's time: the machine's, or one that tests set, plus `offset_seconds`."""

    def __init__(self, *, offset_seconds: float = 0) -> None:
        self.offset_seconds = offset_seconds
        self._fixed_ms: int | None = None

    def now_ms(self) -> int:
        """Return the milliseconds since 1970 in UTC."""
        real = int(time() * 1000) if self._fixed_ms is None else self._fixed_ms
        return real + int(self.offset_seconds * 1000)

    def now_s(self) -> int:
        """Return the whole seconds since 1970 in UTC."""
        return self.now_ms() // 1000

    def stop_at(self, instant: datetime | str) -> None:
        """Stop at an instant, which has an offset; a text is in ISO 8601."""
        read = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
        if read.tzinfo is None:
            raise ValueError("The instant needs an offset from UTC.")
        self._fixed_ms = round((read - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)

    def advance(self, *, seconds: float) -> None:
        """Move a stopped clock; stop one that runs."""
        self._fixed_ms = self.now_ms() + int((seconds - self.offset_seconds) * 1000)

    def run(self) -> None:
        """Follow the machine's clock."""
        self._fixed_ms = None
