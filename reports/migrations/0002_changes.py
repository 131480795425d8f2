"""Record what changes revenue, and all usage so far, to be calculated.

A trigger is created on invoices_recheck, which is locked for an instant.
"""

from django.db import migrations

from foundation.audit.sql_files import create_functions

# The past of an installation that is upgraded.
_RECORD_ALL = """
    INSERT INTO reports_changeddates (organization_id, from_on)
    SELECT organization_id, min(started_at)::date - 1 FROM usage_usageinterval
    GROUP BY organization_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_initial"),
        ("invoices", "0020_differences"),
        ("usage", "0001_initial"),
    ]

    operations = [
        create_functions(__file__, "0002_changes.sql"),
        migrations.RunSQL(_RECORD_ALL, migrations.RunSQL.noop),
    ]
