"""A database of an earlier version is recognized and left unchanged."""

from typing import ClassVar

import pytest
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from local_run.migration_history import UnknownHistoryError, require_known_history

pytestmark = pytest.mark.django_db


def record(*migrations: tuple[str, str]) -> None:
    """Record migrations as an earlier version would have."""
    for app, name in migrations:
        MigrationRecorder(connection).record_applied(app, name)


def forget(app: str) -> None:
    """Delete all records of an app's migrations."""
    MigrationRecorder.Migration.objects.filter(app=app).delete()


def test_a_database_of_this_version_is_known() -> None:
    require_known_history(embedded=True)


def test_an_empty_database_is_known() -> None:
    MigrationRecorder.Migration.objects.all().delete()

    require_known_history(embedded=True)


def test_a_recorded_migration_that_no_longer_exists_is_named() -> None:
    record(("tariffs", "0009_gone"))

    with pytest.raises(
        UnknownHistoryError, match=r"no longer exist: tariffs\.0009_gone\. Nothing was"
    ) as refusal:
        require_known_history(embedded=True)

    assert "run make reset" in str(refusal.value)


def test_at_most_three_missing_migrations_are_named() -> None:
    record(*(("accounts", f"0{number}_gone") for number in range(901, 906)))

    with pytest.raises(UnknownHistoryError, match=r"accounts\.0903_gone and 2 more"):
        require_known_history(embedded=True)


def test_the_refusal_does_not_offer_to_delete_a_database_in_database_url() -> None:
    record(("usage", "0900_gone"))

    with pytest.raises(UnknownHistoryError, match="which is never deleted from here") as refusal:
        require_known_history(embedded=False)

    assert "make reset" not in str(refusal.value)


def test_migrations_of_other_packages_and_unknown_apps_are_ignored() -> None:
    record(("auth", "0900_gone"), ("account", "0900_gone"), ("elsewhere", "0001_initial"))

    require_known_history(embedded=True)


def test_a_migration_recorded_without_its_dependency_is_refused() -> None:
    forget("tariffs")

    with pytest.raises(UnknownHistoryError, match="is applied before its dependency tariffs"):
        require_known_history(embedded=True)


class Squashed(Migration):
    """A migration that replaces another."""

    replaces: ClassVar = [("tariffs", "0901_gone")]


@pytest.fixture
def squashed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add it to the migrations on disk."""
    load_disk = MigrationLoader.load_disk

    def load_disk_with_it(loader: MigrationLoader) -> None:
        load_disk(loader)
        loader.disk_migrations["tariffs", "0900_squashed"] = Squashed("0900_squashed", "tariffs")

    monkeypatch.setattr(MigrationLoader, "load_disk", load_disk_with_it)


@pytest.mark.usefixtures("squashed")
def test_a_replaced_migration_is_known() -> None:
    record(("tariffs", "0901_gone"))

    require_known_history(embedded=True)
