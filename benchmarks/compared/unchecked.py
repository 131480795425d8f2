"""Add rows without triggers and without the constraint against overlapping intervals."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from usage.models import UsageInterval


@contextmanager
def unchecked() -> Iterator[None]:
    """Add cameras and intervals to a database that will not get others.

    The constraint is not restored: that would check two million intervals in five minutes, and no
    statement but an insert reads its index.
    """
    with connection.schema_editor() as editor:
        editor.remove_constraint(UsageInterval, UsageInterval._meta.constraints[0])
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("RESET session_replication_role")
        cursor.execute("VACUUM (ANALYZE)")
