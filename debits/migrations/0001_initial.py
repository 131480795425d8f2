"""Create the tables of mandates, direct debit batches and what they collect."""

import django.core.validators
import django.db.models.deletion
import pghistory.utils
from django.conf import settings
from django.db import migrations, models

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("invoices", "0110_use_credit"),
        ("organizations", "0070_keep_agreed_kinds"),
        ("payments", "0120_books"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DebitBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("collected_on", models.DateField(verbose_name="collection date")),
                (
                    "message_id",
                    models.CharField(max_length=35, unique=True, verbose_name="message ID"),
                ),
                ("number", models.PositiveIntegerField(verbose_name="collections")),
                (
                    "total",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="total"),
                ),
                ("content", models.BinaryField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("made", "To be sent to the bank"),
                            ("collected", "Collected"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="made",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                ("request", models.UUIDField(editable=False, unique=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
            ],
            options={
                "verbose_name": "direct debit batch",
                "verbose_name_plural": "direct debit batches",
                "ordering": ("-pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "made")),
                            models.Q(
                                models.Q(("state", "made"), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="debits_batch_decided",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DebitSettings",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "creditor_id",
                    models.CharField(max_length=35, verbose_name="creditor identifier"),
                ),
                ("iban", models.CharField(max_length=34, verbose_name="IBAN")),
                ("bic", models.CharField(blank=True, max_length=11, verbose_name="BIC")),
                (
                    "scheme",
                    models.CharField(
                        choices=[("CORE", "Core (anybody)"), ("B2B", "B2B (companies only)")],
                        default="CORE",
                        max_length=4,
                        verbose_name="scheme",
                    ),
                ),
                (
                    "lead_days",
                    models.PositiveSmallIntegerField(
                        default=2,
                        help_text="How many banking days before the collection your bank needs the file.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(14),
                        ],
                        verbose_name="lead time in banking days",
                    ),
                ),
            ],
            options={
                "verbose_name": "settings of direct debit",
                "verbose_name_plural": "settings of direct debit",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="debits_settings_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lead_days__gte", 1), ("lead_days__lte", 14)),
                        name="debits_settings_lead_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DebitSettingsEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.SmallIntegerField(default=1, editable=False, serialize=False)),
                (
                    "creditor_id",
                    models.CharField(max_length=35, verbose_name="creditor identifier"),
                ),
                ("iban", models.CharField(max_length=34, verbose_name="IBAN")),
                ("bic", models.CharField(blank=True, max_length=11, verbose_name="BIC")),
                (
                    "scheme",
                    models.CharField(
                        choices=[("CORE", "Core (anybody)"), ("B2B", "B2B (companies only)")],
                        default="CORE",
                        max_length=4,
                        verbose_name="scheme",
                    ),
                ),
                (
                    "lead_days",
                    models.PositiveSmallIntegerField(
                        default=2,
                        help_text="How many banking days before the collection your bank needs the file.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(14),
                        ],
                        verbose_name="lead time in banking days",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="debits.debitsettings",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        error_messages={"unique": "Another mandate has this reference."},
                        max_length=35,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9+?:().,'-](?:[A-Za-z0-9+?/:().,' -]*[A-Za-z0-9+?:().,'-])?$",
                                "Use only Latin letters, digits, spaces and / - ? : ( ) . , ' +",
                            )
                        ],
                        verbose_name="mandate reference",
                    ),
                ),
                ("signed_on", models.DateField(verbose_name="signed on")),
                ("holder", models.CharField(max_length=70, verbose_name="account holder")),
                ("iban", models.CharField(max_length=34, verbose_name="IBAN")),
                ("bic", models.CharField(blank=True, max_length=11, verbose_name="BIC")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                ("failed_at", models.DateTimeField(null=True, verbose_name="failed at")),
                (
                    "failure",
                    models.CharField(blank=True, max_length=200, verbose_name="why it failed"),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandates",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "mandate",
                "verbose_name_plural": "mandates",
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(fields=["organization", "-id"], name="debits_mandates_of_org")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("organization",),
                        name="debits_one_mandate",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("failed_at__isnull", False), ("failure", ""), _connector="OR"
                        ),
                        name="debits_failed_for_it",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Collection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="amount"),
                ),
                (
                    "sequence",
                    models.CharField(
                        choices=[("FRST", "first"), ("RCUR", "recurring")],
                        max_length=4,
                        verbose_name="sequence",
                    ),
                ),
                ("is_pending", models.BooleanField(default=True, verbose_name="pending")),
                ("returned_at", models.DateTimeField(null=True, verbose_name="returned at")),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collections",
                        to="invoices.invoice",
                        verbose_name="invoice",
                    ),
                ),
                (
                    "payment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collection",
                        to="payments.payment",
                        verbose_name="payment",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collections",
                        to="debits.debitbatch",
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collections",
                        to="debits.mandate",
                        verbose_name="mandate",
                    ),
                ),
            ],
            options={
                "verbose_name": "collection",
                "verbose_name_plural": "collections",
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_pending", True)),
                        fields=("invoice",),
                        name="debits_collected_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="debits_collection_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MandateEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "reference",
                    models.CharField(
                        error_messages={"unique": "Another mandate has this reference."},
                        max_length=35,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9+?:().,'-](?:[A-Za-z0-9+?/:().,' -]*[A-Za-z0-9+?:().,'-])?$",
                                "Use only Latin letters, digits, spaces and / - ? : ( ) . , ' +",
                            )
                        ],
                        verbose_name="mandate reference",
                    ),
                ),
                ("signed_on", models.DateField(verbose_name="signed on")),
                ("holder", models.CharField(max_length=70, verbose_name="account holder")),
                ("iban", models.CharField(max_length=34, verbose_name="IBAN")),
                ("bic", models.CharField(blank=True, max_length=11, verbose_name="BIC")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                ("failed_at", models.DateTimeField(null=True, verbose_name="failed at")),
                (
                    "failure",
                    models.CharField(blank=True, max_length=200, verbose_name="why it failed"),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="debits.mandate",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["organization"], name="debits_mand_organiz_addd9d_idx")
                ],
            },
        ),
        create_functions(__file__, "0001_triggers.sql"),
    ]
