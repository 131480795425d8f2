"""Run a program in namespaces of its own, so that nothing of it remains when it ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import psutil

_NAMESPACES = ("--net", "--mount", "--pid", "--fork", "--mount-proc")
_PROGRAMS = ("unshare", "setpriv", "ip", "mount")
# PostgreSQL and nginx run as `nobody`, who may not enter most folders.
_FOLDERS = "/var/tmp"


class IsolationRefused(Exception):
    """The program cannot be isolated on this machine; the message says why."""


def require_isolation() -> None:
    """Check that this machine allows namespaces.

    Raises:
        IsolationRefused: it does not.
    """
    if sys.platform != "linux":
        raise IsolationRefused("make cluster needs Linux: its hosts are network namespaces.")
    if os.geteuid() != 0:
        raise IsolationRefused("make cluster needs root to create network namespaces.")
    if missing := [name for name in _PROGRAMS if not shutil.which(name)]:
        raise IsolationRefused(
            f"{', '.join(missing)} not found. Install util-linux, mount and iproute2."
        )
    tried = subprocess.run(
        ["unshare", *_NAMESPACES, "ip", "link", "add", "switch", "type", "bridge"],
        capture_output=True,
        text=True,
        check=False,
    )
    if tried.returncode:
        raise IsolationRefused(f"This machine does not allow network namespaces: {tried.stderr}")


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Create a folder that every account may enter; delete it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="billing-cluster-", dir=_FOLDERS))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def interrupt_on_signals() -> None:
    """End as on Ctrl-C, with cleaning up, when asked to stop in another way."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def run_isolated(command: Sequence[str]) -> int:
    """Run a command with its own processes, network and mounts; return its exit code.

    When it ends, or this process does, even killed, all processes that it started end too.
    """
    process = subprocess.Popen(
        ["setpriv", "--pdeathsig", "KILL", "unshare", "--kill-child", *_NAMESPACES, *command],
        stdin=subprocess.DEVNULL,
        # Ctrl-C must reach only this process, which then ends the others.
        start_new_session=True,
    )
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            for first in psutil.Process(process.pid).children():
                first.kill()
            # unshare waits for its child, which the kernel ends after all other processes.
            process.wait()
