"""Add the last day of contracts, and record it with other changes of organizations.

The column is added without rewriting the table. The check reads it once, which takes less than a
second for a million organizations.
"""

from django.db import migrations, models
from django.db.models import F, Q

from foundation.audit.sql_files import read_sql


class Migration(migrations.Migration):
    dependencies = [("organizations", "0034_agreements")]

    operations = [
        *(
            migrations.AddField(
                model,
                "contract_last_on",
                models.DateField(blank=True, null=True, verbose_name="last day of the contract"),
            )
            for model in ("organization", "organizationevent")
        ),
        migrations.RunSQL(
            read_sql(__file__, "0036_contract_end.sql"),
            read_sql(__file__, "0033_attach_charges.sql"),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=Q(contract_signed_on=None)
                | Q(contract_last_on=None)
                | Q(contract_last_on__gte=F("contract_signed_on")),
                name="organizations_contract_in_order",
                violation_error_message=(
                    "The last day of the contract is before the contract date. Correct one of them."
                ),
            ),
        ),
    ]
