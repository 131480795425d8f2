"""Keep the sums of months without an invoice that Home shows.

The table is locked while its rows are counted, which takes about a second for a million.
"""

from django.db import migrations, models

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [("invoices", "0067_run_schedules")]

    operations = [
        migrations.CreateModel(
            name="UninvoicedTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("months", models.BigIntegerField()),
                ("amount", models.DecimalField(decimal_places=4, max_digits=30)),
                ("organizations", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "tally of months without an invoice",
                "verbose_name_plural": "tallies of months without an invoice",
            },
        ),
        create_functions(__file__, "0068_uninvoiced_tallies.sql"),
        migrations.RunSQL("SELECT invoices_recount_uninvoiced()", migrations.RunSQL.noop),
    ]
