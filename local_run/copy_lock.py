"""The lock that keeps a copy the only one of its folder."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_run.environment import HOST
from local_run.refusals import AlreadyRunningError, RefusedError


@contextmanager
def only_copy(var: Path, port: int) -> Iterator[None]:
    """Hold var/run.lock, which names our process and port, as long as the block lasts.

    Raises: AlreadyRunningError; RefusedError where the file is another user's.
    """
    var.mkdir(parents=True, exist_ok=True)
    path = var / "run.lock"
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except PermissionError as error:
        raise RefusedError(f"{path} belongs to another user: start as that user.") from error
    with os.fdopen(lock, "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunningError(_who_runs(path)) from error
        file.truncate()
        file.write(f"{os.getpid()} {port}\n")
        file.flush()
        yield


def _who_runs(path: Path) -> str:
    for _ in range(20):
        match path.read_text().split():
            case [process, port]:
                return f"already running at http://{HOST}:{port}, process {process}"
        # The other copy has the lock and is about to write.
        time.sleep(0.05)
    return "already running"
