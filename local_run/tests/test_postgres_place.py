"""The place of the embedded server: never run as root, no mode outside the clone changed."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local_run import postgres_place, postgres_server
from local_run.tests.helpers import connect, main_process, only_root, reads_row, write_row

pytestmark = only_root


def modes(folder: Path) -> dict[Path, int]:
    """Return the modes of a folder, all its parents, and some shared folders."""
    shared = [Path("/var/lib"), Path("/tmp"), Path("/root")]
    return {path: path.stat().st_mode for path in [folder, *folder.parents, *shared]}


def test_the_server_does_not_run_as_root(home: Path) -> None:
    with postgres_server.using(home) as url, connect(url):
        processes = postgres_place.server_processes(home / "data")
        owners = {uid for process in processes for uid in process.uids()}

        assert len(processes) > 1
        assert 0 not in owners
        assert home.is_dir()
        assert not home.is_symlink()


def test_the_server_has_no_extra_groups_and_no_open_lock_files(home: Path) -> None:
    with postgres_server.using(home):
        server = main_process(home)
        groups = Path(f"/proc/{server}/status").read_text().split("Groups:")[1].split("\n")[0]
        opened = {file.path for file in psutil.Process(server).open_files()}

        assert groups.split() == []
        assert not [path for path in opened if path.endswith((".lock", ".users"))]


def test_a_clone_that_only_root_may_enter_keeps_its_modes(closed_clone: Path) -> None:
    before = modes(closed_clone)
    home = closed_clone / "var" / "postgres"

    with postgres_server.using(home) as url:
        write_row(url)
    with postgres_server.using(home) as url:
        assert reads_row(url)

    assert modes(closed_clone) == before
    assert home.is_symlink()
    assert home.resolve().parent == postgres_place.SYSTEM_HOMES


def test_the_database_moves_out_when_the_clone_is_closed_to_others(
    new_home: Path, open_folder: Path
) -> None:
    with postgres_server.using(new_home) as url:
        write_row(url)
    assert not new_home.is_symlink()
    open_folder.chmod(0o700)

    with postgres_server.using(new_home) as url:
        assert reads_row(url)
    assert new_home.is_symlink()


@pytest.fixture
def closing_umask() -> Iterator[None]:
    """Set a umask that closes new files to others."""
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.usefixtures("closing_umask")
def test_a_renamed_clone_keeps_its_database_and_a_copy_gets_its_own(closed_clone: Path) -> None:
    with postgres_server.using(closed_clone / "var" / "postgres") as url:
        write_row(url)
    renamed = closed_clone.rename(closed_clone.with_name("renamed"))

    with postgres_server.using(renamed / "var" / "postgres") as url:
        assert reads_row(url)

    copy = shutil.copytree(renamed, renamed.with_name("copy"), symlinks=True)
    with postgres_server.using(copy / "var" / "postgres") as url, connect(url) as connection:
        assert connection.execute("SELECT to_regclass('kept')").fetchone() == (None,)
