"""Store drafts for release and who drafted, released and withdrew a run, with events of runs."""

import django.db.models.deletion
import pghistory.utils
from django.conf import settings
from django.db import migrations, models

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0065_many_documents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="invoicerun",
            name="drafted_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="drafts created at"),
        ),
        migrations.AddField(
            model_name="invoicerun",
            name="drafted_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="drafts created by",
            ),
        ),
        migrations.AddField(
            model_name="invoicerun",
            name="released_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="released at"),
        ),
        migrations.AddField(
            model_name="invoicerun",
            name="released_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="released by",
            ),
        ),
        migrations.AddField(
            model_name="invoicerun",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at"),
        ),
        migrations.AddField(
            model_name="invoicerun",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="withdrawn by",
            ),
        ),
        migrations.AlterField(
            model_name="invoicerun",
            name="started_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="started by",
            ),
        ),
        migrations.AlterField(
            model_name="runitem",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("draft", "To be drafted"),
                    ("drafted", "For release"),
                    ("release", "Being released"),
                    ("changed", "Amount changed"),
                    ("dropped", "Withdrawn"),
                    ("issued", "Issued"),
                    ("nothing", "Nothing to bill"),
                    ("refused", "Blocked"),
                    ("failed", "Failed"),
                ],
                default="waiting",
                max_length=7,
            ),
        ),
        migrations.CreateModel(
            name="InvoiceRunEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("month", models.DateField(verbose_name="month")),
                ("started_at", models.DateTimeField(verbose_name="started at")),
                (
                    "drafted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="drafts created at"),
                ),
                (
                    "released_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="released at"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at"),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="drafts created by",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="invoices.invoicerun",
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="released by",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="started by",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="withdrawn by",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RunDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "net",
                    models.DecimalField(
                        decimal_places=4, max_digits=20, null=True, verbose_name="before tax"
                    ),
                ),
                (
                    "total",
                    models.DecimalField(
                        decimal_places=4, max_digits=20, null=True, verbose_name="with tax"
                    ),
                ),
                (
                    "new_net",
                    models.DecimalField(
                        decimal_places=4, max_digits=20, null=True, verbose_name="before tax"
                    ),
                ),
                (
                    "new_total",
                    models.DecimalField(
                        decimal_places=4, max_digits=20, null=True, verbose_name="with tax"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="invoices.runitem",
                    ),
                ),
            ],
            options={
                "verbose_name": "draft of an invoice run",
                "verbose_name_plural": "drafts of invoice runs",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("item", "currency"), name="invoices_run_draft_one_a_currency"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("net__isnull", True), ("total__isnull", True)),
                            models.Q(("net__isnull", False), ("total__isnull", False)),
                            _connector="OR",
                        ),
                        name="invoices_run_draft_reviewed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("new_net__isnull", True), ("new_total__isnull", True)),
                            models.Q(("new_net__isnull", False), ("new_total__isnull", False)),
                            _connector="OR",
                        ),
                        name="invoices_run_draft_new",
                    ),
                ],
            },
        ),
        create_functions(__file__, "0066_run_audit.sql"),
    ]
