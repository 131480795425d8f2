"""Migrations: they create the triggers that the models declare, and can be taken back."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from pytest_django import DjangoDbBlocker

from foundation.search_path import fix_search_path
from invoices.issuing.operations import cancel
from invoices.tests.factories import IN_NOVEMBER, issued_invoice
from tests.database import another_database
from tests.emptying import empty_tables

OWN_APPS = (
    "search",
    "accounts",
    "imports",
    "tariffs",
    "organizations",
    "usage",
    "invoices",
    "payments",
    "bank",
    "accounting",
    "api",
    "debits",
    "reminders",
    "reports",
    "watcher",
)
# Their first migrations build on later ones of other apps.
LATER_APPS = ("accounting", "api", "bank", "debits", "reminders", "watcher")
FIRST = [(app, "0001_initial") for app in OWN_APPS if app not in LATER_APPS]
# What a job finds out from the other tables, and what it is asked to look at.
DERIVED = {
    "invoices_documenttally",
    "invoices_invoicedifference",
    "invoices_lateusage",
    "invoices_recheck",
    "invoices_runtally",
    "invoices_uninvoicedtally",
    "reports_changeddates",
    "tariffs_tarifftally",
}
# A text, a quoted name, a word, or any other character: all of SQL but its white space.
TOKENS = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|\w+|\S""")
CREATED = r"^CREATE (?:OR REPLACE |CONSTRAINT )?{kind} (?:public\.)?(\w+)"

TRIGGERS = """
    SELECT tgname, concat_ws(
        ' ', pg_get_triggerdef(pg_trigger.oid), pg_get_functiondef(tgfoid),
        'COMMENT', quote_literal(obj_description(pg_trigger.oid, 'pg_trigger'))
    )
    FROM pg_trigger WHERE starts_with(tgname, 'pgtrigger_')
"""
FUNCTIONS = """
    SELECT proname, pg_get_functiondef(oid) FROM pg_proc
    WHERE starts_with(proname, 'pgtrigger_')
"""


def rows(sql: str, alias: str = "default") -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def names(sql: str, alias: str = "default") -> set[str]:
    return {name for (name,) in rows(sql, alias)}


def definitions(sql: str) -> dict[str, str]:
    """Return definitions by name, with one space wherever white space may be."""
    return {name: " ".join(TOKENS.findall(definition)) for name, definition in rows(sql)}


def named_in_sql_files(kind: str) -> set[str]:
    """Return the names of all functions or triggers that the migrations' SQL files create.

    Those that a later file drops, and does not create again, are left out. A dropped function takes
    the trigger of its name with it.
    """
    folders = [Path(apps.get_app_config(app).path, "migrations", "sql") for app in OWN_APPS]
    created = CREATED.format(kind=kind)
    dropped = rf"^DROP (?:FUNCTION|{kind}) (\w+)"
    found: set[str] = set()
    for path in (path for folder in folders for path in sorted(folder.glob("*.sql"))):
        if not path.stem.endswith("_back"):
            text = path.read_text("utf-8")
            for made, gone in re.findall(f"{created}|{dropped}", text, re.MULTILINE):
                (found.add if made else found.discard)(made or gone)
    return found


def own(alias: str) -> set[str]:
    """Return the tables and functions in a database that our migrations make."""
    prefixes = tuple(f"{app}_" for app in OWN_APPS)
    tables = connections[alias].introspection.table_names()
    # pghistory makes one function, which ours only replaces.
    ours = named_in_sql_files("FUNCTION") - {"_pgh_attach_context"}
    functions = names("SELECT proname FROM pg_proc", alias) & ours
    return functions | {name for name in tables if name.startswith(prefixes)}


