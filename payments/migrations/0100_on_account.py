"""Let payments belong to an organization and a currency, and be allocated to open items.

Columns of existing payments are filled by the next migration.
"""

import django.db.models.deletion
import pghistory.utils
from django.conf import settings
from django.db import migrations, models

from foundation.audit.sql_files import read_sql


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0096_partners_in_other_zones"),
        ("organizations", "0070_keep_agreed_kinds"),
        ("payments", "0003_more_letters"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Receivable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("due_on", models.DateField(null=True)),
                (
                    "outstanding",
                    models.DecimalField(
                        decimal_places=4, max_digits=20, verbose_name="outstanding"
                    ),
                ),
            ],
            options={
                "verbose_name": "receivable",
                "verbose_name_plural": "receivables",
                "db_table": "payments_receivable",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Allocation",
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
                ("allocated_at", models.DateTimeField(verbose_name="allocated at")),
            ],
            options={
                "verbose_name": "allocation",
                "verbose_name_plural": "allocations",
            },
        ),
        migrations.CreateModel(
            name="AllocationEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "amount",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="amount"),
                ),
                ("allocated_at", models.DateTimeField(verbose_name="allocated at")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OnAccount",
            fields=[
                (
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="on_account",
                        serialize=False,
                        to="payments.payment",
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("kind", models.CharField(max_length=9)),
                (
                    "amount",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="amount"),
                ),
                (
                    "remaining",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="on account"),
                ),
            ],
            options={
                "verbose_name": "payment on account",
                "verbose_name_plural": "payments on account",
            },
        ),
        migrations.RemoveConstraint(
            model_name="payment",
            name="payments_payment_sign",
        ),
        migrations.AddField(
            model_name="payment",
            name="currency",
            field=models.CharField(max_length=3, null=True, verbose_name="currency"),
        ),
        migrations.AddField(
            model_name="payment",
            name="kind",
            field=models.CharField(
                choices=[
                    ("payment", "Payment"),
                    ("deposit", "Deposit"),
                    ("bank_fee", "Bank fee"),
                    ("write_off", "Write-off"),
                    ("refund", "Refund"),
                    ("transfer", "Transfer"),
                ],
                default="payment",
                max_length=9,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="request",
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="payment",
            name="transferred_from",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="transferred_to",
                to="payments.payment",
                verbose_name="transferred from",
            ),
        ),
        migrations.AddField(
            model_name="paymentevent",
            name="currency",
            field=models.CharField(max_length=3, null=True, verbose_name="currency"),
        ),
        migrations.AddField(
            model_name="paymentevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("payment", "Payment"),
                    ("deposit", "Deposit"),
                    ("bank_fee", "Bank fee"),
                    ("write_off", "Write-off"),
                    ("refund", "Refund"),
                    ("transfer", "Transfer"),
                ],
                default="payment",
                max_length=9,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="paymentevent",
            name="organization",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="paymentevent",
            name="owner",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AddField(
            model_name="paymentevent",
            name="transferred_from",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="payments.payment",
                verbose_name="transferred from",
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="invoice",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="invoices.invoice",
                verbose_name="invoice",
            ),
        ),
        migrations.AlterField(
            model_name="paymentevent",
            name="invoice",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="invoices.invoice",
                verbose_name="invoice",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                fields=["organization", "-paid_on", "-id"], name="payments_of_organization"
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["owner", "-paid_on", "-id"], name="payments_of_owner"),
        ),
        migrations.AddIndex(
            model_name="paymentevent",
            index=models.Index(fields=["organization"], name="payments_pa_organiz_0329fa_idx"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reverses__isnull", False),
                    models.Q(("amount__gt", 0), ("kind__in", ["payment", "deposit", "bank_fee"])),
                    models.Q(("amount__lt", 0), ("kind", "refund")),
                    ("kind__in", ["write_off", "transfer"]),
                    _connector="OR",
                ),
                name="payments_payment_sign",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True), name="payments_payment_not_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["payment", "deposit", "bank_fee", "write_off", "refund", "transfer"],
                    )
                ),
                name="payments_payment_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reference", ""), _negated=True),
                    models.Q(("kind__in", ["refund", "write_off"]), _negated=True),
                    ("reverses__isnull", False),
                    _connector="OR",
                ),
                name="payments_payment_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("transferred_from", None),
                    models.Q(("amount__gt", 0), ("kind", "transfer"), ("reverses", None)),
                    _connector="OR",
                ),
                name="payments_payment_transferred",
            ),
        ),
        migrations.AddField(
            model_name="allocation",
            name="allocated_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="allocated by",
            ),
        ),
        migrations.AddField(
            model_name="allocation",
            name="invoice",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="allocations",
                to="invoices.invoice",
                verbose_name="invoice",
            ),
        ),
        migrations.AddField(
            model_name="allocation",
            name="payment",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="allocations",
                to="payments.payment",
                verbose_name="payment",
            ),
        ),
        migrations.AddField(
            model_name="allocation",
            name="payout",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="covered_by",
                to="payments.payment",
                verbose_name="paid out by",
            ),
        ),
        migrations.AddField(
            model_name="allocationevent",
            name="allocated_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="allocated by",
            ),
        ),
        migrations.AddField(
            model_name="allocationevent",
            name="invoice",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="invoices.invoice",
                verbose_name="invoice",
            ),
        ),
        migrations.AddField(
            model_name="allocationevent",
            name="payment",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="payments.payment",
                verbose_name="payment",
            ),
        ),
        migrations.AddField(
            model_name="allocationevent",
            name="payout",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="payments.payment",
                verbose_name="paid out by",
            ),
        ),
        migrations.AddField(
            model_name="allocationevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="payments.allocation",
            ),
        ),
        migrations.AddField(
            model_name="onaccount",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organizations.organization",
            ),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(fields=["payment"], include=("amount",), name="payments_allocated"),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(
                condition=models.Q(("invoice__isnull", False)),
                fields=["invoice", "payment"],
                include=("amount",),
                name="payments_allocated_to_invoice",
            ),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(
                condition=models.Q(("payout__isnull", False)),
                fields=["payout", "payment"],
                include=("amount",),
                name="payments_allocated_to_payout",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("invoice", None), ("payout__isnull", False)),
                    models.Q(("invoice__isnull", False), ("payout", None)),
                    _connector="OR",
                ),
                name="payments_allocation_one_target",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True),
                name="payments_allocation_not_zero",
            ),
        ),
        migrations.AddIndex(
            model_name="allocationevent",
            index=models.Index(fields=["payment"], name="payments_al_payment_8d0494_idx"),
        ),
        migrations.AddIndex(
            model_name="allocationevent",
            index=models.Index(fields=["invoice"], name="payments_al_invoice_1660ad_idx"),
        ),
        migrations.AddIndex(
            model_name="onaccount",
            index=models.Index(
                condition=models.Q(("remaining", 0), _negated=True),
                fields=["organization", "currency"],
                include=("remaining",),
                name="payments_on_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="onaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amount__gt", 0),
                        ("remaining__gte", 0),
                        ("remaining__lte", models.F("amount")),
                    ),
                    models.Q(
                        ("amount__lt", 0),
                        ("remaining__gte", models.F("amount")),
                        ("remaining__lte", 0),
                    ),
                    _connector="OR",
                ),
                name="payments_never_more_than_the_payment",
            ),
        ),
        migrations.RunSQL(
            read_sql(__file__, "0100_receivables.sql"), "DROP VIEW payments_receivable"
        ),
    ]
