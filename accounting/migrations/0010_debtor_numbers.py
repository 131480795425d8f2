"""Refuse a debtor number that is given to one organization and counted for another."""

from django.db import migrations

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [
        ("accounting", "0001_initial"),
        ("organizations", "0090_debtor_numbers"),
    ]

    operations = [create_functions(__file__, "0010_debtor_numbers.sql")]
