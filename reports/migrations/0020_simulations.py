"""Create the tables of simulations."""

import uuid

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0034_agreements"),
        ("reports", "0002_changes"),
        ("tariffs", "0003_volume_steps"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Simulation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("asked_at", models.DateTimeField(db_index=True, verbose_name="requested at")),
                ("change", models.JSONField()),
                ("period_from", models.DateField()),
                ("period_until", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "In progress"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("total", models.PositiveIntegerField(null=True)),
                ("done", models.PositiveIntegerField(default=0)),
                ("after_id", models.BigIntegerField(default=0)),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "tariff",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tariffs.tariff",
                    ),
                ),
            ],
            options={
                "verbose_name": "simulation",
                "verbose_name_plural": "simulations",
                "ordering": ("-asked_at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="SimulatedSum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("organizations", models.PositiveIntegerField(default=0)),
                ("affected", models.PositiveIntegerField(default=0)),
                ("cameras", models.PositiveBigIntegerField(default=0)),
                ("before", models.DecimalField(decimal_places=4, default=0, max_digits=24)),
                ("after", models.DecimalField(decimal_places=4, default=0, max_digits=24)),
                (
                    "simulation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sums",
                        to="reports.simulation",
                    ),
                ),
            ],
            options={
                "verbose_name": "sum of a simulation",
                "verbose_name_plural": "sums of simulations",
                "ordering": ("currency",),
            },
        ),
        migrations.CreateModel(
            name="SimulatedCost",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("cameras", models.PositiveIntegerField(verbose_name="cameras that differ")),
                (
                    "before",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="now"),
                ),
                (
                    "after",
                    models.DecimalField(
                        decimal_places=4, max_digits=20, verbose_name="with the change"
                    ),
                ),
                (
                    "difference",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            models.F("after"), "-", models.F("before")
                        ),
                        output_field=models.DecimalField(
                            decimal_places=4, max_digits=20, verbose_name=""
                        ),
                    ),
                ),
                ("is_incomplete", models.BooleanField()),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "simulation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="costs",
                        to="reports.simulation",
                    ),
                ),
            ],
            options={
                "verbose_name": "result of a simulation",
                "verbose_name_plural": "results of simulations",
            },
        ),
        migrations.AddConstraint(
            model_name="simulation",
            constraint=models.CheckConstraint(
                condition=models.Q(("period_until__gt", models.F("period_from"))),
                name="reports_simulation_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="simulatedsum",
            constraint=models.UniqueConstraint(
                fields=("simulation", "currency"), name="reports_one_sum"
            ),
        ),
        migrations.AddIndex(
            model_name="simulatedcost",
            index=models.Index(
                models.F("simulation"),
                models.OrderBy(django.db.models.functions.math.Abs("difference"), descending=True),
                models.F("id"),
                name="reports_by_difference",
            ),
        ),
        migrations.AddConstraint(
            model_name="simulatedcost",
            constraint=models.UniqueConstraint(
                fields=("simulation", "organization", "currency"), name="reports_one_cost"
            ),
        ),
    ]
