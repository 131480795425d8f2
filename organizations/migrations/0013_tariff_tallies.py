"""Tally the organizations of each tariff plan; a migration of usage counts what is there."""

from django.db import migrations

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [("organizations", "0012_search_text"), ("tariffs", "0002_tallies")]

    operations = [create_functions(__file__, "0013_tariff_tallies.sql")]
