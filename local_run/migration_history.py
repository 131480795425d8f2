"""Whether this version can continue the migrations that a database records."""

from django.apps import apps
from django.db import connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from local_run.environment import BASE_DIR
from local_run.refusals import RefusedError

_MOST_NAMED = 3


class UnknownHistoryError(RefusedError):
    """The database was made by a version whose migrations this one does not continue."""


def require_known_history(*, embedded: bool) -> None:
    """Refuse a database made by a version whose migrations this one does not continue.

    Reads only. `embedded` tells whether the database is the copy's own, which `make reset` removes.
    Raises: UnknownHistoryError.
    """
    loader = MigrationLoader(connection)
    unknown = _unknown_migrations(loader)
    if unknown:
        more = len(unknown) - _MOST_NAMED
        named = ", ".join(unknown[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
        raise UnknownHistoryError(
            _refusal(f"It records migrations that are gone: {named}.", embedded)
        )
    try:
        loader.check_consistent_history(connection)
    except InconsistentMigrationHistory as error:
        raise UnknownHistoryError(_refusal(str(error), embedded)) from error


def _unknown_migrations(loader: MigrationLoader) -> list[str]:
    """Name the recorded migrations of our apps that are neither on disk nor replaced by one."""
    ours = {config.label for config in apps.get_app_configs() if _is_ours(config.name)}
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known.update(migration.replaces)
    recorded = MigrationRecorder(connection).applied_migrations()
    return sorted(
        f"{app}.{name}" for app, name in recorded if app in ours and (app, name) not in known
    )


def _is_ours(module: str) -> bool:
    """Tell whether a module lies in the clone; packages installed in its .venv do not count."""
    return (BASE_DIR / module.partition(".")[0] / "__init__.py").is_file()


def _refusal(why: str, embedded: bool) -> str:
    refusal = (
        "The database was made by an earlier version, and this version cannot go on from there. "
        f"{why} Nothing was changed.\n"
    )
    if embedded:
        return refusal + (
            "To start again, run make reset: it removes the data of this copy, after asking. "
            "To keep them, go back to the version that made them."
        )
    return refusal + (
        "DATABASE_URL names it, and nothing of it is ever deleted from here. To start again, set "
        "DATABASE_URL to an empty database, or unset it to use the embedded PostgreSQL."
    )
