"""Create corrections of invoices, and let credit notes credit a part.

- what a document charges more or less than an invoice did, frozen with its charges;
- the invoices whose difference goes onto the next invoice, with their events;
- lines that correct an invoice, which can be negative, and what has been credited of an invoice.

Adding the constraints reads the tables of invoices and lines once while they are locked.
"""

import django.db.models.deletion
import django.db.models.expressions
import pghistory.utils
from django.conf import settings
from django.db import migrations, models

from foundation.audit.sql_files import read_sql


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0020_differences"),
        ("organizations", "0011_time_zones"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stands_alone", models.BooleanField()),
                ("net", models.DecimalField(decimal_places=4, max_digits=20, verbose_name="net")),
                ("content", models.BinaryField()),
                ("count", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
            },
        ),
        migrations.CreateModel(
            name="DeferredCorrection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="requested at")),
            ],
            options={
                "verbose_name": "correction with the next invoice",
                "verbose_name_plural": "corrections with the next invoice",
            },
        ),
        migrations.CreateModel(
            name="DeferredCorrectionEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("asked_at", models.DateTimeField(verbose_name="requested at")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="invoice",
            name="invoices_credit_note_cancels",
        ),
        migrations.RemoveConstraint(
            model_name="invoice",
            name="invoices_total_adds_up",
        ),
        migrations.RemoveConstraint(
            model_name="invoiceline",
            name="invoices_line_not_negative",
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="corrects",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=30, verbose_name="corrects"
            ),
        ),
        migrations.AddField(
            model_name="openitem",
            name="credited",
            field=models.DecimalField(
                db_default=0, decimal_places=4, default=0, max_digits=20, verbose_name="credited"
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancels", None), ("due_on__isnull", False), ("kind", "invoice")),
                    models.Q(("due_on", None), ("kind", "credit_note")),
                    _connector="OR",
                ),
                name="invoices_only_credit_note_cancels",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "total",
                        django.db.models.expressions.CombinedExpression(
                            models.F("net"), "+", models.F("tax_amount")
                        ),
                    ),
                    ("total__gt", 0),
                ),
                name="invoices_total_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoiceline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("monthly_price__gte", 0),
                    models.Q(
                        models.Q(("amount__gte", 0), ("camera_months__gte", 0)),
                        models.Q(("corrects", ""), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="invoices_line_not_negative",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="corrects",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="received_corrections",
                to="invoices.invoice",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="document",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="invoices.invoice",
            ),
        ),
        migrations.AddField(
            model_name="deferredcorrection",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="requested by",
            ),
        ),
        migrations.AddField(
            model_name="deferredcorrection",
            name="invoice",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deferred_correction",
                to="invoices.invoice",
                verbose_name="invoice",
            ),
        ),
        migrations.AddField(
            model_name="deferredcorrection",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="deferredcorrectionevent",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="requested by",
            ),
        ),
        migrations.AddField(
            model_name="deferredcorrectionevent",
            name="invoice",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="invoices.invoice",
                verbose_name="invoice",
            ),
        ),
        migrations.AddField(
            model_name="deferredcorrectionevent",
            name="organization",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="deferredcorrectionevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="invoices.deferredcorrection",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(
                fields=("document", "corrects"), name="invoices_correction_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stands_alone", True)),
                fields=("document",),
                name="invoices_correction_stands_alone",
            ),
        ),
        migrations.AddIndex(
            model_name="deferredcorrectionevent",
            index=models.Index(fields=["invoice"], name="invoices_de_invoice_eeca35_idx"),
        ),
        migrations.RunSQL(
            read_sql(__file__, "0021_corrections.sql"),
            read_sql(__file__, "0021_corrections_back.sql"),
        ),
    ]
