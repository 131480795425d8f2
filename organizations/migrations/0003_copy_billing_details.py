"""Copy the billing details and taxes of organizations, with their history, to their own tables.

This reads each organization and its events once. It is a migration of its own, because PostgreSQL
does not change tables in a transaction that has changed rows of them.

Backwards, an organization gets the details that apply today back, but its earlier events do not.
"""

from django.db import migrations

from foundation.audit.sql_files import read_sql


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_taxes")]

    operations = [
        migrations.RunSQL(
            read_sql(__file__, "0003_copy.sql"), read_sql(__file__, "0003_copy_back.sql")
        )
    ]
