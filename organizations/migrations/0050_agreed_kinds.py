"""Note which kinds of terms each organization has, so that statements look only for these.

Tables of terms are locked against changes until their kinds are noted: a second for a million terms.
"""

import django.db.models.deletion
from django.db import migrations, models

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [("organizations", "0046_more_letters")]

    operations = [
        migrations.CreateModel(
            name="AgreedKind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreed_kinds",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "kind"], name="organizations_agreed_kinds")
                ],
            },
        ),
        create_functions(__file__, "0050_agreed_kinds.sql"),
    ]
