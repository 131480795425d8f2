"""Preparation of the database and the static files for `make run`."""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from local_run.console import say


def migrate() -> None:
    """Apply all migrations."""
    call_command("migrate", interactive=False, verbosity=0)


def collect_static(stamp: Path) -> None:
    """Collect static files, unless none has changed since `stamp` was written."""
    state = hashlib.sha256("\n".join(sorted(_static_sources())).encode()).hexdigest()
    collected = stamp.exists() and Path(settings.STATIC_ROOT).is_dir()
    if collected and stamp.read_text() == state:
        return
    say("Collecting static files.")
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(state)


def _static_sources() -> Iterator[str]:
    """Yield a line for each static file, and one for where and how they are collected."""
    yield f"{settings.STATIC_ROOT} {settings.STORAGES['staticfiles']}"
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            yield f"{path} {status.st_size} {status.st_mtime_ns}"


def load_demonstration_if_empty() -> None:
    """Load the demonstration if the database has no user."""
    if not get_user_model().objects.exists():
        say("Loading demonstration data into the empty database.")
        # Hide its output: the sign-ins are printed once everything is running.
        call_command("demo", stdout=io.StringIO())


def demonstration_sign_ins() -> tuple[tuple[str, str, str], ...]:
    """Return (role, email, password) of each sign-in; none without the demonstration."""
    # This imports models, so it must come after Django is set up.
    from demo import sign_ins

    return sign_ins.SIGN_INS if sign_ins.is_demonstration() else ()
