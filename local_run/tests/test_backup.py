"""`python -m local_run backup` and `restore`: all that is restored equals what was backed up."""

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections
from psycopg import sql
from pytest_django import DjangoDbBlocker

from invoices.documents.archive import keep_pdf
from invoices.issuing.operations import cancel
from invoices.tests.factories import IN_NOVEMBER, issued_invoice
from local_run import postgres_server
from local_run.postgres_place import packaged_programs
from local_run.tests.conftest import folder_for_servers
from local_run.tests.helpers import connect, local_run
from tests.database import another_database, url_of
from tests.emptying import empty_tables
from tests.jobs import note

# The servers of these tests have the version of the packaged programs.
PROGRAMS = {"PATH": f"{packaged_programs() / 'bin'}:{os.environ['PATH']}"}

# What a database consists of, apart from its rows. PostgreSQL writes the casts in a condition in
# another way once it has been restored, so those are left out.
CATALOG = r"""
    SELECT 'trigger', tgrelid::regclass::text, regexp_replace(
            pg_get_triggerdef(oid), '::text|::character varying|\[\]|[()]', '', 'g'
        ), tgenabled::text
    FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT 'constraint', conrelid::regclass::text, conname || regexp_replace(
            pg_get_constraintdef(oid), '::text|::character varying|\[\]|[()]', '', 'g'
        ), convalidated::text
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'function', oid::regprocedure::text, pg_get_functiondef(oid), ''
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'index', tablename, regexp_replace(
            indexdef, '::text|::character varying|\[\]|[()]', '', 'g'
        ), ''
    FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT 'column', attrelid::regclass::text, attname || format_type(atttypid, atttypmod),
        concat(attstorage, attgenerated, attidentity, attnotnull)
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0
        AND NOT attisdropped
    UNION ALL
    SELECT 'sequence', sequencename, last_value::text, '' FROM pg_sequences
"""
DOCUMENTS = """
from invoices.documents.archive import pdf_of
from invoices.documents.issued import document_of
from invoices.documents.pdf import pdf
from invoices.documents.xml import cii
from invoices.models import Invoice

for invoice in Invoice.objects.order_by("pk"):
    document = document_of(invoice)
    print(invoice, pdf_of(invoice).hex(), pdf(document).hex(), cii(document).hex())
"""


def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Return everything in a database: the rows of each table, and what guards them."""
    with connect(url) as database:
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        found = {
            str(name): sorted(
                database.execute(
                    sql.SQL("SELECT r::text FROM {} r").format(sql.Identifier(str(name)))
                )
            )
            for (name,) in database.execute(tables).fetchall()
        }
        return {str(row): [] for row in database.execute(CATALOG)} | found


def documents(var: Path, url: str = "") -> str:
    """Return all documents of a copy: stored PDFs, and PDFs and XML made now."""
    command = ("manage", "shell", "--verbosity", "0", "--command", DOCUMENTS)
    code, printed = local_run(var, *command, DATABASE_URL=url)
    assert code == 0, printed
    return printed


@pytest.fixture(scope="module")
def source(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The URL of a database with an invoice, another one that is cancelled, and a waiting job."""
    with django_db_blocker.unblock():
        cancelled = issued_invoice()
        cancel(invoice_id=cancelled.pk, now=IN_NOVEMBER, by=None)
        keep_pdf(cancelled)
        issued_invoice()
        note.defer(path="/nowhere", word="never")
        # PostgreSQL copies only a database that nobody uses.
        connection.close()
        with another_database(connection.settings_dict["NAME"]) as alias:
            empty_tables()
            connection.close()
            yield url_of(connections[alias].settings_dict["NAME"])


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """The folder of the backup, and of the copy to which it is restored."""
    with folder_for_servers() as folder:
        yield folder


@pytest.fixture(scope="module")
def backup(source: str, folder: Path) -> Path:
    """A backup of the source."""
    path = folder / "made" / "source.dump"
    code, printed = local_run(folder / "no", "backup", path, DATABASE_URL=source, **PROGRAMS)
    assert code == 0, printed
    return path


@pytest.fixture(scope="module")
def restored(backup: Path, folder: Path) -> Path:
    """The folder of a copy that had no database before the backup was restored to it."""
    var = folder / "var"
    code, printed = local_run(var, "restore", backup, "--yes")
    assert code == 0, printed
    assert "Jobs that had not ended when the backup was made: 4." in printed
    return var


