"""Create the tables of accounts."""

import django.core.validators
import django.db.models.deletion
import pghistory.utils
from django.db import migrations, models

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organizations", "0070_keep_agreed_kinds"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountingSettings",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "bank",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]*$", "Enter digits only.")
                        ],
                        verbose_name="bank transfers",
                    ),
                ),
                (
                    "card",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]*$", "Enter digits only.")
                        ],
                        verbose_name="cards",
                    ),
                ),
                (
                    "direct_debit",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]*$", "Enter digits only.")
                        ],
                        verbose_name="direct debits",
                    ),
                ),
                (
                    "cash",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]*$", "Enter digits only.")
                        ],
                        verbose_name="cash",
                    ),
                ),
                (
                    "other",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]*$", "Enter digits only.")
                        ],
                        verbose_name="other payments",
                    ),
                ),
                (
                    "bank_fees",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]*$", "Enter digits only.")
                        ],
                        verbose_name="bank fees",
                    ),
                ),
                (
                    "write_offs",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]*$", "Enter digits only.")
                        ],
                        verbose_name="write-offs",
                    ),
                ),
                (
                    "clearing",
                    models.CharField(
                        blank=True,
                        help_text="A clearing account: both sides of a transfer are booked to it, so it comes to 0.",
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]*$", "Enter digits only.")
                        ],
                        verbose_name="transfers between organizations",
                    ),
                ),
                (
                    "first_debtor",
                    models.PositiveIntegerField(
                        default=10000,
                        help_text="Organizations are numbered from here on, in the order in which they were added. Do not change it once the numbers are in use.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(699999999),
                        ],
                        verbose_name="first debtor number",
                    ),
                ),
                (
                    "consultant",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="The number that DATEV gave your tax adviser (Beraternummer).",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1001),
                            django.core.validators.MaxValueValidator(9999999),
                        ],
                        verbose_name="consultant number",
                    ),
                ),
                (
                    "client",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Your number with the tax adviser (Mandantennummer).",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(99999),
                        ],
                        verbose_name="client number",
                    ),
                ),
                (
                    "account_digits",
                    models.PositiveSmallIntegerField(
                        default=4,
                        help_text="The length of general ledger accounts; debtor numbers have one digit more.",
                        validators=[
                            django.core.validators.MinValueValidator(4),
                            django.core.validators.MaxValueValidator(8),
                        ],
                        verbose_name="digits of accounts",
                    ),
                ),
                (
                    "year_begins",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="first month of the financial year",
                    ),
                ),
            ],
            options={
                "verbose_name": "accounting settings",
                "verbose_name_plural": "accounting settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="accounting_settings_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("account_digits__gte", 4), ("account_digits__lte", 8)),
                        name="accounting_settings_digits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("year_begins__gte", 1), ("year_begins__lte", 12)),
                        name="accounting_settings_a_month",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountingSettingsEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.SmallIntegerField(default=1, editable=False, serialize=False)),
                (
                    "bank",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]*$", "Enter digits only.")
                        ],
                        verbose_name="bank transfers",
                    ),
                ),
                (
                    "card",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]*$", "Enter digits only.")
                        ],
                        verbose_name="cards",
                    ),
                ),
                (
                    "direct_debit",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]*$", "Enter digits only.")
                        ],
                        verbose_name="direct debits",
                    ),
                ),
                (
                    "cash",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]*$", "Enter digits only.")
                        ],
                        verbose_name="cash",
                    ),
                ),
                (
                    "other",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]*$", "Enter digits only.")
                        ],
                        verbose_name="other payments",
                    ),
                ),
                (
                    "bank_fees",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]*$", "Enter digits only.")
                        ],
                        verbose_name="bank fees",
                    ),
                ),
                (
                    "write_offs",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]*$", "Enter digits only.")
                        ],
                        verbose_name="write-offs",
                    ),
                ),
                (
                    "clearing",
                    models.CharField(
                        blank=True,
                        help_text="A clearing account: both sides of a transfer are booked to it, so it comes to 0.",
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]*$", "Enter digits only.")
                        ],
                        verbose_name="transfers between organizations",
                    ),
                ),
                (
                    "first_debtor",
                    models.PositiveIntegerField(
                        default=10000,
                        help_text="Organizations are numbered from here on, in the order in which they were added. Do not change it once the numbers are in use.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(699999999),
                        ],
                        verbose_name="first debtor number",
                    ),
                ),
                (
                    "consultant",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="The number that DATEV gave your tax adviser (Beraternummer).",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1001),
                            django.core.validators.MaxValueValidator(9999999),
                        ],
                        verbose_name="consultant number",
                    ),
                ),
                (
                    "client",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Your number with the tax adviser (Mandantennummer).",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(99999),
                        ],
                        verbose_name="client number",
                    ),
                ),
                (
                    "account_digits",
                    models.PositiveSmallIntegerField(
                        default=4,
                        help_text="The length of general ledger accounts; debtor numbers have one digit more.",
                        validators=[
                            django.core.validators.MinValueValidator(4),
                            django.core.validators.MaxValueValidator(8),
                        ],
                        verbose_name="digits of accounts",
                    ),
                ),
                (
                    "year_begins",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="first month of the financial year",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounting.accountingsettings",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RevenueAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                        verbose_name="tax",
                    ),
                ),
                (
                    "percent",
                    models.DecimalField(decimal_places=2, max_digits=5, verbose_name="tax rate, %"),
                ),
                (
                    "account",
                    models.CharField(
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]*$", "Enter digits only.")
                        ],
                        verbose_name="account",
                    ),
                ),
                (
                    "tax_key",
                    models.CharField(
                        blank=True,
                        help_text="DATEV’s tax key (BU-Schlüssel). Leave it empty for an automatic account.",
                        max_length=4,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]*$", "Enter digits only.")
                        ],
                        verbose_name="tax key",
                    ),
                ),
            ],
            options={
                "verbose_name": "revenue account",
                "verbose_name_plural": "revenue accounts",
                "ordering": ("category", "-percent"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("category", "percent"),
                        name="accounting_one_revenue_account",
                        violation_error_message="This tax has an account already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RevenueAccountEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
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
                        verbose_name="tax",
                    ),
                ),
                (
                    "percent",
                    models.DecimalField(decimal_places=2, max_digits=5, verbose_name="tax rate, %"),
                ),
                (
                    "account",
                    models.CharField(
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]*$", "Enter digits only.")
                        ],
                        verbose_name="account",
                    ),
                ),
                (
                    "tax_key",
                    models.CharField(
                        blank=True,
                        help_text="DATEV’s tax key (BU-Schlüssel). Leave it empty for an automatic account.",
                        max_length=4,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]*$", "Enter digits only.")
                        ],
                        verbose_name="tax key",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounting.revenueaccount",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        create_functions(__file__, "0001_triggers.sql"),
    ]
