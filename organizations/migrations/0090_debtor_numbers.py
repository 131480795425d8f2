"""Add debtor numbers of organizations, which an accounting program has given them.

The column is added without rewriting the table. Its checks read the table once: less than a second
for 100,000 organizations, in which none can be changed.
"""

from django.db import migrations, models
from django.db.models import Deferrable, Q

from foundation.audit.sql_files import read_sql


class Migration(migrations.Migration):
    dependencies = [("organizations", "0080_reminders_to_contacts")]

    operations = [
        *(
            migrations.AddField(
                model,
                "debtor_number",
                models.CharField(
                    blank=True, max_length=20, null=True, verbose_name="debtor number"
                ),
            )
            for model in ("organization", "organizationevent")
        ),
        migrations.AddConstraint(
            "organization",
            models.UniqueConstraint(
                fields=("debtor_number",),
                name="organizations_debtor_unique",
                deferrable=Deferrable.IMMEDIATE,
            ),
        ),
        migrations.AddConstraint(
            "organization",
            models.CheckConstraint(
                condition=~Q(debtor_number=""), name="organizations_debtor_not_empty"
            ),
        ),
        migrations.RunSQL(
            read_sql(__file__, "0090_debtor_numbers.sql"),
            read_sql(__file__, "0036_contract_end.sql"),
        ),
    ]