@pytest.fixture
def empty_database(source: str) -> Iterator[str]:
    """The URL of an empty database on the server of the tests."""
    name = f"{connection.settings_dict['NAME']}_empty"
    with connect(url_of("postgres")) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield url_of(name)
        server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def broken(backup: Path, folder: Path) -> Path:
    """Return a backup of which the end is missing."""
    path = folder / "broken.dump"
    path.write_bytes(backup.read_bytes()[:-2000])
    return path


def test_a_new_copy_gets_everything(source: str, restored: Path) -> None:
    with postgres_server.using(restored / "postgres") as url:
        assert contents(url) == contents(source)

    made = documents(restored)
    assert made == documents(restored.parent / "no", source)
    assert made.count("\n") == 3


def test_a_copy_with_other_data_gets_exactly_what_was_backed_up(
    source: str, backup: Path, restored: Path
) -> None:
    with postgres_server.using(restored / "postgres") as url, connect(url) as database:
        database.execute("UPDATE accounts_user SET name = 'Another'")
        database.execute("DROP TRIGGER usage_added_before_closing ON usage_usageinterval")
        database.execute("CREATE TABLE later (id bigint REFERENCES accounts_user)")

    code, printed = local_run(restored, "restore", backup, typed="yes\n")

    assert code == 0, printed
    assert f"This replaces all data of the copy by those in {backup}." in printed
    with postgres_server.using(restored / "postgres") as url:
        assert contents(url) == contents(source)
        with connect(url) as database:
            databases = database.execute("SELECT datname FROM pg_database ORDER BY 1").fetchall()
    assert databases == [("billing",), ("postgres",), ("template0",), ("template1",)]


def test_restored_tables_are_analyzed(restored: Path) -> None:
    query = "SELECT reltuples FROM pg_class WHERE relname = 'invoices_invoice'"
    with postgres_server.using(restored / "postgres") as url, connect(url) as database:
        assert database.execute(query).fetchone() == (3,)


def test_a_copy_can_be_backed_up_while_it_is_used(source: str, restored: Path) -> None:
    with postgres_server.using(restored / "postgres") as url, connect(url):
        code, printed = local_run(restored, "backup")

    assert code == 0, printed
    (path,) = (restored / "backups").iterdir()
    assert str(path) in printed
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    code, printed = local_run(restored, "restore", path, "--yes")
    assert code == 0, printed
    with postgres_server.using(restored / "postgres") as url:
        assert contents(url) == contents(source)


@pytest.mark.parametrize("typed", ["no\n", None])
def test_without_a_yes_the_data_stay(backup: Path, restored: Path, typed: str | None) -> None:
    with postgres_server.using(restored / "postgres") as url:
        before = contents(url)

        code, printed = local_run(restored, "restore", backup, typed=typed)

        assert code == 1
        assert "Nothing was restored." in printed
        assert contents(url) == before


def test_a_broken_backup_changes_nothing(backup: Path, restored: Path, folder: Path) -> None:
    with postgres_server.using(restored / "postgres") as url:
        before = contents(url)

        code, printed = local_run(restored, "restore", broken(backup, folder), "--yes")

        assert code == 1
        assert "Nothing was restored. pg_restore failed:" in printed
        assert contents(url) == before
        with connect(url) as database:
            query = "SELECT count(*) FROM pg_database WHERE starts_with(datname, 'billing')"
            assert database.execute(query).fetchone() == (1,)


def test_data_that_another_program_uses_are_not_replaced(backup: Path, restored: Path) -> None:
    with postgres_server.using(restored / "postgres") as url, connect(url) as database:
        code, printed = local_run(restored, "restore", backup, "--yes")

        assert code == 1
        assert "is being accessed by other users" in printed
        assert database.execute("SELECT count(*) FROM invoices_invoice").fetchone() == (3,)


def test_an_empty_database_of_ones_own_gets_everything(
    source: str, backup: Path, empty_database: str, tmp_path: Path
) -> None:
    variables = {"DATABASE_URL": empty_database, **PROGRAMS}

    code, printed = local_run(tmp_path, "restore", backup, **variables)

    assert code == 0, printed
    assert contents(empty_database) == contents(source)

    code, printed = local_run(tmp_path, "restore", backup, "--yes", **variables)

    assert code == 1
    assert "a backup is only restored to it while the database is empty" in printed


