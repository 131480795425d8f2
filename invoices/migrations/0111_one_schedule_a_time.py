"""Let no two scheduled runs have the same day and time."""

from django.db import migrations, models

from foundation.audit.sql_files import read_sql


class Migration(migrations.Migration):
    dependencies = [("invoices", "0110_use_credit")]

    operations = [
        migrations.RunSQL(
            read_sql(__file__, "0111_one_schedule_a_time.sql"), migrations.RunSQL.noop
        ),
        migrations.AddConstraint(
            model_name="runschedule",
            constraint=models.UniqueConstraint(
                fields=("day", "at"), name="invoices_one_schedule_a_time"
            ),
        ),
    ]
