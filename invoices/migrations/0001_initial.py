"""Create the tables of invoices, of who issues them, and of how they are issued and sent.

- the provider and its logos, and the last number given in each series;
- invoices and credit notes with their lines, charges and PDF, which stay as they were issued;
- the periods for which an invoice stands, and what is outstanding of each invoice;
- deliveries by mail; monthly runs with an item for each organization.
"""

from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import migrations, models
from django.db.models import F, Func, Q, Value
from pghistory.utils import JSONField

from foundation.audit.sql_files import create_functions, read_sql
from foundation.lists.search import Words
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
PROVIDER: list[Any] = [
    ("name", models.CharField(max_length=200, verbose_name="legal name")),
    ("street", models.CharField(max_length=200, verbose_name="street address")),
    ("postal_code", models.CharField(blank=True, max_length=20, verbose_name="postal code")),
    ("city", models.CharField(max_length=100, verbose_name="city")),
    ("country", models.CharField(choices=country_choices, max_length=2, verbose_name="country")),
    ("tax_id", models.CharField(max_length=50, verbose_name="tax ID")),
    ("email", models.EmailField(max_length=254, verbose_name="email address")),
    ("account_number", models.CharField(max_length=50, verbose_name="bank account (IBAN)")),
    ("bic", models.CharField(blank=True, max_length=11, verbose_name="BIC")),
    ("bank", models.CharField(blank=True, max_length=100, verbose_name="bank")),
    (
        "invoice_prefix",
        models.CharField(
            default="INV",
            max_length=10,
            validators=[
                RegexValidator(
                    "^[A-Z0-9][A-Z0-9/-]*$",
                    "Use only A–Z, 0–9, / and -, and start with a letter or digit.",
                )
            ],
            verbose_name="invoice number prefix",
        ),
    ),
    (
        "credit_note_prefix",
        models.CharField(
            default="CN",
            max_length=10,
            validators=[
                RegexValidator(
                    "^[A-Z0-9][A-Z0-9/-]*$",
                    "Use only A–Z, 0–9, / and -, and start with a letter or digit.",
                )
            ],
            verbose_name="credit note number prefix",
        ),
    ),
    (
        "days_to_pay",
        models.PositiveSmallIntegerField(
            default=14, validators=[MaxValueValidator(365)], verbose_name="payment term (days)"
        ),
    ),
]
HEADER: list[Any] = [
    ("currency", models.CharField(max_length=3, verbose_name="currency")),
    ("digits", models.PositiveSmallIntegerField(verbose_name="decimals")),
    ("period_from", models.DateField(verbose_name="from")),
    ("period_until", models.DateField(verbose_name="until")),
    ("issued_at", models.DateTimeField(verbose_name="issued at")),
    ("issued_on", models.DateField(verbose_name="date")),
    ("due_on", models.DateField(blank=True, null=True, verbose_name="due date")),
    (
        "language",
        models.CharField(
            choices=[("en", "English"), ("ru", "Русский")], max_length=10, verbose_name="language"
        ),
    ),
]
TOTALS: list[Any] = [
    ("buyer_name", models.CharField(max_length=200, verbose_name="billed to")),
    ("organization_title", models.CharField(max_length=200, verbose_name="organization")),
    (
        "buyer_reference",
        models.CharField(blank=True, max_length=100, verbose_name="contract number"),
    ),
    ("net", models.DecimalField(decimal_places=4, max_digits=20, verbose_name="net")),
    (
        "tax_category",
        models.CharField(
            choices=[
                ("S", "Standard rate"),
                ("Z", "Zero rate"),
                ("E", "Exempt from tax"),
                ("AE", "Reverse charge"),
                ("O", "Not subject to tax"),
            ],
            max_length=2,
            verbose_name="tax",
        ),
    ),
    ("tax_rate", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="tax rate, %")),
    ("tax_reason", models.CharField(blank=True, max_length=200, verbose_name="tax note")),
    ("tax_amount", models.DecimalField(decimal_places=4, max_digits=20, verbose_name="tax")),
    ("total", models.DecimalField(decimal_places=4, max_digits=20, verbose_name="total")),
    (
        "charges_sha256",
        models.CharField(blank=True, max_length=64, verbose_name="SHA-256 of the charges"),
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
        ("organizations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Logo",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("content", models.BinaryField()),
            ],
            options={
                "verbose_name": "logo",
                "verbose_name_plural": "logos",
            },
        ),
        migrations.CreateModel(
            name="Provider",
            fields=[
                ID,
                *PROVIDER,
                (
                    "logo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to="invoices.logo",
                        verbose_name="logo",
                    ),
                ),
            ],
            options={
                "verbose_name": "provider",
                "verbose_name_plural": "provider",
                "constraints": [
                    models.CheckConstraint(condition=Q(pk=1), name="invoices_provider_one"),
                    models.CheckConstraint(
                        condition=~Q(invoice_prefix=F("credit_note_prefix")),
                        name="invoices_provider_two_series",
                        violation_error_message="Invoices and credit notes need different prefixes.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProviderEvent",
            fields=[
                *EVENT,
                *PROVIDER,
                (
                    "logo",
                    models.ForeignKey(
                        "invoices.logo", blank=True, null=True, verbose_name="logo", **COPIED_KEY
                    ),
                ),
                ("pgh_obj", models.ForeignKey("invoices.provider", **OBJECT_KEY)),
            ],
        ),
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                ID,
                ("prefix", models.CharField(max_length=10)),
                ("year", models.PositiveSmallIntegerField()),
                ("last_number", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "number series",
                "verbose_name_plural": "number series",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("prefix", "year"), name="invoices_number_series_one_a_year"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                ID,
                (
                    "kind",
                    models.CharField(
                        choices=[("invoice", "Invoice"), ("credit_note", "Credit note")],
                        max_length=11,
                        verbose_name="document type",
                    ),
                ),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="number")),
                *HEADER,
                ("seller", models.JSONField(encoder=DjangoJSONEncoder)),
                ("account", models.JSONField(encoder=DjangoJSONEncoder)),
                ("buyer", models.JSONField(encoder=DjangoJSONEncoder)),
                *TOTALS,
                (
                    "cancels",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="credit_note",
                        to="invoices.invoice",
                        verbose_name="cancels",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="issued by",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.PROTECT,
                        related_name="invoices",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "logo",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to="invoices.logo",
                    ),
                ),
            ],
            options={
                "verbose_name": "invoice",
                "verbose_name_plural": "invoices",
                "ordering": ("-issued_at", "-pk"),
                "indexes": [
                    GinIndex(
                        SearchVector(
                            Words("number"),
                            Words("organization_title"),
                            Words("buyer_name"),
                            config="simple",
                        ),
                        name="invoices_words",
                    ),
                    models.Index(fields=["organization", "-issued_at"], name="invoices_of_org"),
                    models.Index(fields=["-issued_at", "-id"], name="invoices_newest"),
                    models.Index(fields=["period_from"], name="invoices_by_month"),
                    models.Index(fields=["due_on"], name="invoices_by_due"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(cancels=None, due_on__isnull=False, kind="invoice")
                        | Q(cancels__isnull=False, due_on=None, kind="credit_note"),
                        name="invoices_credit_note_cancels",
                    ),
                    models.CheckConstraint(
                        condition=Q(net__gt=0, tax_amount__gte=0, total=F("net") + F("tax_amount")),
                        name="invoices_total_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=Q(period_until__gt=F("period_from")),
                        name="invoices_period_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceEvent",
            fields=[
                *EVENT,
                (
                    "kind",
                    models.CharField(
                        choices=[("invoice", "Invoice"), ("credit_note", "Credit note")],
                        max_length=11,
                        verbose_name="document type",
                    ),
                ),
                ("number", models.CharField(max_length=30, verbose_name="number")),
                *HEADER,
                *TOTALS,
                (
                    "cancels",
                    models.ForeignKey(
                        "invoices.invoice",
                        blank=True,
                        null=True,
                        verbose_name="cancels",
                        **COPIED_KEY,
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        blank=True,
                        null=True,
                        verbose_name="issued by",
                        **COPIED_KEY,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        "organizations.organization", verbose_name="organization", **COPIED_KEY
                    ),
                ),
                ("pgh_obj", models.ForeignKey("invoices.invoice", **OBJECT_KEY)),
                ("logo", models.ForeignKey("invoices.logo", blank=True, null=True, **COPIED_KEY)),
            ],
        ),
        migrations.CreateModel(
            name="InvoiceLine",
            fields=[
                ID,
                ("position", models.PositiveIntegerField()),
                ("tariff", models.CharField(max_length=100, verbose_name="tariff plan")),
                ("month", models.DateField(verbose_name="month")),
                (
                    "monthly_price",
                    models.DecimalField(
                        decimal_places=4, max_digits=20, verbose_name="monthly price"
                    ),
                ),
                ("cameras", models.PositiveIntegerField(verbose_name="cameras")),
                (
                    "camera_months",
                    models.DecimalField(
                        decimal_places=6, max_digits=16, verbose_name="camera-months"
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="amount"),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.PROTECT,
                        related_name="lines",
                        to="invoices.invoice",
                    ),
                ),
            ],
            options={
                "verbose_name": "invoice line",
                "verbose_name_plural": "invoice lines",
                "ordering": ("invoice", "position"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("invoice", "position"), name="invoices_line_position"
                    ),
                    models.CheckConstraint(
                        condition=Q(amount__gte=0, camera_months__gte=0, monthly_price__gte=0),
                        name="invoices_line_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoicedPeriod",
            fields=[
                (
                    "invoice",
                    models.OneToOneField(
                        on_delete=models.PROTECT,
                        primary_key=True,
                        related_name="invoiced_period",
                        serialize=False,
                        to="invoices.invoice",
                    ),
                ),
                ("currency_number", models.PositiveSmallIntegerField()),
                ("period_from", models.DateField()),
                ("period_until", models.DateField()),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.PROTECT,
                        related_name="invoiced_periods",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "invoiced period",
                "verbose_name_plural": "invoiced periods",
                "indexes": [
                    models.Index(
                        fields=["organization", "period_until"], name="invoices_periods_of_org"
                    ),
                ],
                "constraints": [
                    ExclusionConstraint(
                        expressions=(
                            (
                                Func(
                                    F("organization_id"),
                                    F("organization_id"),
                                    Value("[]"),
                                    function="int8range",
                                    output_field=BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                Func(
                                    F("currency_number"),
                                    F("currency_number"),
                                    Value("[]"),
                                    function="int8range",
                                    output_field=BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                Func(
                                    F("period_from"),
                                    F("period_until"),
                                    function="daterange",
                                    output_field=DateRangeField(),
                                ),
                                "&&",
                            ),
                        ),
                        name="invoices_one_a_period",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpenItem",
            fields=[
                (
                    "invoice",
                    models.OneToOneField(
                        on_delete=models.PROTECT,
                        primary_key=True,
                        related_name="open_item",
                        serialize=False,
                        to="invoices.invoice",
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("due_on", models.DateField()),
                (
                    "outstanding",
                    models.DecimalField(
                        decimal_places=4, max_digits=20, verbose_name="outstanding"
                    ),
                ),
                ("is_cancelled", models.BooleanField()),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.PROTECT,
                        related_name="open_items",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "open item",
                "verbose_name_plural": "open items",
                "indexes": [
                    models.Index(
                        condition=~Q(outstanding=0),
                        fields=["organization", "currency"],
                        include=("due_on", "outstanding"),
                        name="invoices_still_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FrozenCharges",
            fields=[
                (
                    "invoice",
                    models.OneToOneField(
                        on_delete=models.PROTECT,
                        primary_key=True,
                        related_name="frozen_charges",
                        serialize=False,
                        to="invoices.invoice",
                    ),
                ),
                ("content", models.BinaryField()),
                ("count", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "frozen charges",
                "verbose_name_plural": "frozen charges",
            },
        ),
        migrations.CreateModel(
            name="StoredDocument",
            fields=[
                (
                    "invoice",
                    models.OneToOneField(
                        on_delete=models.PROTECT,
                        primary_key=True,
                        related_name="stored_document",
                        serialize=False,
                        to="invoices.invoice",
                    ),
                ),
                ("pdf", models.BinaryField()),
            ],
            options={
                "verbose_name": "stored document",
                "verbose_name_plural": "stored documents",
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ID,
                ("email", models.EmailField(max_length=254, verbose_name="email address")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting to be sent"),
                            ("sent", "Sent"),
                            ("failed", "Could not be sent"),
                        ],
                        default="waiting",
                        max_length=7,
                        verbose_name="status",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="requested at")),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("tried_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.CharField(blank=True, max_length=500)),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="deliveries", to="invoices.invoice"
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
                "ordering": ("-asked_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="InvoiceRun",
            fields=[
                ID,
                ("month", models.DateField(unique=True, verbose_name="month")),
                ("started_at", models.DateTimeField(verbose_name="started at")),
                (
                    "started_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "invoice run",
                "verbose_name_plural": "invoice runs",
                "ordering": ("-month",),
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(month__day=1), name="invoices_run_of_a_whole_month"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RunItem",
            fields=[
                ID,
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("issued", "Issued"),
                            ("nothing", "Nothing to bill"),
                            ("refused", "Blocked"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=50)),
                ("details", models.JSONField(default=dict, encoder=DjangoJSONEncoder)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="run_items",
                        to="organizations.organization",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.CASCADE,
                        related_name="items",
                        to="invoices.invoicerun",
                    ),
                ),
            ],
            options={
                "verbose_name": "invoice run item",
                "verbose_name_plural": "invoice run items",
                "indexes": [
                    models.Index(fields=["run", "state"], name="invoices_run_by_state"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "organization"), name="invoices_run_item_one_an_organization"
                    ),
                ],
            },
        ),
        create_functions(__file__, "0001_triggers.sql"),
        migrations.RunSQL(read_sql(__file__, "0001_storage.sql"), migrations.RunSQL.noop),
    ]
