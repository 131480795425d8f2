"""Measure reading a Watcher with a million cameras: the stand-in, in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
from django.utils import timezone

from benchmarks.measuring import Figure, in_processes, megabytes, milliseconds, seconds
from foundation.encryption import encrypt
from watcher.models import CameraChange, Connection, PlatformCamera, Poll
from watcher.reading.operations import read_platform, reading_state
from watcher.standin.seed import SERVICE_USER

SECONDS_LIMIT, MEMORY_LIMIT = 60.0, 300e6
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


def measure(cameras: int) -> Iterator[Figure]:
    """Read `cameras` cameras twice: when none is known, and when none has changed.

    From each time, what the stand-in's processor took is subtracted.
    """
    with _standin(cameras) as (address, process):
        Connection.objects.create(
            address=address,
            login=SERVICE_USER[0],
            secret=encrypt(SERVICE_USER[1]),
            secret_changed_at=timezone.now(),
            reads=True,
        )
        size = f"{cameras:,} cameras"
        for what in ("first reading", "reading without news"):
            before = _processor(process)
            ((taken, memory),) = in_processes(_read, [()])
            own = taken - (_processor(process) - before)
            limit = f"under {SECONDS_LIMIT:.0f} s"
            yield Figure(what, size, milliseconds(own), limit, own / SECONDS_LIMIT)
            limit = f"under {megabytes(MEMORY_LIMIT)}"
            yield Figure(f"{what}, memory", size, megabytes(memory), limit, memory / MEMORY_LIMIT)
    assert reading_state().cameras == PlatformCamera.objects.count() == cameras
    assert Poll.objects.count() == 1
    assert not CameraChange.objects.exists()


def _read() -> float:
    def read() -> None:
        assert read_platform(clock=timezone.now, is_asked_for=True)

    taken = seconds(read)
    assert not reading_state().failure, reading_state().failure
    return taken


def _processor(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


@contextmanager
def _standin(cameras: int) -> Iterator[tuple[str, psutil.Process]]:
    """Serve a stand-in; yield its address and its process."""
    command = [sys.executable, "manage.py", "watcher_standin", "--port", "0"]
    command += ["--organizations", str(max(cameras // 100, 1)), "--cameras", str(cameras)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as standin:
        try:
            assert standin.stdout is not None
            # It says where it is once it answers.
            found = next(filter(None, map(_ADDRESS.search, standin.stdout)))
            yield found.group(), psutil.Process(standin.pid)
        finally:
            standin.terminate()
