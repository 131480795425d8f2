"""Record what changes the charges of partners: their customers, and what these use.

A trigger is created on invoices_recheck, which is locked for an instant.
"""

from django.db import migrations

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0076_invoiced_charges"),
        ("organizations", "0045_partners"),
    ]

    operations = [create_functions(__file__, "0085_partners.sql")]
