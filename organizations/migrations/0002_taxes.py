"""Create the tables of taxes, of their rates by date, and of billing details, with their events.

Billing details get their triggers in 0004, when 0003 has copied them together with their history.
"""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Upper
from pghistory.utils import JSONField

from foundation.audit.sql_files import create_functions
from organizations.countries import country_choices

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
TAX: list[Any] = [
    ("name", models.CharField(max_length=100, verbose_name="name")),
    (
        "category",
        models.CharField(
            choices=[
                ("S", "Standard rate"),
                ("Z", "Zero rate"),
                ("E", "Exempt from tax"),
                ("AE", "Reverse charge"),
                ("O", "Not subject to tax"),
                ("K", "Intra-EU supply"),
                ("G", "Export"),
            ],
            max_length=2,
            verbose_name="category",
        ),
    ),
    (
        "exemption_text",
        models.CharField(blank=True, max_length=200, verbose_name="reason for the exemption"),
    ),
    ("exemption_code", models.CharField(blank=True, max_length=40, verbose_name="VATEX code")),
    (
        "is_default",
        models.BooleanField(default=False, verbose_name="apply to new organizations by default"),
    ),
]
PERCENT: list[Any] = [
    (
        "percent",
        models.DecimalField(
            decimal_places=2,
            max_digits=5,
            validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(100)],
            verbose_name="rate, %",
        ),
    ),
    ("valid_from", models.DateField(verbose_name="valid from")),
]


def _text(length: int, name: str) -> Any:
    return models.CharField(
        blank=True, db_default="", default="", max_length=length, verbose_name=name
    )


DETAILS: list[Any] = [
    ("valid_from", models.DateField(blank=True, null=True, verbose_name="applies from")),
    ("name", _text(200, "legal name")),
    ("street", _text(200, "street address")),
    ("postal_code", _text(20, "postal code")),
    ("city", _text(100, "city")),
    (
        "country",
        models.CharField(
            blank=True,
            choices=country_choices,
            db_default="",
            default="",
            max_length=2,
            verbose_name="country",
        ),
    ),
    ("tax_number", _text(50, "tax ID")),
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
    dependencies = [("organizations", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Tax",
            fields=[ID, *TAX],
            options={
                "verbose_name": "tax",
                "verbose_name_plural": "taxes",
                "ordering": ("name",),
                "constraints": [
                    models.UniqueConstraint(
                        Upper("name"),
                        name="organizations_tax_name_unique",
                        violation_error_message="A tax with this name already exists.",
                    ),
                    models.UniqueConstraint(
                        fields=("is_default",),
                        condition=Q(is_default=True),
                        name="organizations_tax_one_default",
                    ),
                    models.CheckConstraint(
                        condition=Q(category__in=["S", "Z", "E", "AE", "O", "K", "G"]),
                        name="organizations_tax_known_category",
                    ),
                    models.CheckConstraint(
                        condition=Q(category="E") | Q(exemption_text="", exemption_code=""),
                        name="organizations_tax_reason_of_exempt",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxEvent",
            fields=[
                *EVENT,
                *TAX,
                ("pgh_obj", models.ForeignKey("organizations.tax", **OBJECT_KEY)),
            ],
        ),
        migrations.CreateModel(
            name="TaxPercent",
            fields=[
                ID,
                *PERCENT,
                (
                    "tax",
                    models.ForeignKey(
                        "organizations.tax", on_delete=models.CASCADE, related_name="percents"
                    ),
                ),
            ],
            options={
                "verbose_name": "tax rate",
                "verbose_name_plural": "tax rates",
                "ordering": ("-valid_from",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tax", "valid_from"), name="organizations_percent_one_a_date"
                    ),
                    models.CheckConstraint(
                        condition=Q(percent__gt=0, percent__lte=100),
                        name="organizations_percent_in_bounds",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxPercentEvent",
            fields=[
                *EVENT,
                *PERCENT,
                ("tax", models.ForeignKey("organizations.tax", **COPIED_KEY)),
                ("pgh_obj", models.ForeignKey("organizations.taxpercent", **OBJECT_KEY)),
            ],
            options={
                "indexes": [models.Index(fields=["tax"], name="organizatio_tax_id_c54bf0_idx")],
            },
        ),
        migrations.CreateModel(
            name="BillingDetails",
            fields=[
                ID,
                *DETAILS,
                (
                    "organization",
                    models.ForeignKey(
                        "organizations.organization",
                        db_index=False,
                        on_delete=models.CASCADE,
                        related_name="billing_details",
                    ),
                ),
                (
                    "tax",
                    models.ForeignKey(
                        "organizations.tax",
                        blank=True,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="billing_details",
                        verbose_name="tax",
                    ),
                ),
            ],
            options={
                "verbose_name": "billing details",
                "verbose_name_plural": "billing details",
                "ordering": (F("valid_from").asc(nulls_first=True),),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "valid_from"),
                        nulls_distinct=False,
                        name="organizations_billing_one_a_date",
                    ),
                    models.CheckConstraint(
                        condition=Q(country__regex="^([A-Z]{2})?$"),
                        name="organizations_billing_country",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BillingDetailsEvent",
            fields=[
                *EVENT,
                *DETAILS,
                (
                    "organization",
                    models.ForeignKey("organizations.organization", **COPIED_KEY),
                ),
                (
                    "tax",
                    models.ForeignKey(
                        "organizations.tax",
                        blank=True,
                        null=True,
                        verbose_name="tax",
                        **COPIED_KEY,
                    ),
                ),
                ("pgh_obj", models.ForeignKey("organizations.billingdetails", **OBJECT_KEY)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization"], name="organizatio_organiz_fea8fd_idx"),
                ],
            },
        ),
        create_functions(__file__, "0002_taxes.sql"),
    ]
