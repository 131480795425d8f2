"""The lock that allows one copy per folder."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_run.environment import HOST
from local_run.refusals import AlreadyRunningError, RefusedError

RESET = "reset"
RESTORE = "restore"
_DOING = {RESET: "deleting the data of this copy", RESTORE: "restoring the data of this copy"}


@contextmanager
def only_copy(var: Path, doing: str) -> Iterator[None]:
    """Hold var/run.lock during the block; the file names this process and what it does.

    `doing` is the port that it serves, RESET or RESTORE.

    Raises:
        AlreadyRunningError: another process runs the copy.
        RefusedError: another process resets or restores the copy, or the file belongs to another
            user.
    """
    var.mkdir(parents=True, exist_ok=True)
    path = var / "run.lock"
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except PermissionError as error:
        raise RefusedError(f"{path} belongs to another user. Run this as that user.") from error
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
            case [process, word] if word in _DOING:
                return RefusedError(f"Process {process} is {_DOING[word]}.")
            case [process, port]:
                return AlreadyRunningError(
                    f"It is already running at http://{HOST}:{port} as process {process}."
                )
        # The other process has the lock but has not written yet.
        time.sleep(0.05)
    return AlreadyRunningError("It is already running.")
