"""Refuse to close an organization before one-off charges that are not invoiced yet."""

from django.db import migrations

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0087_newest_uninvoiced"),
        ("organizations", "0055_charges_before_closing"),
    ]

    operations = [create_functions(__file__, "0090_closing_after_charges.sql")]
