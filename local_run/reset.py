"""Deletion of all data of a copy on one's own machine: `make reset`."""

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from local_run import environment, postgres_server
from local_run.console import is_yes, say
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
# What else a copy stores in its folder; other files there, such as screenshots, are kept.
_KEPT = ("mail", "static", "static.stamp", "secret_key")


def main(*, confirmed: bool) -> int:
    """Delete the copy's data after asking; return the exit code.

    If `confirmed`, do not ask, so that no terminal is needed.
    """
    try:
        return _reset(environment.var_dir(), confirmed=confirmed)
    except AlreadyRunningError as error:
        print(f"Nothing was deleted. {error} Stop it first.", file=sys.stderr)
    except (RefusedError, EmbeddedServerError) as error:
        print(f"Nothing was deleted. {error}", file=sys.stderr)
    return 1


def _reset(var: Path, *, confirmed: bool) -> int:
    if os.environ.get("DATABASE_URL"):
        raise RefusedError(
            "DATABASE_URL is set, and the database it names is never deleted from here. "
            f"Unset DATABASE_URL to delete the data in {var}."
        )
    if not _existing(var):
        say(f"There is nothing to delete in {var}.")
        return 0
    home = var / _DATABASE
    with only_copy(var, RESET):
        _refuse_what_belongs_to_another(var)
        with postgres_server.unused(home):
            if not (confirmed or _is_yes(var)):
                say("Nothing was deleted.")
                return 1
            _remove_database(home)
            for path in _existing(var):
                if path != home:
                    _remove(path)
    say("The data were deleted. The next make run starts with an empty database.")
    return 0


def _existing(var: Path) -> list[Path]:
    """List what there is to delete, including symbolic links whose target does not exist."""
    paths = [var / name for name in (_DATABASE, *_KEPT)]
    return [path for path in paths if path.exists() or path.is_symlink()]


def _refuse_what_belongs_to_another(var: Path) -> None:
    """Refuse to delete what belongs to another user, unless this process runs as root.

    Raises:
        FolderRefusedError: the database belongs to another user.
        RefusedError: another file or folder does.
    """
    refuse_data_of_another(var / _DATABASE / "data")
    for path in _existing(var):
        if os.geteuid() not in (0, path.lstat().st_uid):
            raise RefusedError(f"{path} belongs to another user. Run this as that user.")


def _is_yes(var: Path) -> bool:
    """Ask on the terminal for confirmation. Raises: RefusedError."""
    warning = (
        f"This deletes the data of the copy in {var}: "
        "the database, captured mail, static files and the secret key."
    )
    if (var / _DATABASE).is_symlink():
        warning += f"\n{var / _DATABASE} is a link to {(var / _DATABASE).resolve()}."
    question = "They cannot be recovered. Type yes to delete them: "
    return is_yes(warning, question, otherwise="make reset YES=1")


def _remove_database(home: Path) -> None:
    """Remove a server's data, in the clone or where `home` links to."""
    real = home.resolve()
    if is_set_aside(home):
        if is_set_aside_for(home):
            # Remove the claim last: without it, the owner of the rest would be unknown.
            for path in real.iterdir():
                if path.name != CLAIM:
                    _remove(path)
            _remove(real)
        home.unlink()
        with suppress(OSError):
            SYSTEM_HOMES.rmdir()
    elif home.is_symlink():
        # The user keeps the data on another disk, so keep the link.
        for path in [*real.glob("data*"), *real.glob("log*")]:
            _remove(path)
    elif home.exists():
        _remove(home)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
