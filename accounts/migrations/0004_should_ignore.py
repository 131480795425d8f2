"""Make the check that every trigger begins with cheap, however many rows a statement changes."""

from django.db import migrations

from foundation.audit.sql_files import read_sql


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_search")]

    operations = [
        migrations.RunSQL(
            read_sql(__file__, "0004_should_ignore.sql"),
            read_sql(__file__, "0004_should_ignore_back.sql"),
        )
    ]
