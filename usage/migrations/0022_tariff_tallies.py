"""Tally the cameras in use of each tariff plan, and count what is there."""

from django.db import migrations

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [("organizations", "0013_tariff_tallies"), ("usage", "0021_search")]

    operations = [
        create_functions(__file__, "0022_tariff_tallies.sql"),
        migrations.RunSQL("SELECT usage_recount_tariffs()", migrations.RunSQL.noop),
    ]
