"""Allocate each existing payment to its invoice; what exceeds the invoice is left on account.

Dates, amounts, balances and states stay what they were. For three million payments it takes some
minutes, in which payments cannot be recorded.
"""

from django.db import migrations

from foundation.audit.sql_files import read_sql


class Migration(migrations.Migration):
    dependencies = [("payments", "0100_on_account")]

    operations = [
        migrations.RunSQL(
            read_sql(__file__, "0101_allocate_payments.sql"),
            read_sql(__file__, "0101_allocate_payments_back.sql"),
        ),
    ]
