"""Create the terms and texts of documents, the accounts by currency, and what documents store."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django.core.serializers.json
import django.db.models.deletion
import pghistory.utils
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models
from django.db.models import F, Q

from foundation.audit.sql_files import create_functions

MAYBE: dict[str, Any] = {"blank": True, "null": True}
EVENT: list[tuple[str, Any]] = [
    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
    ("pgh_label", models.TextField(help_text="The event label.")),
    ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
    ("pgh_context", pghistory.utils.JSONField(null=True)),
]
KEY = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def of(model: str) -> Any:
    """Return the reference of an event to its row."""
    return models.ForeignKey(
        db_constraint=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to=model,
    )


def copied(to: str, **options: Any) -> Any:
    """Return the foreign key of a row as its events have it."""
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        related_query_name="+",
        to=to,
        **options,
    )


def days(name: str) -> Any:
    """Return a number of days."""
    return models.PositiveSmallIntegerField(
        **MAYBE, validators=[MaxValueValidator(365)], verbose_name=name
    )


def percent(name: str) -> Any:
    """Return a percentage of a cash discount."""
    return models.DecimalField(
        **MAYBE,
        decimal_places=2,
        max_digits=4,
        validators=[MinValueValidator(Decimal("0.01"))],
        verbose_name=name,
    )


def discounts() -> list[tuple[str, Any]]:
    """Return the columns of cash discounts."""
    return [
        ("first_percent", percent("cash discount, %")),
        ("first_days", days("days for the cash discount")),
        ("second_percent", percent("second cash discount, %")),
        ("second_days", days("days for the second cash discount")),
    ]


def in_order(name: str) -> models.CheckConstraint:
    """Return the rule of cash discounts: both values or none, and the shorter one first."""
    return models.CheckConstraint(
        condition=Q(first_percent=None, first_days=None, second_percent=None, second_days=None)
        | Q(
            first_percent__isnull=False,
            first_percent__gt=0,
            first_days__isnull=False,
            first_days__lte=365,
            second_percent=None,
            second_days=None,
        )
        | Q(
            first_percent__isnull=False,
            first_percent__gt=F("second_percent"),
            second_percent__isnull=False,
            second_percent__gt=0,
            first_days__isnull=False,
            second_days__isnull=False,
            second_days__gt=F("first_days"),
            second_days__lte=365,
        ),
        name=name,
    )


def texts() -> list[tuple[str, Any]]:
    """Return the columns of texts in each language."""
    return [
        (
            f"{name}_{code}",
            models.TextField(blank=True, max_length=longest, verbose_name=f"{label} in {language}"),
        )
        for name, label, longest in (
            ("payment_terms", "payment terms", 500),
            ("footer", "footer", 1000),
        )
        for code, language in (("en", "English"), ("ru", "Russian"))
    ]


def account(**options: Any) -> list[tuple[str, Any]]:
    """Return the columns of an account."""
    return [
        (
            "currency",
            models.CharField(
                error_messages={"unique": "This currency already has an account."},
                max_length=3,
                verbose_name="currency",
                **options,
            ),
        ),
        ("account_number", models.CharField(max_length=50, verbose_name="bank account (IBAN)")),
        ("bic", models.CharField(blank=True, max_length=11, verbose_name="BIC")),
        ("bank", models.CharField(blank=True, max_length=100, verbose_name="bank")),
        (
            "correspondent_account",
            models.CharField(blank=True, max_length=20, verbose_name="correspondent account"),
        ),
    ]


def own() -> list[tuple[str, Any]]:
    """Return the columns of what an organization has of its own."""
    return [
        ("days_to_pay", days("payment term (days)")),
        (
            "has_own_discounts",
            models.BooleanField(default=False, verbose_name="cash discounts of its own"),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0151_french_notes"),
        ("organizations", "0116_delivery_country"),
    ]

    operations = [
        migrations.AddField(
            "invoice",
            "terms",
            models.JSONField(
                db_default={},
                default=dict,
                encoder=django.core.serializers.json.DjangoJSONEncoder,
            ),
        ),
        migrations.CreateModel(
            name="CurrencyAccount",
            fields=[
                ("id", KEY),
                *account(unique=True),
                (
                    "provider",
                    models.ForeignKey(
                        default=1,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="invoices.provider",
                    ),
                ),
            ],
            options={
                "verbose_name": "bank account",
                "verbose_name_plural": "bank accounts",
                "ordering": ("currency",),
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(currency__regex="^[A-Z]{3}$"), name="invoices_account_currency"
                    ),
                    models.CheckConstraint(
                        condition=~Q(account_number=""), name="invoices_account_number"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CurrencyAccountEvent",
            fields=[
                *EVENT,
                ("id", models.BigIntegerField()),
                *account(),
                ("pgh_obj", of("invoices.currencyaccount")),
                ("provider", copied("invoices.provider", default=1, editable=False)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["provider"], name="invoices_cu_provide_5e0ba1_idx")
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentTerms",
            fields=[
                *discounts(),
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                *texts(),
            ],
            options={
                "verbose_name": "terms and texts of documents",
                "verbose_name_plural": "terms and texts of documents",
                "abstract": False,
                "constraints": [
                    in_order("invoices_documentterms_discounts"),
                    models.CheckConstraint(condition=Q(pk=1), name="invoices_documentterms_one"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentTermsEvent",
            fields=[
                *EVENT,
                *discounts(),
                ("id", models.SmallIntegerField(default=1, editable=False, serialize=False)),
                *texts(),
                ("pgh_obj", of("invoices.documentterms")),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="OrganizationTerms",
            fields=[
                ("id", KEY),
                *discounts(),
                *own(),
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="payment_terms",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "payment terms",
                "verbose_name_plural": "payment terms",
                "abstract": False,
                "constraints": [
                    in_order("invoices_organizationterms_discounts"),
                    models.CheckConstraint(
                        condition=Q(days_to_pay=None) | Q(days_to_pay__lte=365),
                        name="invoices_organizationterms_days",
                    ),
                    models.CheckConstraint(
                        condition=Q(has_own_discounts=True) | Q(first_percent=None),
                        name="invoices_organizationterms_own",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrganizationTermsEvent",
            fields=[
                *EVENT,
                ("id", models.BigIntegerField()),
                *discounts(),
                *own(),
                (
                    "organization",
                    copied("organizations.organization", verbose_name="organization"),
                ),
                ("pgh_obj", of("invoices.organizationterms")),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["organization"], name="invoices_or_organiz_6feb03_idx")
                ],
            },
        ),
        create_functions(__file__, "0140_terms.sql"),
    ]
