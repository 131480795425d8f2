"""Refuse one-off charges that are dated after their organization was closed."""

from django.db import migrations

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [("organizations", "0050_agreed_kinds")]

    operations = [create_functions(__file__, "0055_charges_before_closing.sql")]
