"""Create the function by which searches ask an index, whichever kind it is."""

from django.db import migrations

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [create_functions(__file__, "0003_has_pieces.sql")]
