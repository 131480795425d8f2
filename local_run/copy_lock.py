"""The lock that keeps a copy the only one of its folder."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_run.environment import HOST
from local_run.refusals import AlreadyRunningError, RefusedError

RESET = "reset"


@contextmanager
def only_copy(var: Path, doing: str) -> Iterator[None]:
    """Hold var/run.lock, which names our process and what it does, as long as the block lasts.

    `doing` is the port that is served, or RESET.
    Raises: AlreadyRunningError; RefusedError where it is reset, or the file is another user's.
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
            raise _refusal(path) from error
        file.truncate()
        file.write(f"{os.getpid()} {doing}\n")
        file.flush()
        yield


def _refusal(path: Path) -> RefusedError:
    for _ in range(20):
        match path.read_text().split():
            case [process, word] if word == RESET:
                return RefusedError(f"The data of this copy are being removed, process {process}.")
            case [process, port]:
                told = f"already running at http://{HOST}:{port}, process {process}"
                return AlreadyRunningError(told)
        # The other copy has the lock and is about to write.
        time.sleep(0.05)
    return AlreadyRunningError("already running")
