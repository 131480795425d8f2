"""Create the table of volume steps, with its events."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import pghistory.utils
from django.db import migrations, models

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [
        ("tariffs", "0002_tallies"),
    ]

    operations = [
        migrations.CreateModel(
            name="VolumeStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "camera_months",
                    models.DecimalField(
                        decimal_places=6,
                        max_digits=16,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.000001"))],
                        verbose_name="from camera-months",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="monthly price",
                    ),
                ),
                (
                    "price",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="tariffs.tariffprice",
                        verbose_name="price version",
                    ),
                ),
            ],
            options={
                "verbose_name": "volume step",
                "verbose_name_plural": "volume steps",
                "ordering": ("price", "camera_months"),
            },
        ),
        migrations.CreateModel(
            name="VolumeStepEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "camera_months",
                    models.DecimalField(
                        decimal_places=6,
                        max_digits=16,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.000001"))],
                        verbose_name="from camera-months",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="monthly price",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tariffs.volumestep",
                    ),
                ),
                (
                    "price",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="tariffs.tariffprice",
                        verbose_name="price version",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="volumestep",
            constraint=models.UniqueConstraint(
                fields=("price", "camera_months"), name="tariffs_step_one_a_bound"
            ),
        ),
        migrations.AddConstraint(
            model_name="volumestep",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0), ("camera_months__gt", 0)),
                name="tariffs_step_in_bounds",
            ),
        ),
        migrations.AddIndex(
            model_name="volumestepevent",
            index=models.Index(fields=["price"], name="tariffs_vol_price_i_03fdac_idx"),
        ),
        create_functions(__file__, "0003_volume_steps.sql"),
    ]
