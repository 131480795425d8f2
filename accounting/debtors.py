"""Debtor numbers that are given to one organization and would be counted for another."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

# As the triggers do: migrations/sql/0010_debtor_numbers.sql.
_SAME = """
    SELECT given.debtor_number, given.title, counted.title
    FROM organizations_organization AS given
    JOIN organizations_organization AS counted
        ON counted.id = CASE
            WHEN given.debtor_number ~ '^[1-9][0-9]{0,17}$'
            THEN given.debtor_number::bigint - %s + 1
        END
    WHERE given.debtor_number IS NOT NULL AND counted.debtor_number IS NULL
    ORDER BY counted.id LIMIT 1
"""


class Same(NamedTuple):
    """A number, the title of whom it is given to, and that of whom it would be counted for."""

    number: str
    given_to: str
    counted_for: str


def same_debtor(first: int) -> Same | None:
    """Return a number that two organizations would have if numbers are counted from `first` on."""
    with connection.cursor() as cursor:
        cursor.execute(_SAME, [first])
        row = cursor.fetchone()
    return Same(*row) if row else None
