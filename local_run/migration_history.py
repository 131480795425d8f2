"""Check whether this version can migrate a database, from the migrations it records."""

from collections.abc import Iterable

from django.apps import apps
from django.db import connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from local_run.environment import BASE_DIR
from local_run.refusals import RefusedError

_MOST_NAMED = 3


class UnknownHistoryError(RefusedError):
    """The database was created by a version whose migrations this one does not continue."""


def require_known_history(*, embedded: bool) -> None:
    """Refuse a database created by a version whose migrations this one does not continue.

    Only read the database. `embedded` says whether it is the copy's own, which `make reset`
    deletes.

    Raises:
        UnknownHistoryError: recorded migrations do not exist, or their order is inconsistent.
    """
    unknown = unknown_among(MigrationRecorder(connection).applied_migrations())
    if unknown:
        raise UnknownHistoryError(
            _refusal(f"It records migrations that no longer exist: {unknown}.", embedded)
        )
    loader = MigrationLoader(connection)
    try:
        loader.check_consistent_history(connection)
    except InconsistentMigrationHistory as error:
        raise UnknownHistoryError(_refusal(str(error), embedded)) from error


def unknown_among(recorded: Iterable[tuple[str, str]]) -> str:
    """Name some recorded migrations of our apps that are neither on disk nor replaced, if any."""
    loader = MigrationLoader(None)
    ours = {config.label for config in apps.get_app_configs() if _is_ours(config.name)}
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known.update(migration.replaces)
    unknown = sorted(
        f"{app}.{name}" for app, name in recorded if app in ours and (app, name) not in known
    )
    more = len(unknown) - _MOST_NAMED
    return ", ".join(unknown[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _is_ours(module: str) -> bool:
    """Tell whether a module is in the clone; packages installed in its .venv do not count."""
    return (BASE_DIR / module.partition(".")[0] / "__init__.py").is_file()


def _refusal(why: str, embedded: bool) -> str:
    refusal = (
        "The database was created by an earlier version, and this version cannot upgrade it. "
        f"{why} Nothing was changed.\n"
    )
    if embedded:
        return refusal + (
            "To start again, run make reset, which asks and then deletes the data of this copy. "
            "To keep the data, go back to the version that created them."
        )
    return refusal + (
        "It is the database in DATABASE_URL, which is never deleted from here. To start again, set "
        "DATABASE_URL to an empty database, or unset it to use the embedded PostgreSQL."
    )
