"""Look once a statement for what new invoices include, instead of once an invoice.

Replacing the triggers locks the table of invoiced periods for a moment.
"""

from django.db import migrations

from foundation.audit.sql_files import read_sql


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0090_closing_after_charges"),
    ]

    operations = [
        migrations.RunSQL(
            read_sql(__file__, "0094_issued_together.sql"),
            read_sql(__file__, "0094_issued_together_back.sql"),
        )
    ]
