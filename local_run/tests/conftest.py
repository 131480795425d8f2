"""Folders for servers, and processes that use them; each test removes its own."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import psutil
import pytest

from local_run import postgres_place
from local_run.tests.helpers import CLONE, Holder, is_stopped, wait_until


@contextmanager
def folder_for_servers() -> Iterator[Path]:
    """Give a folder that all users may enter (pytest's own are closed to others)."""
    folder = Path(tempfile.mkdtemp(prefix="billing-test-"))
    folder.chmod(0o755)
    yield folder
    end_servers(folder)
    shutil.rmtree(folder)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that all users may enter."""
    with folder_for_servers() as folder:
        yield folder


@pytest.fixture
def new_home(open_folder: Path) -> Path:
    """The folder for a server that has never run, in a clone that all users may enter."""
    return open_folder / "var" / "postgres"


@pytest.fixture(scope="session")
def shared_folder() -> Iterator[Path]:
    """The folder of the server that most tests share: creating one takes longer than using it."""
    with folder_for_servers() as folder:
        yield folder


@pytest.fixture
def home(shared_folder: Path) -> Iterator[Path]:
    """The folder of the shared server, which is not running."""
    yield shared_folder / "var" / "postgres"
    end_servers(shared_folder)


@pytest.fixture
def closed_clone(open_folder: Path) -> Path:
    """A clone that only its owner may enter."""
    clone = open_folder / "private" / "clone"
    clone.mkdir(parents=True)
    clone.parent.chmod(0o700)
    return clone


@pytest.fixture
def hold() -> Iterator[Callable[[Path], Holder]]:
    """Start processes that use a server until they are told to leave it."""
    holders: list[Holder] = []

    def start(home: Path) -> Holder:
        holders.append(Holder(home))
        return holders[-1]

    yield start
    for holder in holders:
        holder.end()


def end_servers(folder: Path) -> None:
    """End all servers in `folder`, and remove their files elsewhere."""
    for lock in list(folder.rglob("postgres.lock")):
        home = lock.with_name("postgres")
        real = home.resolve()
        for process in postgres_place.server_processes(real / "data"):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        wait_until(partial(is_stopped, real))
        if home.is_symlink() and real.is_relative_to(postgres_place.SYSTEM_HOMES):
            shutil.rmtree(real)
            with suppress(OSError):
                postgres_place.SYSTEM_HOMES.rmdir()
        for uid in {os.geteuid(), *psutil.Process().uids(), 65534}:
            place = postgres_place.ServerPlace(real, real, uid, uid)
            shutil.rmtree(place.socket_folder, ignore_errors=True)


@pytest.fixture
def idle_program() -> Iterator[psutil.Popen]:
    """A running program that is not a server."""
    command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    with psutil.Popen(command, stdin=subprocess.PIPE, cwd=CLONE) as program:
        yield program
        program.kill()
