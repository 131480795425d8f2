"""Open the items of new invoices once per statement: a run stores invoices by the hundred."""

from django.db import migrations

from foundation.audit.sql_files import read_sql


class Migration(migrations.Migration):
    dependencies = (("invoices", "0021_corrections"),)

    operations = (
        migrations.RunSQL(
            read_sql(__file__, "0022_open_items.sql"),
            read_sql(__file__, "0022_open_items_back.sql"),
        ),
    )
