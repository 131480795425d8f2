"""Create the tables of tariff plans and of their prices by date, with their events."""

from typing import Any

from django.core.validators import MinValueValidator
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Upper
from pghistory.utils import JSONField

from foundation.audit.sql_files import create_functions
from tariffs.currencies import currency_choices

ID = (
    "id",
    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
)
# The columns of every table of events; those of the row follow.
EVENT: list[Any] = [
    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
    ("pgh_label", models.TextField(help_text="The event label.")),
    ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
    ("pgh_context", JSONField(null=True)),
    ("id", models.BigIntegerField()),
]
# The columns that a table and its events share.
TARIFF: list[Any] = [
    ("name", models.CharField(max_length=100, verbose_name="name")),
    ("note", models.TextField(blank=True, max_length=2000, verbose_name="note")),
    ("currency", models.CharField(choices=currency_choices, max_length=3, verbose_name="currency")),
    (
        "proration",
        models.CharField(
            choices=[
                ("second", "by the second"),
                ("day", "by the day"),
                ("begun_day", "by the begun day"),
            ],
            default="second",
            max_length=9,
            verbose_name="proration",
        ),
    ),
    (
        "is_default",
        models.BooleanField(default=False, verbose_name="apply to new organizations by default"),
    ),
    ("dvr_depth_days", models.PositiveIntegerField(verbose_name="DVR depth, days")),
    ("dvr_space_gb", models.PositiveIntegerField(verbose_name="DVR space, GB")),
    ("has_anpr", models.BooleanField(default=False, verbose_name="ANPR")),
    ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
]
TARIFF_PRICE: list[Any] = [
    (
        "amount",
        models.DecimalField(
            decimal_places=4,
            max_digits=12,
            validators=[MinValueValidator(0)],
            verbose_name="monthly price",
        ),
    ),
    ("valid_from", models.DateField(verbose_name="valid from")),
]
# A foreign key as events copy it: what it points to may be gone.
COPIED_KEY: dict[str, Any] = {
    "db_constraint": False,
    "db_index": False,
    "on_delete": models.DO_NOTHING,
    "related_name": "+",
    "related_query_name": "+",
}
# What an event is of.
OBJECT_KEY: dict[str, Any] = {
    "db_constraint": False,
    "on_delete": models.DO_NOTHING,
    "related_name": "+",
}


class Migration(migrations.Migration):
    initial = True

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Tariff",
            fields=[
                ID,
                *TARIFF,
            ],
            options={
                "verbose_name": "tariff plan",
                "verbose_name_plural": "tariff plans",
                "ordering": ("name",),
                "constraints": [
                    models.UniqueConstraint(
                        Upper("name"),
                        name="tariffs_tariff_name_unique",
                        violation_error_message="A tariff plan with this name already exists.",
                    ),
                    models.CheckConstraint(
                        condition=Q(dvr_depth_days__gte=0, dvr_space_gb__gte=0),
                        name="tariffs_tariff_services_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=Q(proration__in=["second", "day", "begun_day"]),
                        name="tariffs_tariff_proration_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(currency__regex="^[A-Z]{3}$"),
                        name="tariffs_tariff_currency_code",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TariffEvent",
            fields=[
                *EVENT,
                *TARIFF,
                ("pgh_obj", models.ForeignKey("tariffs.tariff", **OBJECT_KEY)),
            ],
        ),
        migrations.CreateModel(
            name="TariffPrice",
            fields=[
                ID,
                *TARIFF_PRICE,
                (
                    "tariff",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="prices", to="tariffs.tariff"
                    ),
                ),
            ],
            options={
                "verbose_name": "price version",
                "verbose_name_plural": "price versions",
                "ordering": ("-valid_from",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tariff", "valid_from"), name="tariffs_price_one_a_date"
                    ),
                    models.CheckConstraint(
                        condition=Q(amount__gte=0), name="tariffs_price_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TariffPriceEvent",
            fields=[
                *EVENT,
                *TARIFF_PRICE,
                ("pgh_obj", models.ForeignKey("tariffs.tariffprice", **OBJECT_KEY)),
                ("tariff", models.ForeignKey("tariffs.tariff", **COPIED_KEY)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["tariff"], name="tariffs_tar_tariff__7ddc5b_idx"),
                ],
            },
        ),
        create_functions(__file__, "0001_triggers.sql"),
    ]
