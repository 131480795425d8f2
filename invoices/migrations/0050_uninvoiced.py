"""Store months with usage and without an invoice, kept by a job from what triggers record."""

import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0030_failed_mail"),
        ("organizations", "0011_time_zones"),
    ]

    operations = [
        migrations.CreateModel(
            name="CountedMonths",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="counted_months",
                        serialize=False,
                        to="organizations.organization",
                    ),
                ),
                ("until", models.DateField()),
            ],
            options={
                "verbose_name": "months counted",
                "verbose_name_plural": "months counted",
            },
        ),
        migrations.CreateModel(
            name="UninvoicedMonth",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("currency_number", models.PositiveSmallIntegerField()),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=4, max_digits=20, verbose_name="amount before tax"
                    ),
                ),
                ("unpriced", models.PositiveIntegerField()),
                ("is_blocked", models.BooleanField(verbose_name="blocked")),
                (
                    "blockers",
                    models.JSONField(
                        default=list, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                ("as_of", models.DateTimeField(verbose_name="as of")),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uninvoiced_months",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "month without an invoice",
                "verbose_name_plural": "months without an invoice",
                "ordering": ("-month", "organization", "currency"),
                "indexes": [
                    models.Index(
                        fields=["month", "is_blocked"], name="invoices_uninvoiced_of_month"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "month", "currency"), name="invoices_uninvoiced_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)),
                        name="invoices_uninvoiced_whole_month",
                    ),
                ],
            },
        ),
        create_functions(__file__, "0050_uninvoiced.sql"),
    ]
