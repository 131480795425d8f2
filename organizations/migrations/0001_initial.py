"""Create the tables of organizations and of the tariff plans each may use, with their events.

An organization holds its owner, trial, contract, billing details and tax.
"""

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Upper
from pghistory.utils import JSONField

from foundation.audit.sql_files import create_functions
from foundation.lists.search import Words
from organizations.countries import country_choices
from organizations.models import default_time_zone, validate_time_zone

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
ORGANIZATION: list[Any] = [
    ("title", models.CharField(max_length=200, verbose_name="title")),
    ("trial_first_on", models.DateField(blank=True, null=True, verbose_name="first day of trial")),
    ("trial_last_on", models.DateField(blank=True, null=True, verbose_name="last day of trial")),
    (
        "time_zone",
        models.CharField(
            default=default_time_zone,
            max_length=64,
            validators=[validate_time_zone],
            verbose_name="time zone",
        ),
    ),
    (
        "contract_number",
        models.CharField(blank=True, max_length=100, verbose_name="contract number"),
    ),
    ("contract_signed_on", models.DateField(blank=True, null=True, verbose_name="contract date")),
]
BILLING: list[Any] = [
    (
        "billing_name",
        models.CharField(
            blank=True, db_default="", default="", max_length=200, verbose_name="legal name"
        ),
    ),
    (
        "billing_street",
        models.CharField(
            blank=True, db_default="", default="", max_length=200, verbose_name="street address"
        ),
    ),
    (
        "billing_postal_code",
        models.CharField(
            blank=True, db_default="", default="", max_length=20, verbose_name="postal code"
        ),
    ),
    (
        "billing_city",
        models.CharField(
            blank=True, db_default="", default="", max_length=100, verbose_name="city"
        ),
    ),
    (
        "billing_country",
        models.CharField(
            blank=True,
            choices=country_choices,
            db_default="",
            default="",
            max_length=2,
            verbose_name="country",
        ),
    ),
    (
        "billing_tax_id",
        models.CharField(
            blank=True, db_default="", default="", max_length=50, verbose_name="tax ID"
        ),
    ),
    (
        "billing_email",
        models.EmailField(
            blank=True, db_default="", default="", max_length=254, verbose_name="email for invoices"
        ),
    ),
    (
        "tax_category",
        models.CharField(
            blank=True,
            choices=[
                ("S", "Standard rate"),
                ("Z", "Zero rate"),
                ("E", "Exempt from tax"),
                ("AE", "Reverse charge"),
                ("O", "Not subject to tax"),
            ],
            db_default="",
            default="",
            max_length=2,
            verbose_name="tax",
        ),
    ),
    (
        "tax_rate",
        models.DecimalField(
            blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="tax rate, %"
        ),
    ),
    (
        "invoice_language",
        models.CharField(
            choices=[("en", "English"), ("ru", "Русский")],
            db_default="en",
            default="en",
            max_length=10,
            verbose_name="invoice language",
        ),
    ),
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

    dependencies = [
        ("tariffs", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Organization",
            fields=[
                ID,
                *ORGANIZATION,
                (
                    "watcher_id",
                    models.CharField(
                        blank=True,
                        max_length=100,
                        null=True,
                        unique=True,
                        verbose_name="Watcher ID",
                    ),
                ),
                *BILLING,
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="organizations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "tariffs",
                    models.ManyToManyField(
                        blank=True,
                        related_name="organizations",
                        to="tariffs.tariff",
                        verbose_name="tariff plans",
                    ),
                ),
            ],
            options={
                "verbose_name": "organization",
                "verbose_name_plural": "organizations",
                "ordering": ("title", "pk"),
                "indexes": [
                    GinIndex(
                        SearchVector(Words("title"), Words("contract_number"), config="simple"),
                        name="organizations_words",
                    ),
                    models.Index(fields=["title", "id"], name="organizations_by_title"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        Upper("title"),
                        name="organizations_title_unique",
                        violation_error_message="An organization with this title already exists.",
                    ),
                    models.CheckConstraint(
                        condition=Q(trial_first_on=None, trial_last_on=None)
                        | Q(trial_first_on__isnull=False, trial_last_on__gte=F("trial_first_on")),
                        name="organizations_trial_in_order",
                        violation_error_message="Enter both the first and the last day of the trial. The last day cannot be before the first.",
                    ),
                    models.CheckConstraint(
                        condition=Q(billing_country__regex="^([A-Z]{2})?$"),
                        name="organizations_billing_country_code",
                    ),
                    models.CheckConstraint(
                        condition=Q(tax_category__in=["", "S", "Z", "E", "AE", "O"]),
                        name="organizations_tax_category_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(tax_category="S", tax_rate__gt=0, tax_rate__lte=100)
                        | Q(~Q(tax_category="S"), tax_rate=None),
                        name="organizations_tax_rate_of_standard",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrganizationEvent",
            fields=[
                *EVENT,
                *ORGANIZATION,
                (
                    "watcher_id",
                    models.CharField(
                        blank=True, max_length=100, null=True, verbose_name="Watcher ID"
                    ),
                ),
                *BILLING,
                (
                    "owner",
                    models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="owner", **COPIED_KEY),
                ),
                ("pgh_obj", models.ForeignKey("organizations.organization", **OBJECT_KEY)),
            ],
        ),
        migrations.CreateModel(
            name="Availability",
            fields=[],
            options={
                "verbose_name": "available tariff plan",
                "verbose_name_plural": "available tariff plans",
                "proxy": True,
            },
            bases=("organizations.organization_tariffs",),
        ),
        migrations.CreateModel(
            name="AvailabilityEvent",
            fields=[
                *EVENT,
                ("tariff", models.ForeignKey("tariffs.tariff", db_tablespace="", **COPIED_KEY)),
                (
                    "organization",
                    models.ForeignKey("organizations.organization", db_tablespace="", **COPIED_KEY),
                ),
                ("pgh_obj", models.ForeignKey("organizations.availability", **OBJECT_KEY)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization"], name="organizatio_organiz_12c21f_idx"),
                ],
            },
        ),
        create_functions(__file__, "0001_triggers.sql"),
    ]
