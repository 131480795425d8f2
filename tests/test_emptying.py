"""After a test that commits, its rows are removed and those of migrations are kept."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from psycopg import sql

from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory
from tests import emptying
from tests.emptying import empty_tables
from tests.jobs import note

pytestmark = pytest.mark.django_db(transaction=True)


def rows() -> dict[str, int]:
    """Count the rows of each table that has some, except the list of migrations."""
    counts = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
            (counts[name],) = cursor.fetchone()
    return {name: n for name, n in counts.items() if n and name != "django_migrations"}


def fill() -> None:
    TariffFactory.create()
    note.defer(path="/nowhere", word="never")


# With a negative limit, every table counts as large.
@pytest.mark.parametrize("large_bytes", [emptying._LARGE_BYTES, -1], ids=["deleted", "truncated"])
def test_only_rows_of_migrations_are_left(
    monkeypatch: pytest.MonkeyPatch, large_bytes: int
) -> None:
    monkeypatch.setattr(emptying, "_LARGE_BYTES", large_bytes)
    before = rows()
    assert before == {
        "auth_permission": Permission.objects.count(),
        "django_content_type": ContentType.objects.count(),
    }
    fill()
    assert {"tariffs_tariff", "tariffs_tariffevent", "procrastinate_jobs"} <= set(rows())

    empty_tables()

    assert rows() == before


def test_triggers_are_active_again_afterwards() -> None:
    fill()
    empty_tables()

    TariffFactory.create()

    assert rows()["tariffs_tariffevent"] == Tariff.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)
