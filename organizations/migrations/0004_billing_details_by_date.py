"""Remove the billing details and the tax from organizations, which 0003 has copied.

Removing columns locks the table for an instant only: PostgreSQL does not rewrite it.
"""

from django.db import migrations

from foundation.audit.sql_files import create_functions, read_sql

MOVED = (
    "billing_name",
    "billing_street",
    "billing_postal_code",
    "billing_city",
    "billing_country",
    "billing_tax_id",
    "tax_category",
    "tax_rate",
)
CONSTRAINTS = (
    "organizations_billing_country_code",
    "organizations_tax_category_known",
    "organizations_tax_rate_of_standard",
)


class Migration(migrations.Migration):
    dependencies = [("organizations", "0003_copy_billing_details")]

    operations = [
        *(migrations.RemoveConstraint("organization", name) for name in CONSTRAINTS),
        *(
            migrations.RemoveField(model, name)
            for model in ("organization", "organizationevent")
            for name in MOVED
        ),
        migrations.RunSQL(
            read_sql(__file__, "0004_organizations.sql"),
            read_sql(__file__, "0004_organizations_back.sql"),
        ),
        create_functions(__file__, "0004_billing_details.sql"),
    ]
