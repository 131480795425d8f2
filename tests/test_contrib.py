"""Searches on a PostgreSQL server that has pg_trgm use it, and find the same."""

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from psycopg import sql

from local_run import postgres_server
from local_run.tests.conftest import folder_for_servers
from local_run.tests.helpers import connect, local_run
from tests.contrib_server import SUPERUSER, ContribServer, contrib_server

INDEXES = {
    "accounts_user_search",
    "bank_bankline_search",
    "invoices_billed_name_search",
    "organizations_search",
    "payments_payment_search",
    "usage_camera_search",
    "watcher_change_search",
    "watcher_difference_search",
    "watcher_organization_search",
    "watcher_preset_search",
    "watcher_report_search",
    "watcher_write_search",
}
KINDS = """
    SELECT relname, opcname
    FROM pg_index
        JOIN pg_class ON pg_class.oid = indexrelid
        JOIN pg_opclass ON pg_opclass.oid = indclass[0]
    WHERE relname ~ '_search$' AND relkind = 'i'
"""
# What a search of cameras compares, as `foundation.search.index` asks for it.
FOLDED = "search_text(name || ' ' || title)"
FOUND = f"SELECT name FROM usage_camera WHERE search_has_pieces({FOLDED}, search_needle(%s))"
TESTS = (
    "foundation/search",
    "reports/search",
    "organizations/tests/test_search.py",
    "organizations/members/tests/test_search.py",
    "invoices/listing/tests/test_search.py",
    "payments/tests/test_list.py",
)
ROLE = "product"
ROWS = (
    "INSERT INTO accounts_user (id, password, email, name, role, is_active, date_joined)"
    " VALUES (1, '!', 'anna@example.com', 'Anna', 'owner', true, now())",
    "INSERT INTO organizations_organization"
    " (id, title, owner_id, time_zone, contract_number, billing_email, invoice_language)"
    " VALUES (1, 'Hotel', 1, 'UTC', '', '', 'en')",
    "INSERT INTO usage_camera (id, name, title, organization_id)"
    " VALUES (1, 'cam-1', 'Brückner, Nordtor', 1), (2, 'cam-2', 'Ёлка', 1)",
)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that the accounts of servers may enter."""
    with folder_for_servers() as folder:
        yield folder


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[ContribServer]:
    """A running server that has pg_trgm."""
    with contrib_server(folder) as server:
        yield server


@pytest.fixture(scope="module")
def tested(server: ContribServer) -> subprocess.CompletedProcess[str]:
    """All tests of searches, which have run there, as a role that may create databases."""
    with server.connect() as database:
        database.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:playwright", "-p", "no:xdist", *TESTS],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": server.url_of("postgres", role=ROLE)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def migrated(server: ContribServer, tested: subprocess.CompletedProcess[str]) -> str:
    """The name of a database of the server as `migrate` has created it, with two cameras."""
    with server.connect() as database:
        query = "SELECT datname FROM pg_database WHERE starts_with(datname, 'test_template')"
        ((template,),) = database.execute(query).fetchall()
    create(server, "migrated", template)
    with server.connect("migrated") as database:
        database.execute("SET session_replication_role = replica")
        for statement in ROWS:
            database.execute(statement)
    return "migrated"


def create(server: ContribServer, name: str, template: str, owner: str = ROLE) -> None:
    query = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}")
    with server.connect() as database:
        database.execute(query.format(*map(sql.Identifier, (name, template, owner))))


def migrate(server: ContribServer, name: str, folder: Path, *arguments: str) -> None:
    url = server.url_of(name, role=ROLE)
    code, printed = local_run(folder / "no", "manage", "migrate", *arguments, DATABASE_URL=url)
    assert code == 0, printed


def kinds(url: str) -> dict[str, str]:
    with connect(url) as database:
        return dict(database.execute(KINDS).fetchall())  # type: ignore[arg-type]


def found(url: str, typed: str) -> list[object]:
    with connect(url) as database:
        return [name for (name,) in database.execute(FOUND, [typed]).fetchall()]


def test_migrate_makes_the_indexes_of_pg_trgm(server: ContribServer, migrated: str) -> None:
    assert kinds(server.url_of(migrated)) == dict.fromkeys(INDEXES, "gin_trgm_ops")
    for typed in ("bruckner", "BRUECKNER", "ückn", "елка", "n"):
        assert found(server.url_of(migrated), typed), typed
    assert found(server.url_of(migrated), "ord") == ["cam-1"]
    assert found(server.url_of(migrated), "o") == []


def test_the_indexes_of_pg_trgm_are_read(server: ContribServer, migrated: str) -> None:
    create(server, "large", migrated)
    with server.connect("large") as database:
        database.execute("SET session_replication_role = replica")
        database.execute(
            "INSERT INTO usage_camera (id, name, title, organization_id)"
            " SELECT n, 'cam-' || n, 'Gate ' || n, 1 FROM generate_series(3, 20000) AS n"
        )
        database.execute("VACUUM ANALYZE usage_camera")
        for typed in ("rückner", "19999", "am-1234"):
            plan = database.execute(f"EXPLAIN {FOUND}", [typed]).fetchall()
            assert "usage_camera_search" in str(plan), (typed, plan)
        assert found(server.url_of("large"), "9999") == ["cam-9999", "cam-19999"]


def test_searches_fold_every_letter_that_unaccent_folds(
    server: ContribServer, migrated: str
) -> None:
    create(server, "unaccented", migrated)
    with server.connect("unaccented") as database:
        database.execute("CREATE EXTENSION unaccent")

        missed = database.execute(
            "SELECT letter FROM generate_series(128, 1114111) AS code, chr(code) AS letter"
            " WHERE code NOT BETWEEN 55296 AND 57343"  # Surrogates are no characters.
            " AND code NOT BETWEEN 688 AND 767"  # Nor do these marks begin words.
            " AND letter ~ '[[:alpha:]]' AND unaccent(letter) <> letter"
            " AND position(trim(search_text(unaccent(letter))) IN search_text(letter)) = 0"
        ).fetchall()

    # For unaccent, this H is an x.
    assert missed == [("\N{BLACK-LETTER CAPITAL H}",)]


def test_a_role_that_may_not_create_the_extension_gets_our_own(
    server: ContribServer, migrated: str, folder: Path
) -> None:
    create(server, "restricted", migrated, owner=SUPERUSER)
    with server.connect("restricted") as database:
        database.execute("DROP EXTENSION pg_trgm CASCADE")
        database.execute(f"GRANT ALL ON SCHEMA public TO {ROLE}")
        assert kinds(server.url_of("restricted")) == {}
        # A state before the first migration that needs it.
        database.execute("ALTER FUNCTION search_has_pieces RENAME TO of_later")

        migrate(server, "restricted", folder)

        assert kinds(server.url_of("restricted")) == {}
        database.execute("ALTER FUNCTION of_later RENAME TO search_has_pieces")

        migrate(server, "restricted", folder)

        assert kinds(server.url_of("restricted")) == dict.fromkeys(INDEXES, "array_ops")
        assert found(server.url_of("restricted"), "nord") == ["cam-1"]

        database.execute('CREATE SCHEMA "Of extensions"')
        database.execute('CREATE EXTENSION pg_trgm SCHEMA "Of extensions"')
        database.execute(f'GRANT USAGE ON SCHEMA "Of extensions" TO {ROLE}')

        migrate(server, "restricted", folder)

    assert kinds(server.url_of("restricted")) == dict.fromkeys(INDEXES, "gin_trgm_ops")
    assert found(server.url_of("restricted"), "nord") == ["cam-1"]


def test_a_backup_is_restored_where_pg_trgm_is_missing(
    server: ContribServer, migrated: str, folder: Path
) -> None:
    backup, var = folder / "trgm.dump", folder / "var"
    url = server.url_of(migrated)
    code, printed = local_run(folder / "no", "backup", backup, DATABASE_URL=url, PATH=server.path)
    assert code == 0, printed

    code, printed = local_run(var, "restore", backup, "--yes")

    assert code == 0, printed
    code, printed = local_run(var, "manage", "migrate")
    assert code == 0, printed
    with postgres_server.using(var / "postgres") as embedded:
        assert kinds(embedded) == dict.fromkeys(INDEXES, "array_ops")
        assert found(embedded, "brueckner") == ["cam-1"]


def test_a_backup_is_restored_where_pg_trgm_is(
    server: ContribServer, migrated: str, folder: Path
) -> None:
    backup = folder / "same.dump"
    create(server, "restored", "template0")
    run = partial(local_run, folder / "no", PATH=server.path)

    code, printed = run("backup", backup, DATABASE_URL=server.url_of(migrated, role=ROLE))
    assert code == 0, printed
    url = server.url_of("restored", role=ROLE)
    code, printed = run("restore", backup, "--yes", DATABASE_URL=url)
    assert code == 0, printed

    assert kinds(url) == dict.fromkeys(INDEXES, "gin_trgm_ops")
    assert found(url, "brueckner") == ["cam-1"]


def test_all_tests_of_searches_pass_on_it(tested: subprocess.CompletedProcess[str]) -> None:
    assert tested.returncode == 0, tested.stdout
