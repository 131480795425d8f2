"""Test databases: one template is migrated, and each test process gets a copy of it.

A copy takes a fraction of a second; migrations take many seconds. The name of the template contains
a digest of everything that migrations depend on, so a change creates a new template.
"""

import ast
import hashlib
import importlib.util
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from django.test import TransactionTestCase
from psycopg import Connection, sql
from pytest_django import DjangoDbBlocker

from foundation import search_path
from foundation.search import kept_indexes
from tests.emptying import empty_tables

# Advisory locks have two numbers: this one, and 0 for the template or the number of a copy.
_LOCKS = 1_836_020_589
_PREFIX = "test_template_"


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_createdb: bool,
) -> Iterator[None]:
    """Use a copy of the template instead of the database that pytest-django would migrate.

    `--create-db` always creates a new template.
    """
    TransactionTestCase._fixture_teardown = empty_tables  # type: ignore[attr-defined]
    with django_db_blocker.unblock():
        server = _connect_to_server()
        number = _free_number(server)
        name = f"test_{connection.settings_dict['NAME']}_{number}"
        with server.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, 0)", [_LOCKS])
            template = _template(server, recreate=django_db_createdb)
            _drop(server, name)
            cursor.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
            cursor.execute("SELECT pg_advisory_unlock(%s, 0)", [_LOCKS])
        _use(name)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        # This fails if a test has left a connection open.
        server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
        server.close()


@contextmanager
def another_database(template: str) -> Iterator[str]:
    """Give the alias of another database on the server, made from a template."""
    name = f"{connection.settings_dict['NAME']}_other"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    connections.settings["other"] = {**connection.settings_dict, "NAME": name}
    try:
        yield "other"
    finally:
        connections["other"].close()
        del connections["other"], connections.settings["other"]
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}"')


def url_of(name: str) -> str:
    """Return the DATABASE_URL of a database on the server of the tests."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def _connect_to_server() -> Connection[Any]:
    parameters = {**connection.get_connection_params(), "dbname": "postgres"}
    return Connection.connect(**parameters, autocommit=True)


def _free_number(server: Connection[Any]) -> int:
    """Return a number, from 1, that no other process uses until `server` is closed."""
    for number in itertools.count(1):
        row = server.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCKS, number]).fetchone()
        if row and row[0]:
            return number
    raise AssertionError


def _template(server: Connection[Any], *, recreate: bool) -> str:
    """Return the name of the template; create it if it is missing or if `recreate`."""
    wanted = _PREFIX + _digest()
    query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
    existing = {name for (name,) in server.execute(query, [_PREFIX])}
    if wanted in existing and not recreate:
        return wanted
    for name in existing:
        _drop(server, name)
    # Rename it last, so that a template whose migrations were interrupted is never used.
    unfinished = f"{_PREFIX}unfinished"
    connection.settings_dict["TEST"]["NAME"] = unfinished
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    server.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
            sql.Identifier(unfinished), sql.Identifier(wanted)
        )
    )
    return wanted


def _drop(server: Connection[Any], name: str) -> None:
    """Drop a database if it exists, even if a killed process left connections to it."""
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def _digest() -> str:
    """Return a digest of everything that a migrated database depends on."""
    digest = hashlib.sha256(" ".join(settings.INSTALLED_APPS).encode())
    for path in sorted(sources()):
        digest.update(b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def sources() -> set[Path]:
    """Return all migrations, our modules that they import, what follows them, and all packages."""
    folders = [Path(app.path) / "migrations" for app in apps.get_app_configs()]
    every = [path for folder in folders for path in folder.rglob("*")]
    files = {path for path in every if path.suffix in (".py", ".sql")}
    ours = [path for path in files if path.suffix == ".py" and _is_ours(path)]
    imported = {module for path in ours for module in _imports(path)}
    followed_by = {Path(search_path.__file__), Path(kept_indexes.__file__)}
    return files | imported | followed_by | {settings.BASE_DIR / "requirements.txt"}


def _imports(path: Path) -> Iterator[Path]:
    """Yield the files of our modules that a file imports."""
    for node in ast.parse(path.read_bytes()).body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        for found in filter(None, map(importlib.util.find_spec, names)):
            if found.origin and _is_ours(Path(found.origin)):
                yield Path(found.origin)


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(settings.BASE_DIR) and "site-packages" not in path.parts
