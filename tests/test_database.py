"""The template database is recreated when something that migrations depend on changes."""

import inspect
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from foundation.lists.search import Words
from foundation.search_path import fix_search_path
from tests.database import sources


def test_it_depends_on_every_migration() -> None:
    loader = MigrationLoader(None)
    modules = {Path(inspect.getfile(type(each))) for each in loader.disk_migrations.values()}

    assert modules
    assert modules <= sources()


def test_it_depends_on_imports_of_migrations_and_on_packages() -> None:
    helper = inspect.getsourcefile(Words)

    assert helper
    assert {Path(helper), settings.BASE_DIR / "requirements.txt"} <= sources()


def test_it_depends_on_what_follows_migrations() -> None:
    assert Path(inspect.getfile(fix_search_path)) in sources()


@pytest.mark.django_db
def test_a_copy_has_all_migrations() -> None:
    loader = MigrationLoader(connection)

    assert set(loader.applied_migrations) >= set(loader.disk_migrations)
