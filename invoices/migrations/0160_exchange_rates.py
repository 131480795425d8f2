"""Store exchange rates, with events, and the tax of documents in the provider's own currency.

The column of invoices has no default, so it is added at once, however many invoices there are.
"""

from __future__ import annotations

from typing import Any

import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import pghistory.utils
from django.db import migrations, models
from django.db.models.functions import Greatest, Least

from foundation.audit.sql_files import create_functions, read_sql

RATE: list[tuple[str, models.Field[Any, Any]]] = [
    ("base", models.CharField(max_length=3, verbose_name="one unit of")),
    ("currency", models.CharField(max_length=3, verbose_name="in")),
    ("day", models.DateField(verbose_name="date")),
    ("rate", models.DecimalField(decimal_places=10, max_digits=20, verbose_name="rate")),
    ("source", models.CharField(max_length=100, verbose_name="source")),
]
RATE_DATES = [
    ("issued", "date of the invoice"),
    ("day_before_issued", "day before the date of the invoice"),
    ("period_end", "last day of the period"),
    ("day_before_period_end", "day before the last day of the period"),
]
OF_PROVIDER: dict[str, models.Field[Any, Any]] = {
    "accounting_currency": models.CharField(
        blank=True, db_default="", default="", max_length=3, verbose_name="accounting currency"
    ),
    "rate_date": models.CharField(
        choices=RATE_DATES,
        db_default="issued",
        default="issued",
        max_length=21,
        verbose_name="exchange rate of",
    ),
    "rate_days": models.PositiveSmallIntegerField(
        db_default=7,
        default=7,
        validators=[django.core.validators.MaxValueValidator(31)],
        verbose_name="oldest exchange rate (days)",
    ),
}


class Migration(migrations.Migration):
    dependencies = [("invoices", "0140_terms")]

    operations = [
        migrations.CreateModel(
            name="ExchangeRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                *RATE,
            ],
            options={
                "verbose_name": "exchange rate",
                "verbose_name_plural": "exchange rates",
                "ordering": ("-day", "base", "currency"),
                "indexes": [
                    models.Index(fields=["-day", "base", "currency"], name="invoices_rates_newest")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("day"),
                        Least("base", "currency"),
                        Greatest("base", "currency"),
                        name="invoices_one_rate_a_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("base__regex", "^[A-Z]{3}$"),
                            ("currency__regex", "^[A-Z]{3}$"),
                            models.Q(("base", models.F("currency")), _negated=True),
                        ),
                        name="invoices_rate_of_two_currencies",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rate__gt", 0)), name="invoices_rate_above_0"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExchangeRateEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                *RATE,
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="invoices.exchangerate",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        create_functions(__file__, "0160_rates_audit.sql"),
        migrations.AddField(
            "invoice",
            "accounting_tax",
            models.JSONField(
                blank=True, encoder=django.core.serializers.json.DjangoJSONEncoder, null=True
            ),
        ),
        *(
            migrations.AddField(model, name, field)
            for model in ("provider", "providerevent")
            for name, field in OF_PROVIDER.items()
        ),
        migrations.AddConstraint(
            "provider",
            models.CheckConstraint(
                condition=models.Q(
                    ("rate_date__in", [value for value, _name in RATE_DATES]),
                    ("rate_days__lte", 31),
                ),
                name="invoices_provider_rates",
            ),
        ),
        migrations.RunSQL(
            read_sql(__file__, "0160_provider_rates.sql"),
            read_sql(__file__, "0130_einvoices.sql"),
        ),
    ]
