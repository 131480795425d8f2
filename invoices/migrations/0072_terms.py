"""Record changes of terms and volume steps, to check invoices, months without one, and revenue.

Triggers are created on the tables of terms and steps, each of which is locked for an instant.
"""

from django.db import migrations

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0071_suspended_are_charged"),
        ("organizations", "0034_agreements"),
        ("tariffs", "0003_volume_steps"),
    ]

    operations = [create_functions(__file__, "0072_terms.sql")]
