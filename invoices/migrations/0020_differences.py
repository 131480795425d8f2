"""Create the tables of differences between invoices and statements, and what fills them.

Triggers record what may differ from now on. They are created on the tables of usage, prices and
organizations, each of which is locked for an instant. Invoices issued so far are not compared
until something within their period changes.
"""

import django.db.models.deletion
from django.db import migrations, models

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0011_instants"),
        ("organizations", "0011_time_zones"),
        ("tariffs", "0001_initial"),
        ("usage", "0020_closing"),
    ]

    operations = [
        migrations.CreateModel(
            name="InvoiceDifference",
            fields=[
                (
                    "invoice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="difference",
                        serialize=False,
                        to="invoices.invoice",
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "amount",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="difference"),
                ),
                ("cameras", models.PositiveIntegerField(verbose_name="cameras")),
                ("unpriced", models.PositiveIntegerField()),
                ("checked_at", models.DateTimeField(verbose_name="checked at")),
            ],
            options={
                "verbose_name": "difference of an invoice",
                "verbose_name_plural": "differences of invoices",
            },
        ),
        migrations.CreateModel(
            name="Recheck",
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
                "verbose_name": "check of invoices",
                "verbose_name_plural": "checks of invoices",
            },
        ),
        migrations.CreateModel(
            name="LateUsage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "amount",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="amount"),
                ),
                ("unpriced", models.PositiveIntegerField()),
                ("found_at", models.DateTimeField(verbose_name="found at")),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="late_usage",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "usage without an invoice",
                "verbose_name_plural": "usage without an invoice",
                "ordering": ("-month", "organization", "currency"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "month", "currency"), name="invoices_late_usage_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)),
                        name="invoices_late_usage_of_a_whole_month",
                    ),
                ],
            },
        ),
        create_functions(__file__, "0020_rechecks.sql"),
    ]
