"""Store which organizations runs for a month leave out, with their events."""

import django.db.models.deletion
import pghistory.utils
from django.db import migrations, models

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0051_numbers_of_a_day"),
        ("organizations", "0011_time_zones"),
    ]

    operations = [
        migrations.CreateModel(
            name="RunExclusion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="run_exclusions",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "exclusion from an invoice run",
                "verbose_name_plural": "exclusions from invoice runs",
            },
        ),
        migrations.CreateModel(
            name="RunExclusionEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("month", models.DateField(verbose_name="month")),
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
                        to="invoices.runexclusion",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="runexclusion",
            constraint=models.UniqueConstraint(
                fields=("organization", "month"), name="invoices_run_exclusion_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="runexclusion",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)),
                name="invoices_run_exclusion_of_a_whole_month",
            ),
        ),
        migrations.AddIndex(
            model_name="runexclusionevent",
            index=models.Index(fields=["organization"], name="invoices_ru_organiz_9b5705_idx"),
        ),
        create_functions(__file__, "0052_run_exclusions.sql"),
    ]
