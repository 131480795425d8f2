"""Folders to put servers in, and processes that use them; both are gone after each test."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil
import pytest

from local_run import postgres_place
from local_run.tests.helpers import CLONE, Holder, is_stopped, wait_until


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter (pytest's own are closed to others)."""
    folder = Path(tempfile.mkdtemp(prefix="billing-test-"))
    folder.chmod(0o755)
    yield folder
    end_servers(folder)
    shutil.rmtree(folder)


@pytest.fixture
def new_home(open_folder: Path) -> Path:
    """The folder of an embedded server that never ran, in a clone that every user may enter."""
    return open_folder / "var" / "postgres"


@pytest.fixture(scope="session")
def shared_folder() -> Iterator[Path]:
    """Hold the one server whose data most tests share: making data takes longer than using them."""
    folder = Path(tempfile.mkdtemp(prefix="billing-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def home(shared_folder: Path) -> Iterator[Path]:
    """The folder of an embedded server that ran before, perhaps, and does not run now."""
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
    """Start processes that use a server until they are told to leave."""
    holders: list[Holder] = []

    def start(home: Path) -> Holder:
        holders.append(Holder(home))
        return holders[-1]

    yield start
    for holder in holders:
        holder.end()


def end_servers(folder: Path) -> None:
    """End each server of a home in `folder`, and remove what it left elsewhere."""
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
            place = postgres_place.Place(real, real, uid, uid)
            shutil.rmtree(place.socket_folder, ignore_errors=True)


@pytest.fixture
def idle_program() -> Iterator[psutil.Popen]:
    """Some living program that is no server."""
    command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    with psutil.Popen(command, stdin=subprocess.PIPE, cwd=CLONE) as program:
        yield program
        program.kill()