def test_a_database_of_ones_own_stays_empty_if_the_backup_is_broken(
    backup: Path, empty_database: str, tmp_path: Path
) -> None:
    before = contents(empty_database)
    path = broken(backup, tmp_path)

    code, printed = local_run(tmp_path, "restore", path, DATABASE_URL=empty_database, **PROGRAMS)

    assert code == 1
    assert "pg_restore failed" in printed
    assert contents(empty_database) == before


def test_rows_alone_are_restored_to_a_migrated_database(
    source: str, backup: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """As docs/operations.md describes it: triggers neither record nor refuse these rows again."""
    name = f"{connection.settings_dict['NAME']}_rows"
    with connect(url_of("postgres")) as server:
        copied = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(
            copied.format(sql.Identifier(name), sql.Identifier(connection.settings_dict["NAME"]))
        )
        try:
            with connect(url_of(name)) as database:
                database.execute("SET billing.may_truncate = on")
                tables = database.execute(
                    "SELECT string_agg(tablename, ', ') FROM pg_tables WHERE schemaname = 'public'"
                ).fetchone()
                database.execute(f"TRUNCATE {tables[0]}".encode())  # type: ignore[index]
            command = ["pg_restore", "--data-only", "--disable-triggers", "--single-transaction"]
            subprocess.run(
                [*command, f"--dbname={url_of(name)}", backup],
                env=os.environ | PROGRAMS,
                check=True,
                capture_output=True,
            )
            assert contents(url_of(name)) == contents(source)
        finally:
            server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def test_a_backup_of_another_version_is_refused(empty_database: str, restored: Path) -> None:
    with connect(empty_database) as database:
        database.execute(
            "CREATE TABLE django_migrations (id int, app text, name text, applied timestamptz)"
        )
        database.execute("INSERT INTO django_migrations VALUES (1, 'usage', '0999_later', now())")
    path = restored.parent / "later.dump"
    local_run(restored, "backup", path, DATABASE_URL=empty_database, **PROGRAMS)

    code, printed = local_run(restored, "restore", path, "--yes")

    assert code == 1
    assert "The backup was made by another version" in printed
    assert "usage.0999_later" in printed


def test_other_files_are_refused(empty_database: str, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no backup")
    local_run(tmp_path, "backup", tmp_path / "empty", DATABASE_URL=empty_database, **PROGRAMS)

    for name, why in (
        ("none", "No such file"),
        ("text", "was not made by make backup"),
        ("empty", "is not a backup of this product"),
    ):
        code, printed = local_run(
            tmp_path, "restore", tmp_path / name, DATABASE_URL=empty_database, **PROGRAMS
        )
        assert code == 1
        assert why in printed


def test_a_backup_is_never_overwritten(source: str, tmp_path: Path) -> None:
    path = tmp_path / "kept.dump"
    path.write_text("kept")

    code, printed = local_run(tmp_path, "backup", path, DATABASE_URL=source, **PROGRAMS)

    assert code == 1
    assert "exists already" in printed
    assert path.read_text() == "kept"


def test_a_backup_that_fails_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "failed.dump"
    url = "postgresql://billing@127.0.0.1:1/billing"

    code, printed = local_run(tmp_path, "backup", path, DATABASE_URL=url, **PROGRAMS)

    assert code == 1
    assert "No backup was made. pg_dump failed:" in printed
    assert list(path.parent.iterdir()) == []


def test_programs_that_are_missing_are_named(tmp_path: Path) -> None:
    variables = {"DATABASE_URL": "postgresql://billing@127.0.0.1:1/billing", "PATH": str(tmp_path)}

    code, printed = local_run(tmp_path, "backup", tmp_path / "backup", **variables)

    assert code == 1
    assert "pg_dump was not found. Install the client programs of PostgreSQL" in printed


def test_the_password_is_not_among_the_arguments(tmp_path: Path) -> None:
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho "$@ / $PGPASSWORD" >&2\nexit 1\n')
    program.chmod(0o755)
    variables = {
        "DATABASE_URL": "postgresql://me:s3cret@127.0.0.1:1/billing?sslmode=disable",
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
    }

    _code, printed = local_run(tmp_path, "backup", tmp_path / "backup", **variables)

    arguments, password = printed.strip().rsplit(" / ", 1)
    assert "s3cret" not in arguments
    assert "sslmode=disable" in arguments
    assert password == "s3cret"
