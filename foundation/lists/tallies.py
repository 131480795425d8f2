"""Counts and sums that lists show, kept as rows that are only added and folded together.

A trigger adds a row for each change, so that no transaction waits for another one, as it would for
a counter in one row. Readers add the rows up. Now and then a job folds them.
"""

from django.db import connection, models

# Adding up so many rows takes less than a millisecond.
MOST_ROWS = 1_000


class Tally(models.Model):
    """A row of sums, named by `SUMS`; all its other columns say of what they are."""

    SUMS: tuple[str, ...]

    class Meta:
        abstract = True

    @classmethod
    def fold(cls) -> None:
        """Add up the rows of the same things, if there are many."""
        if cls._default_manager.count() > MOST_ROWS:
            with connection.cursor() as cursor:
                cursor.execute(cls._fold_sql())

    @classmethod
    def _fold_sql(cls) -> str:
        # One statement, so that everyone sees the rows before or after it. Rows that another
        # statement is folding are left out.
        table = cls._meta.db_table
        columns = [str(each.column) for each in cls._meta.concrete_fields if not each.primary_key]
        keys = ", ".join(column for column in columns if column not in cls.SUMS)
        sums = ", ".join(f"sum({column})" for column in cls.SUMS)
        is_something = " OR ".join(f"sum({column}) <> 0" for column in cls.SUMS)
        return f"""
            WITH taken AS (
                DELETE FROM {table} WHERE id IN (SELECT id FROM {table} FOR UPDATE SKIP LOCKED)
                RETURNING *
            )
            INSERT INTO {table} ({keys}, {", ".join(cls.SUMS)})
            SELECT {keys}, {sums} FROM taken GROUP BY {keys} HAVING {is_something}
        """
