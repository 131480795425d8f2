"""Keep how many organizations and cameras use each tariff plan.

Migrations of organizations and usage count them.
"""

from django.db import migrations, models
from django.db.models import DO_NOTHING


class Migration(migrations.Migration):
    dependencies = [("tariffs", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="TariffTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "tariff",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=DO_NOTHING,
                        related_name="tallies",
                        to="tariffs.tariff",
                    ),
                ),
                ("organizations", models.BigIntegerField(db_default=0, default=0)),
                ("cameras", models.BigIntegerField(db_default=0, default=0)),
            ],
            options={
                "verbose_name": "tally of a tariff plan",
                "verbose_name_plural": "tallies of tariff plans",
            },
        ),
    ]
