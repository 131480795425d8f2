"""Compare invoices from a day earlier where a partnership begins, ends or changes.

Each partnership adds one row, and a job compares the invoices of its partner since it began.
"""

from django.db import migrations

from foundation.audit.sql_files import read_sql


class Migration(migrations.Migration):
    dependencies = [("invoices", "0094_issued_together")]

    operations = [
        migrations.RunSQL(
            read_sql(__file__, "0096_partners_in_other_zones.sql"),
            read_sql(__file__, "0096_partners_in_other_zones_back.sql"),
        )
    ]
