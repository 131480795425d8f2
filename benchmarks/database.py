"""Create and drop a database for measuring; existing data is not touched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

NAME = "billing_benchmark"


@contextmanager
def empty_database() -> Iterator[None]:
    """Work in a new database with the product's tables and no rows; drop it at the end.

    It is created on the server of `DATABASE_URL`. If a killed run has left one, it is dropped
    first.
    """
    own_name = settings.DATABASES["default"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = NAME
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(own_name, verbosity=0)
