"""Store what a connected platform was told of suspensions, and find those that are not over."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0036_contract_end")]

    operations = [
        migrations.CreateModel(
            name="PlatformSuspension",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="platform_suspension",
                        serialize=False,
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                ("told_at", models.DateTimeField(verbose_name="told at")),
            ],
            options={
                "verbose_name": "suspension on the platform",
                "verbose_name_plural": "suspensions on the platform",
            },
        ),
        migrations.AddIndex(
            model_name="suspension",
            index=models.Index(fields=["last_on"], name="organizations_suspension_ends"),
        ),
    ]