@pytest.fixture
def empty_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Give the alias of an empty database beside that of the tests."""
    with django_db_blocker.unblock(), another_database("template0") as alias:
        yield alias


# When organizations held their billing details, taxes had no dates, and details no history of their
# own. organizations/tests/test_copying_billing_details.py tests what becomes of them.
REMADE = (
    "organizations_billingdetails",
    "organizations_organizationevent",
    "organizations_tax",
)


def contents(alias: str) -> dict[str, list[str]]:
    """Return the rows of our tables as JSON, without the ids that a table gives itself.

    Leave out what is found out again.
    """
    prefixes = tuple(f"{app}_" for app in OWN_APPS)
    tables = set(connections[alias].introspection.table_names()) - DERIVED
    return {
        table: sorted(
            text for (text,) in rows(f"SELECT (to_jsonb(r) - 'id')::text FROM {table} r", alias)
        )
        for table in tables
        if table.startswith(prefixes) and not table.startswith(REMADE)
    }


@pytest.mark.django_db
def test_triggers_are_those_that_the_models_declare() -> None:
    triggers, functions = definitions(TRIGGERS), definitions(FUNCTIONS)
    # Replaces each trigger and function by what its model declares, and drops other triggers.
    pgtrigger.install()
    fix_search_path(using="default")

    assert triggers == definitions(TRIGGERS)
    assert functions == definitions(FUNCTIONS)
    assert len(triggers) == len(pgtrigger.registered()) > 0
    assert functions.keys() == triggers.keys()


@pytest.mark.django_db
def test_all_that_sql_files_create_is_there() -> None:
    functions, triggers = named_in_sql_files("FUNCTION"), named_in_sql_files("TRIGGER")

    assert functions
    assert functions <= names("SELECT proname FROM pg_proc")
    assert triggers
    assert triggers <= names("SELECT tgname FROM pg_trigger")


@pytest.mark.django_db
def test_no_trigger_begins_a_subtransaction() -> None:
    """One that is aborted reads all deferred triggers, for each row of a statement."""
    functions = dict(rows("SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 2200"))

    assert len(functions) > 100
    assert {name for name, source in functions.items() if "EXCEPTION WHEN" in source} == set()


@pytest.mark.django_db
def test_a_trigger_can_be_ignored() -> None:
    changed = "SELECT _pgtrigger_should_ignore('a'), _pgtrigger_should_ignore('c')"

    assert rows(changed) == [(False, False)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{a,b}', true)")
    assert rows(changed) == [(True, False)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '', true)")
    assert rows(changed) == [(False, False)]


@pytest.mark.django_db
def test_the_function_that_would_keep_contexts_is_replaced() -> None:
    source = names("SELECT prosrc FROM pg_proc WHERE proname = '_pgh_attach_context'")

    assert source == {"SELECT NULL::uuid"}


def test_the_first_migrations_can_be_taken_back(empty_database: str) -> None:
    MigrationExecutor(connections[empty_database]).migrate(FIRST)
    assert {"invoices_invoice", "usage_refuse_camera_without_payer"} <= own(empty_database)

    # At once: for each app by itself, Django would prepare the models of all migrations again.
    MigrationExecutor(connections[empty_database]).migrate([(app, None) for app in OWN_APPS])
    assert own(empty_database) == set()


@pytest.fixture
def filled_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Give the alias of a database with an invoice, and another one that is cancelled."""
    with django_db_blocker.unblock():
        cancelled = issued_invoice()
        cancel(invoice_id=cancelled.pk, now=IN_NOVEMBER, by=None)
        issued_invoice()
        # PostgreSQL copies only a database that nobody uses.
        connection.close()
        with another_database(connection.settings_dict["NAME"]) as alias:
            empty_tables()
            yield alias


def test_data_survives_when_migrations_are_taken_back_and_run_again(filled_database: str) -> None:
    database = connections[filled_database]
    before, made = contents(filled_database), own(filled_database)
    none_of_later = [(app, None) for app in LATER_APPS]

    MigrationExecutor(database).migrate([*none_of_later, *FIRST])
    assert own(filled_database) < made
    migrations = MigrationExecutor(database)
    migrations.migrate(migrations.loader.graph.leaf_nodes())

    assert own(filled_database) == made
    assert contents(filled_database) == before
    assert len(before["invoices_invoice"]) == 3
