"""A program that `make run` keeps running."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

from local_run.console import say

_EARLY_SECONDS = 10
_LONGEST_PAUSE_SECONDS = 30
_STOP_SECONDS = 8
_PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Child:
    """A program to start, restart and stop.

    It runs in its own session, so that Ctrl-C reaches only this process, which stops its programs
    in order. On Linux, the program also stops when this process is killed.
    If it `may_end`, it is not restarted after it has ended with exit code 0.
    """

    def __init__(self, name: str, command: list[str], *, may_end: bool = False) -> None:
        self.name = name
        self.command = command
        self.may_end = may_end
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._pause = 0
        self._start_at: float | None = None

    def start(self) -> None:
        """Start the program."""
        self._started_at = time.monotonic()
        self._start_at = None
        self._process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )

    def has_ended(self) -> bool:
        """Tell whether the program was started and has ended."""
        return self._process is not None and self._process.poll() is not None

    def revive(self) -> None:
        """Restart the program if it has ended: at once, or after a pause if it ended early.

        "Early" is within 10 seconds. The pause doubles each time, up to 30 seconds.
        """
        now = time.monotonic()
        if self._start_at is not None:
            if now >= self._start_at:
                self.start()
        elif self._process and self.has_ended():
            if self.may_end and self._process.returncode == 0:
                _end_group(self._process)
                self._process = None
                return
            lasted = now - self._started_at >= _EARLY_SECONDS
            self._pause = 0 if lasted else min(max(1, 2 * self._pause), _LONGEST_PAUSE_SECONDS)
            self._start_at = now + self._pause
            # Processes that it started may outlive it and still hold its port.
            _end_group(self._process)
            when = f"in {self._pause} s" if self._pause else "now"
            code = self._process.returncode
            say(f"The {self.name} ended with exit code {code}. Restarting it {when}.")

    def stop(self) -> None:
        """Ask the program to end; after 8 seconds, kill it and all that it started."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)
        _end_group(process)


def _end_group(leader: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader.pid, signal.SIGKILL)
    leader.wait()


def _end_with_parent() -> None:
    if _libc:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
