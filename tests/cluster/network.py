"""Hosts as network namespaces, joined by a bridge in the network of this process."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from local_run.environment import BASE_DIR

_NETWORK = "10.20.0"
HERE = f"{_NETWORK}.1"
SUBNET = f"{_NETWORK}.0/24"
_CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
_END_SECONDS = 10


def create_bridge() -> None:
    """Create the bridge that joins the hosts, with an address for this process."""
    # `ip netns` keeps names below /run, which is then another folder than the machine's.
    _run("mount", "-t", "tmpfs", "hosts", "/run")
    ip("link", "set", "lo", "up")
    ip("link", "add", "switch", "type", "bridge")
    ip("address", "add", f"{HERE}/24", "dev", "switch")
    ip("link", "set", "switch", "up")


class Host:
    """A network namespace with its own address, and the processes that run in it."""

    def __init__(self, name: str, number: int, folder: Path) -> None:
        self.name = name
        self.address = f"{_NETWORK}.{number}"
        self.log = folder / f"{name}.log"
        ip("netns", "add", name)
        ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
        ip("link", "set", name, "master", "switch", "up")
        ip("-n", name, "link", "set", "lo", "up")
        ip("-n", name, "address", "add", f"{self.address}/24", "dev", "eth0")
        ip("-n", name, "link", "set", "eth0", "up")

    def start(
        self, command: Sequence[str], environment: Mapping[str, str], *, as_nobody: bool = False
    ) -> subprocess.Popen[bytes]:
        """Start a program on the host; its output is appended to the host's log."""
        as_user: tuple[str, ...] = ()
        if as_nobody:
            as_user = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups")
        log: IO[bytes]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                ["ip", "netns", "exec", self.name, *as_user, *command],
                env={**os.environ, **environment},
                cwd=BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def processes(self) -> list[int]:
        """Return the ids of the host's processes."""
        listed = subprocess.run(
            ["ip", "netns", "pids", self.name], capture_output=True, text=True, check=True
        )
        return [int(pid) for pid in listed.stdout.split()]

    def kill(self) -> None:
        """Kill all processes of the host."""
        deadline = time.monotonic() + _END_SECONDS
        while pids := self.processes():
            if time.monotonic() > deadline:
                raise TimeoutError(f"Processes of {self.name} do not end: {pids}")
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)

    def unplug(self) -> None:
        """Cut the host off, as a pulled cable does: nobody is told that it is gone."""
        ip("link", "set", self.name, "down")

    def plug_in(self) -> None:
        """Connect the host again."""
        ip("link", "set", self.name, "up")

    def processor_seconds(self) -> float:
        """Return the processor time of the host's processes and of their ended children."""
        return sum(map(_processor_seconds, self.processes()))


def _processor_seconds(pid: int) -> float:
    with suppress(FileNotFoundError, ProcessLookupError):
        # After the name in parentheses, which may contain spaces.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / _CLOCK_TICKS
    return 0


def ip(*arguments: str) -> None:
    """Run `ip`."""
    _run("ip", *arguments)


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
