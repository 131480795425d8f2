"""Keep the progress of invoice runs."""

from django.db import migrations, models
from django.db.models import DO_NOTHING

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [("invoices", "0028_tallies")]

    operations = [
        migrations.CreateModel(
            name="RunTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=DO_NOTHING,
                        related_name="tallies",
                        to="invoices.invoicerun",
                    ),
                ),
                ("state", models.CharField(max_length=7)),
                ("items", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "tally of an invoice run",
                "verbose_name_plural": "tallies of invoice runs",
            },
        ),
        create_functions(__file__, "0029_run_tallies.sql"),
        migrations.RunSQL("SELECT invoices_recount_runs()", migrations.RunSQL.noop),
    ]
