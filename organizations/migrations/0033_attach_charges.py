"""Add whether charges are attached to emails, and record it with other changes of organizations."""

from typing import Any

from django.db import migrations, models

from foundation.audit.sql_files import read_sql

# With a default in the database, no row is rewritten: each table is locked for a moment.
ATTACH_CHARGES: dict[str, Any] = {
    "name": "attach_charges",
    "field": models.BooleanField(
        db_default=False, default=False, verbose_name="attach the charges of each camera"
    ),
}


class Migration(migrations.Migration):
    dependencies = [("organizations", "0032_contact_email")]

    operations = [
        migrations.AddField("organization", **ATTACH_CHARGES),
        migrations.AddField("organizationevent", **ATTACH_CHARGES),
        migrations.RunSQL(
            read_sql(__file__, "0033_attach_charges.sql"),
            read_sql(__file__, "0011_time_zones.sql"),
        ),
    ]
