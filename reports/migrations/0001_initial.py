"""Create the tables of stored figures."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organizations", "0001_initial"),
        ("tariffs", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangedMonth",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
            ],
            options={
                "verbose_name": "changed month",
                "verbose_name_plural": "changed months",
            },
        ),
        migrations.CreateModel(
            name="ChangedDates",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of revenue",
                "verbose_name_plural": "changes of revenue",
            },
        ),
        migrations.CreateModel(
            name="MonthSum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "amount",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="amount"),
                ),
                (
                    "so_far",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="so far"),
                ),
                ("new", models.DecimalField(decimal_places=4, max_digits=20, verbose_name="new")),
                (
                    "expansion",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="expansion"),
                ),
                (
                    "contraction",
                    models.DecimalField(
                        decimal_places=4, max_digits=20, verbose_name="contraction"
                    ),
                ),
                (
                    "churn",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="churn"),
                ),
                ("organizations", models.PositiveIntegerField()),
                ("unpriced", models.PositiveIntegerField()),
                ("oldest_at", models.DateTimeField()),
                ("summed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "sum of a month",
                "verbose_name_plural": "sums of months",
                "constraints": [
                    models.UniqueConstraint(fields=("month", "currency"), name="reports_sum_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="CameraDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("cameras", models.PositiveIntegerField()),
                ("counted_at", models.DateTimeField()),
                (
                    "tariff",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tariffs.tariff",
                    ),
                ),
            ],
            options={
                "verbose_name": "cameras of a day",
                "verbose_name_plural": "cameras of days",
                "constraints": [
                    models.UniqueConstraint(fields=("day", "tariff"), name="reports_cameras_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthlyRevenue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "amount",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="amount"),
                ),
                (
                    "so_far",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="so far"),
                ),
                ("unpriced", models.PositiveIntegerField()),
                ("computed_at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "revenue of a month",
                "verbose_name_plural": "revenue of months",
                "indexes": [
                    models.Index(
                        fields=["month", "currency", "organization"],
                        include=("amount", "so_far", "unpriced", "computed_at"),
                        name="reports_revenue_of_month",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "month", "currency"), name="reports_revenue_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gte", 0), ("month__day", 1), ("so_far__gte", 0)
                        ),
                        name="reports_revenue_of_a_whole_month",
                    ),
                ],
            },
        ),
    ]
