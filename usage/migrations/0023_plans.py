"""Make trigger functions independent of what their connection did before."""

from django.db import migrations

from foundation.audit.sql_files import read_sql


class Migration(migrations.Migration):
    dependencies = [("usage", "0022_tariff_tallies")]

    operations = [
        migrations.RunSQL(
            read_sql(__file__, "0023_plans.sql"), read_sql(__file__, "0023_plans_back.sql")
        )
    ]
