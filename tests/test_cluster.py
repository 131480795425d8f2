"""`make cluster` refuses machines on which it cannot run, and leaves no processes behind."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local_run.tests.helpers import CLONE, DEADLINE_SECONDS, only_root, wait_until
from tests.cluster.debian import PackagesMissingError, unpack
from tests.cluster.isolation import IsolationRefused, require_isolation

ISOLATED = """
import sys
from tests.cluster.isolation import interrupt_on_signals, run_isolated, temporary_folder

interrupt_on_signals()
with temporary_folder() as folder:
    (folder / "file").touch()
    print(folder, flush=True)
    run_isolated(["sh", "-c", "setsid sleep 98765 & exec sleep 98765", str(folder)])
"""


@pytest.fixture
def isolated() -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Run an isolated program that never ends, with a folder."""
    try:
        require_isolation()
    except IsolationRefused as refusal:
        pytest.skip(str(refusal))
    command = [sys.executable, "-c", ISOLATED]
    with subprocess.Popen(command, cwd=CLONE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        folder = Path(process.stdout.readline().strip())
        wait_until(lambda: len(sleepers(process)) == 2, DEADLINE_SECONDS)
        yield process, folder
        process.kill()


def sleepers(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Return the programs that sleep on behalf of a process."""
    return [
        each
        for each in psutil.Process(process.pid).children(recursive=True)
        if each.name() == "sleep"
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_nothing_remains_after_a_signal(
    isolated: tuple[subprocess.Popen[str], Path], number: signal.Signals
) -> None:
    process, folder = isolated
    sleeping = sleepers(process)

    process.send_signal(number)
    process.wait(DEADLINE_SECONDS)

    assert not any(each.is_running() for each in sleeping)
    assert not folder.exists()


def test_no_process_remains_after_the_command_is_killed(
    isolated: tuple[subprocess.Popen[str], Path],
) -> None:
    process, folder = isolated
    sleeping = sleepers(process)

    process.kill()

    wait_until(lambda: not any(each.is_running() for each in sleeping), DEADLINE_SECONDS)
    (folder / "file").unlink()
    folder.rmdir()


@only_root
def test_it_refuses_to_run_without_root() -> None:
    # In a user namespace that does not contain root, everyone is nobody.
    result = subprocess.run(
        ["unshare", "--user", sys.executable, "-m", "tests.cluster"],
        cwd=CLONE,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 1
    assert result.stderr == "make cluster needs root to create network namespaces.\n"


def test_packages_that_cannot_be_downloaded_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(PackagesMissingError, match="nginx, pgbouncer: not installed"):
        unpack(["nginx", "pgbouncer"], tmp_path)
