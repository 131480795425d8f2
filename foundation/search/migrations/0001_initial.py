"""Create the functions that fold texts and cut them into pieces for an index."""

from django.db import migrations

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [create_functions(__file__, "0001_functions.sql")]
