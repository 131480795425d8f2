"""`python -m local_run reset` deletes the copy's data, and only after confirmation."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from local_run import postgres_place, postgres_server
from local_run.tests.helpers import (
    CLONE,
    Holder,
    connect,
    is_stopped,
    local_run,
    only_root,
    reads_row,
    write_row,
)

KEPT = {"postgres", "mail", "static", "static.stamp", "secret_key"}


def reset(
    var: Path, *arguments: str, typed: str | None = None, **variables: str
) -> tuple[int, str]:
    """Run it, on a terminal if something is `typed`; return its exit code and output."""
    return local_run(var, "reset", *arguments, typed=typed, **variables)


@pytest.fixture
def var(open_folder: Path) -> Path:
    """The folder of a copy that has run, with everything except a database."""
    var = open_folder / "var"
    for name in ("mail", "static", "screenshots"):
        (var / name).mkdir(parents=True)
        (var / name / "file").write_text("kept")
    (var / "static.stamp").write_text("kept")
    (var / "secret_key").write_text("kept")
    return var


@pytest.fixture
def full_var(var: Path) -> Path:
    """The folder of a copy that has run, with a database that contains a row."""
    with postgres_server.using(var / "postgres") as url:
        write_row(url)
    return var


def existing(var: Path) -> set[str]:
    """Return the names of the copy's files and folders that exist."""
    return {path.name for path in var.iterdir()} & KEPT


def test_yes_deletes_all_data_of_a_copy_and_nothing_else(full_var: Path) -> None:
    code, printed = reset(full_var, typed="yes\n")

    assert code == 0, printed
    assert f"This deletes the data of the copy in {full_var}" in printed
    assert existing(full_var) == set()
    assert (full_var / "screenshots" / "file").exists()
    with postgres_server.using(full_var / "postgres") as url, connect(url) as connection:
        assert connection.execute("SELECT to_regclass('kept')").fetchone() == (None,)


@pytest.mark.parametrize("typed", ["no\n", "\n", "y\n", "YES!\n", "\x04"])
def test_any_other_answer_deletes_nothing(var: Path, typed: str) -> None:
    before = existing(var)

    code, printed = reset(var, typed=typed)

    assert code == 1
    assert "Nothing was deleted" in printed
    assert existing(var) == before


def test_without_a_terminal_nothing_is_deleted_unless_confirmed(var: Path) -> None:
    before = existing(var)

    code, printed = reset(var)

    assert code == 1
    assert "There is no terminal to ask on. Use make reset YES=1, which does not ask." in printed
    assert existing(var) == before

    code, printed = reset(var, "--yes")

    assert code == 0, printed
    assert existing(var) == set()


def test_nothing_is_deleted_if_database_url_is_set(var: Path) -> None:
    before = existing(var)

    code, printed = reset(var, "--yes", DATABASE_URL="postgresql://billing@127.0.0.1:1/billing")

    assert code == 1
    assert "the database it names is never deleted from here" in printed
    assert existing(var) == before


def test_a_running_copy_is_reported_and_keeps_its_data(var: Path) -> None:
    before = existing(var)
    with (var / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("4711 8123\n")
        lock.flush()

        code, printed = reset(var, "--yes")

    assert code == 1
    assert "already running at http://127.0.0.1:8123 as process 4711. Stop it first." in printed
    assert existing(var) == before


def test_a_copy_does_not_start_while_its_data_are_deleted(var: Path) -> None:
    with (var / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("4711 reset\n")
        lock.flush()

        result = subprocess.run(
            [sys.executable, "-m", "local_run"],
            cwd=CLONE,
            env={**os.environ, "VAR_DIR": str(var)},
            capture_output=True,
            text=True,
            check=False,
        )

    assert result.returncode == 1
    assert result.stderr == "Process 4711 is deleting the data of this copy.\n"


def test_a_database_in_use_by_another_program_is_kept(
    full_var: Path, hold: Callable[[Path], Holder]
) -> None:
    holder = hold(full_var / "postgres")
    url = holder.url()
    before = existing(full_var)

    code, printed = reset(full_var, "--yes")

    assert code == 1
    assert "Another program is using the database" in printed
    assert existing(full_var) == before
    assert reads_row(url)


def test_a_server_left_by_a_killed_program_is_stopped_first(
    full_var: Path, hold: Callable[[Path], Holder]
) -> None:
    holder = hold(full_var / "postgres")
    holder.url()
    holder.kill()

    code, printed = reset(full_var, "--yes")

    assert code == 0, printed
    assert is_stopped(full_var / "postgres")
    assert existing(full_var) == set()


def test_says_that_there_is_nothing_to_delete(tmp_path: Path) -> None:
    code, printed = reset(tmp_path / "var", "--yes")

    assert code == 0
    assert "There is nothing to delete" in printed
    assert not (tmp_path / "var").exists()


def test_a_database_on_another_disk_is_deleted_and_its_link_kept(
    var: Path, open_folder: Path
) -> None:
    disk = open_folder / "disk"
    (disk / "data").mkdir(parents=True)
    (disk / "pictures").mkdir()
    (var / "postgres").symlink_to(disk)

    code, printed = reset(var, "--yes")

    assert code == 0, printed
    assert existing(var) == {"postgres"}
    assert [path.name for path in disk.iterdir()] == ["pictures"]


@only_root
def test_data_outside_the_clone_are_deleted_with_their_link(closed_clone: Path) -> None:
    home = closed_clone / "var" / "postgres"
    with postgres_server.using(home) as url:
        write_row(url)
    aside = home.resolve()
    assert aside.parent == postgres_place.SYSTEM_HOMES

    code, printed = reset(closed_clone / "var", typed="yes\n")

    assert code == 0, printed
    assert f"{home} is a link to {aside}." in printed
    assert not aside.exists()
    assert not home.is_symlink()


@only_root
def test_copy_of_a_clone_leaves_the_data_of_the_other(
    closed_clone: Path, hold: Callable[[Path], Holder]
) -> None:
    home = closed_clone / "var" / "postgres"
    with postgres_server.using(home) as url:
        write_row(url)
    copy = shutil.copytree(closed_clone, closed_clone.with_name("copy"), symlinks=True)
    url = hold(home).url()

    code, printed = reset(copy / "var", "--yes")

    assert code == 0, printed
    assert not (copy / "var" / "postgres").is_symlink()
    assert reads_row(url)


@only_root
def test_refuses_to_delete_data_of_another_user(var: Path) -> None:
    os.chown(var, 65534, 65534)
    # That user may not be able to run this Python, so switch users after the imports.
    program = "import os, sys; from local_run import reset; os.seteuid(65534)\n"
    program += "sys.exit(reset.main(confirmed=True))"
    before = existing(var)

    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=CLONE,
        env={**os.environ, "VAR_DIR": str(var), "DATABASE_URL": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 1
    assert "belongs to another user. Run this as that user" in result.stderr
    assert existing(var) == before
