"""A PostgreSQL server with the extensions that the packaged one lacks, such as Debian's.

It is a test's own: its data and its unix socket are in the test's folder.
"""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

_DEBIAN = Path("/usr/lib/postgresql")
SUPERUSER = "billing"
_SECONDS = 60
_ADVICE = "Run `make contrib`, or install PostgreSQL with its contrib extensions, and try again."


@dataclass(frozen=True)
class ContribServer:
    """A running server; `programs` is the folder of its programs."""

    folder: Path
    programs: Path

    def url_of(self, name: str, *, role: str = SUPERUSER) -> str:
        """Return the DATABASE_URL of a database."""
        return f"postgresql://{role}@/{name}?host={self.folder}"

    def connect(self, name: str = "postgres") -> psycopg.Connection[Any]:
        """Connect in autocommit mode as a superuser."""
        return psycopg.connect(self.url_of(name), autocommit=True)

    @property
    def path(self) -> str:
        """The PATH on which its programs come first."""
        return f"{self.programs}:{os.environ['PATH']}"


@contextmanager
def contrib_server(folder: Path) -> Iterator[ContribServer]:
    """Run a server in a folder that all users may enter; fail if the extension is not installed."""
    programs = _programs()
    home = folder / "contrib"
    home.mkdir(mode=0o700)
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    if user:
        os.chown(home, user.pw_uid, user.pw_gid)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [programs / program, f"--pgdata={home / 'data'}", *arguments],
            cwd=home,
            user=user and user.pw_uid,
            group=user and user.pw_gid,
            extra_groups=[] if user else None,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            stdout=subprocess.DEVNULL,
            check=True,
        )

    run("initdb", "--auth=trust", f"--username={SUPERUSER}", "--encoding=UTF8", "--no-sync")
    options = f"-c listen_addresses= -c unix_socket_directories={home} -c fsync=off -c jit=off"
    log = f"--log={home / 'log'}"
    run("pg_ctl", "start", "--wait", f"--timeout={_SECONDS}", log, f"--options={options}")
    pid = (home / "data" / "postmaster.pid").read_text().split("\n", 1)[0]
    main_process = psutil.Process(int(pid))
    try:
        server = ContribServer(home, programs)
        with server.connect() as database:
            query = "SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'"
            if database.execute(query).fetchone() != (1,):
                pytest.fail(f"PostgreSQL in {programs} does not have pg_trgm. {_ADVICE}", False)
        yield server
    finally:
        main_process.send_signal(signal.SIGINT)
        main_process.wait(_SECONDS)


def _programs() -> Path:
    debian = sorted(_DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name))
    installed = shutil.which("initdb")
    if not debian and installed is None:
        pytest.fail(f"There is no PostgreSQL with extensions on this machine. {_ADVICE}", False)
    return debian[-1] if debian else Path(str(installed)).resolve().parent
