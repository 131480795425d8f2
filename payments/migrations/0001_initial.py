"""Create the table of payments of invoices and their reversals, with its events."""

from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q
from pghistory.utils import JSONField

from foundation.audit.sql_files import create_functions

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
PAYMENT: list[Any] = [
    ("paid_on", models.DateField(verbose_name="date")),
    ("amount", models.DecimalField(decimal_places=4, max_digits=20, verbose_name="amount")),
    (
        "method",
        models.CharField(
            choices=[
                ("transfer", "Bank transfer"),
                ("card", "Card"),
                ("direct_debit", "Direct debit"),
                ("cash", "Cash"),
                ("other", "Other"),
            ],
            default="transfer",
            max_length=12,
            verbose_name="payment method",
        ),
    ),
    ("reference", models.CharField(blank=True, max_length=140, verbose_name="reference")),
    ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
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
        ("invoices", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Payment",
            fields=[
                ID,
                *PAYMENT,
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="payments",
                        to="invoices.invoice",
                        verbose_name="invoice",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="reversal",
                        to="payments.payment",
                        verbose_name="reverses",
                    ),
                ),
            ],
            options={
                "verbose_name": "payment",
                "verbose_name_plural": "payments",
                "ordering": ("paid_on", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(amount__gt=0, reverses=None)
                        | Q(amount__lt=0, reverses__isnull=False),
                        name="payments_payment_sign",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            method__in=["transfer", "card", "direct_debit", "cash", "other"]
                        ),
                        name="payments_payment_method_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentEvent",
            fields=[
                *EVENT,
                *PAYMENT,
                (
                    "invoice",
                    models.ForeignKey("invoices.invoice", verbose_name="invoice", **COPIED_KEY),
                ),
                ("pgh_obj", models.ForeignKey("payments.payment", **OBJECT_KEY)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        blank=True,
                        null=True,
                        verbose_name="recorded by",
                        **COPIED_KEY,
                    ),
                ),
                (
                    "reverses",
                    models.ForeignKey(
                        "payments.payment",
                        blank=True,
                        null=True,
                        verbose_name="reverses",
                        **COPIED_KEY,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["invoice"], name="payments_pa_invoice_a9dc2c_idx"),
                ],
            },
        ),
        create_functions(__file__, "0001_triggers.sql"),
    ]
