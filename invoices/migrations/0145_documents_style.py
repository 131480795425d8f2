"""Keep how documents look: what the provider chose, and what each document was issued with."""

import django.db.models.deletion
import pghistory.utils
from django.db import migrations, models

import invoices.provider.models
from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0130_einvoices"),
    ]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="style",
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.CreateModel(
            name="Design",
            fields=[
                (
                    "provider",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="invoices.provider",
                        verbose_name="provider",
                    ),
                ),
                (
                    "logo",
                    models.CharField(
                        choices=[("left", "left"), ("centre", "centre"), ("right", "right")],
                        default="left",
                        max_length=6,
                        verbose_name="logo position",
                    ),
                ),
                (
                    "accent",
                    models.CharField(default="#182433", max_length=7, verbose_name="accent colour"),
                ),
                (
                    "ink",
                    models.CharField(default="#182433", max_length=7, verbose_name="text colour"),
                ),
                (
                    "font",
                    models.CharField(
                        choices=invoices.provider.models.font_choices,
                        default="Noto Sans",
                        max_length=50,
                        verbose_name="font",
                    ),
                ),
                (
                    "footer",
                    models.CharField(
                        choices=[("left", "left"), ("centre", "centre"), ("right", "right")],
                        default="left",
                        max_length=6,
                        verbose_name="footer position",
                    ),
                ),
                (
                    "numbers_pages",
                    models.BooleanField(default=True, verbose_name="number the pages"),
                ),
            ],
            options={
                "verbose_name": "design of documents",
                "verbose_name_plural": "design of documents",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accent__regex", "^#[0-9a-f]{6}$"), ("ink__regex", "^#[0-9a-f]{6}$")
                        ),
                        name="invoices_design_colours",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("footer__in", ["left", "centre", "right"]),
                            ("logo__in", ["left", "centre", "right"]),
                        ),
                        name="invoices_design_places",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DesignEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                (
                    "logo",
                    models.CharField(
                        choices=[("left", "left"), ("centre", "centre"), ("right", "right")],
                        default="left",
                        max_length=6,
                        verbose_name="logo position",
                    ),
                ),
                (
                    "accent",
                    models.CharField(default="#182433", max_length=7, verbose_name="accent colour"),
                ),
                (
                    "ink",
                    models.CharField(default="#182433", max_length=7, verbose_name="text colour"),
                ),
                (
                    "font",
                    models.CharField(
                        choices=invoices.provider.models.font_choices,
                        default="Noto Sans",
                        max_length=50,
                        verbose_name="font",
                    ),
                ),
                (
                    "footer",
                    models.CharField(
                        choices=[("left", "left"), ("centre", "centre"), ("right", "right")],
                        default="left",
                        max_length=6,
                        verbose_name="footer position",
                    ),
                ),
                (
                    "numbers_pages",
                    models.BooleanField(default=True, verbose_name="number the pages"),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="invoices.design",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        serialize=False,
                        to="invoices.provider",
                        verbose_name="provider",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        create_functions(__file__, "0145_design_audit.sql"),
    ]
