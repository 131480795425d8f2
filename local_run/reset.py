"""The removal of all that a copy on one's own machine has kept: `make reset`."""

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from local_run import environment, postgres_server
from local_run.console import say
from local_run.copy_lock import RESET, only_copy
from local_run.postgres_place import (
    CLAIM,
    SYSTEM_HOMES,
    EmbeddedServerError,
    is_set_aside,
    is_set_aside_for,
    refuse_data_of_another,
)
from local_run.refusals import AlreadyRunningError, RefusedError

_DATABASE = "postgres"
# What else a copy keeps in its folder; other things there, pictures perhaps, are left alone.
_KEPT = ("mail", "static", "static.stamp", "secret_key")


def main(*, confirmed: bool) -> int:
    """Remove the copy's data unless the person says no; return the exit code.

    `confirmed` tells that the person has said yes already, so that no terminal is needed.
    """
    try:
        return _reset(environment.var_dir(), confirmed=confirmed)
    except AlreadyRunningError as error:
        print(f"Nothing was removed: {error}. Stop it first.", file=sys.stderr)
    except (RefusedError, EmbeddedServerError) as error:
        print(f"Nothing was removed. {error}", file=sys.stderr)
    return 1


def _reset(var: Path, *, confirmed: bool) -> int:
    if os.environ.get("DATABASE_URL"):
        raise RefusedError(
            "DATABASE_URL names a database, and nothing of it is ever deleted from here. "
            f"Unset DATABASE_URL to remove what lies in {var}."
        )
    if not _existing(var):
        say(f"There is nothing to remove in {var}.")
        return 0
    home = var / _DATABASE
    with only_copy(var, RESET):
        _refuse_what_belongs_to_another(var)
        with postgres_server.unused(home):
            if not (confirmed or _is_yes(var)):
                say("Nothing was removed.")
                return 1
            _remove_database(home)
            for path in _existing(var):
                if path != home:
                    _remove(path)
    say("The data were removed. make run starts with an empty database.")
    return 0


def _existing(var: Path) -> list[Path]:
    """List what is to be removed; a link counts, wherever it leads."""
    paths = [var / name for name in (_DATABASE, *_KEPT)]
    return [path for path in paths if path.exists() or path.is_symlink()]


def _refuse_what_belongs_to_another(var: Path) -> None:
    """Raises: FolderRefusedError, RefusedError."""
    refuse_data_of_another(var / _DATABASE / "data")
    for path in _existing(var):
        if os.geteuid() not in (0, path.lstat().st_uid):
            raise RefusedError(f"{path} belongs to another user: start as that user.")


def _is_yes(var: Path) -> bool:
    """Ask on the terminal. Raises: RefusedError where there is none."""
    if not sys.stdin.isatty():
        raise RefusedError("There is no terminal to ask on: make reset YES=1 does not ask.")
    say(f"This removes the data of the copy in {var}: database, mail, static files, secret.")
    if (var / _DATABASE).is_symlink():
        say(f"{var / _DATABASE} leads to {(var / _DATABASE).resolve()}.")
    try:
        return input("They cannot be brought back. Type yes to remove them: ").strip() == "yes"
    except (EOFError, KeyboardInterrupt):
        say("")
        return False


def _remove_database(home: Path) -> None:
    """Remove a server's data, also where `home` is a link to where they were set aside."""
    real = home.resolve()
    if is_set_aside(home):
        if is_set_aside_for(home):
            # The claim goes last: without it nobody would know whose the rest is.
            for path in real.iterdir():
                if path.name != CLAIM:
                    _remove(path)
            _remove(real)
        home.unlink()
        with suppress(OSError):
            SYSTEM_HOMES.rmdir()
    elif home.is_symlink():
        # Somebody keeps the data on another disk: the link is theirs.
        for path in [*real.glob("data*"), *real.glob("log*")]:
            _remove(path)
    elif home.exists():
        _remove(home)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
