"""The programs of the hosts: those of Debian's packages, installed or only unpacked.

What is not installed is downloaded with apt-get and unpacked into a folder. Installing it would
start servers on the machine.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

_POSTGRES_FOLDERS = Path("usr/lib/postgresql")
_LIBRARIES = f"usr/lib/{platform.machine()}-linux-gnu"


class PackagesMissingError(Exception):
    """Programs are missing and cannot be downloaded; the message says why."""


@dataclass(frozen=True)
class Programs:
    """The paths of the programs, and the folder of libraries that are not installed."""

    postgres: str
    nginx: str
    pgbouncer: str
    libraries: str

    def to_json(self) -> str:
        """Return them as JSON, for another process."""
        return json.dumps(asdict(self))

    @staticmethod
    def of_json(text: str) -> Programs:
        """Return what `to_json` wrote."""
        return Programs(**json.loads(text))

    def of_postgres(self, name: str) -> str:
        """Return the path of one of PostgreSQL's programs."""
        return str(Path(self.postgres).with_name(name))


def find_programs(folder: Path) -> Programs:
    """Find the programs, or unpack the packages that are missing into a folder.

    Raises:
        PackagesMissingError: they cannot be downloaded.
    """
    folder.mkdir()
    names = ("postgres", "nginx", "pgbouncer")
    missing = [name for name in names if not _find(name, Path("/"))]
    if missing:
        unpack([{"postgres": "postgresql"}.get(name, name) for name in missing], folder)
    found = {name: _find(name, Path("/")) or _find(name, folder) for name in names}
    if absent := [name for name, path in found.items() if not path]:
        raise PackagesMissingError(f"Debian's packages do not contain {', '.join(absent)}.")
    return Programs(**found, libraries=str(folder / _LIBRARIES))


def _find(name: str, root: Path) -> str:
    """Return the path of a program below a folder, or an empty text."""
    if name == "postgres":
        versions = (root / _POSTGRES_FOLDERS).glob("*/bin/postgres")
        newest = max(versions, key=lambda path: int(path.parents[1].name), default=None)
        return str(newest or "")
    places = os.pathsep.join(str(root / "usr" / each) for each in ("sbin", "bin"))
    return shutil.which(name, path=places) or ""


def unpack(packages: list[str], folder: Path) -> None:
    """Download packages, with those that they need and the machine lacks, and unpack them.

    Raises:
        PackagesMissingError: they cannot be downloaded.
    """
    if not shutil.which("apt-get"):
        raise PackagesMissingError(
            f"{', '.join(packages)}: not installed, and there is no apt-get to download them. "
            "Install them, or run make cluster on Debian."
        )
    print(f"Downloading {', '.join(packages)} with apt-get.", flush=True)
    _run("apt-get", "update", "-qq")
    archives = f"Dir::Cache::archives={folder}"
    options = ("-qq", "-y", "--no-install-recommends", "--download-only", "-o", archives)
    _run("apt-get", "install", *options, *packages)
    for archive in sorted(folder.glob("*.deb")):
        _run("dpkg-deb", "--extract", str(archive), str(folder))


def _run(*command: str) -> None:
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise PackagesMissingError(f"{' '.join(command)} failed:\n{result.stderr.strip()}")
